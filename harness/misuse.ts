/** Wrong input or a tool that cannot work: one sentence for the user, no stack. Exit code 1. */
export class Misuse extends Error {
  override readonly name = 'Misuse';
}

/** The text of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
