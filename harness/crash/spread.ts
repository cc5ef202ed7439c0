/** Which of many calls are tried, and how trials are run beside each other. */

/** Every one of the first; beyond them so many more, evenly to the last. */
const EVERY_ONE_OF_THE_FIRST = 50;
const FURTHER = 10;

/** Numbers from 1 to `count`: all of them where they are few; at most `most`, the first and the last among them. */
export function spreadOf(count: number, most = Infinity): readonly number[] {
  const first = Math.min(count, EVERY_ONE_OF_THE_FIRST);
  const all = Array.from({ length: first }, (_, index) => index + 1);
  for (let step = 1; step <= FURTHER; step += 1) all.push(first + Math.round(((count - first) * step) / FURTHER));
  const unique = [...new Set(all)].filter((number) => number > 0);
  if (unique.length <= most) return unique;
  const chosen = Array.from({ length: most }, (_, index) =>
    unique.at(Math.round((index * (unique.length - 1)) / Math.max(1, most - 1))),
  );
  return [...new Set(chosen)].flatMap((number) => number ?? []);
}

/** Trials at once: each is a worker or a verify process that computes. */
export const AT_ONCE = 2;

/** Runs all, some at once; results in order. Stops at the first failure, and once the signal is given. */
export async function sideBySide<Item, Result>(
  items: readonly Item[],
  signal: AbortSignal,
  run: (item: Item, index: number) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length && !signal.aborted) {
      const index = next;
      next += 1;
      results[index] = await run(items[index] as Item, index);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return results;
}
