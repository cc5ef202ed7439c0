import { randomInt } from 'node:crypto';
import { bytesText, countText } from '../../reports/format.js';
import { EXIT } from '../exit-code.js';
import { Misuse } from '../misuse.js';
import { parseBytes, parseCount, parseRatio, parseSwitch } from '../plan/values.js';
import { readAndValidate, WRITE_DEFAULTS, writeFile } from '../raw/files.js';
import { isRight, type Validation, type WriteFileOptions, type WrittenFile } from '../raw/types.js';
import { examples, exitWith, type AddCommand } from './command.js';
import { paint, print, printDocument, say } from './output.js';
import { allOf, filesWatcher, interruptibly, printSpeed, printValidation, together, wayText } from './raw-files.js';

interface Flags extends Partial<Omit<WriteFileOptions, 'size'>> {
  readonly size?: number;
  readonly validate: boolean;
  readonly json?: true;
  readonly quiet?: true;
}

/** Seeds are numbers of JSON, and short enough to be typed. */
const LARGEST_SEED = 2 ** 47;

interface Done {
  readonly path: string;
  readonly seed: number;
  readonly written: WrittenFile;
  readonly validation: Validation | null;
}

function printDone({ path, seed, written, validation }: Done): void {
  for (const note of written.notes) print(paint.yellow(note));
  print(`${path}: ${countText(written.bytes)} bytes from seed ${seed}; ${wayText(written)}`);
  if (validation === null) {
    print(
      paint.dim(
        `not proved, so without a speed: writeproof read-and-validate ${path} --seed ${seed} --size ${written.bytes}`,
      ),
    );
    return;
  }
  if (printValidation(path, validation)) printSpeed(written);
}

async function writeFiles(paths: readonly string[], flags: Flags): Promise<void> {
  const { size, seed = randomInt(LARGEST_SEED), validate, json, quiet, ...options } = flags;
  if (size === undefined) throw new Misuse('write-file needs --size, such as --size 1GiB.');
  const watch = filesWatcher(quiet ?? false);
  await interruptibly(async (signal) => {
    // Each file has a content of its own.
    const files = paths.map((path, index) => ({ path, seed: seed + index }));
    const onWritten = together(
      files.length,
      watch.start(`writing ${bytesText(size * files.length)}`, size * files.length),
    );
    const written = await allOf(
      files.map(async ({ path, seed: own }, index) =>
        writeFile(path, { ...options, size, seed: own }, { signal, onProgress: onWritten[index] }),
      ),
    ).finally(watch.end);
    const done: Done[] = [];
    for (const [index, { path, seed: own }] of files.entries()) {
      const one = written[index];
      if (one === undefined) continue;
      const { dedupRatio, compressRatio } = { ...WRITE_DEFAULTS, ...options };
      const expected = { size, seed: own, dedupRatio, compressRatio };
      const onProgress = validate ? watch.start(`reading ${path}`, size) : undefined;
      const validation = validate
        ? await readAndValidate(path, expected, { signal, onProgress }).finally(watch.end)
        : null;
      done.push({ path, seed: own, written: one, validation });
    }
    if (json === true) printDocument('writeproof.write-file.v1', done);
    else done.forEach(printDone);
    if (done.some(({ validation }) => validation !== null && !isRight(validation))) exitWith(EXIT.integrity);
    if (quiet !== true && !validate) say('Nothing was read back.');
  });
}

export const addWriteFile: AddCommand = (program) => {
  program
    .command('write-file')
    .argument('<paths...>', 'files to write, all of them at once')
    .description('fill files at what the device gives, from a fixed pool of buffers, and prove every byte')
    .option('--size <size>', 'of each file, such as 8GiB', (text) => parseBytes('--size', text))
    .option('--seed <n>', 'that the bytes are made from; each further file has the next (default: drawn)', (text) =>
      parseCount('--seed', text, 0),
    )
    .option('--buffer-size <size>', 'of one buffer and one write (default: 8MiB)', (text) =>
      parseBytes('--buffer-size', text),
    )
    .option('--buffer-count <n>', 'buffers of the pool (default: 8)', (text) => parseCount('--buffer-count', text, 1))
    .option('--round-buffer', 'round the buffer size up to a multiple of 4096')
    .option('--direct <on|off>', 'O_DIRECT (default: on)', (text) => parseSwitch('--direct', text))
    .option('--io-uring <on|off>', 'where the kernel gives it, else pwrite, which is said (default: on)', (text) =>
      parseSwitch('--io-uring', text),
    )
    .option('--dedup-ratio <ratio>', 'blocks to different blocks (default: 1)', (text) =>
      parseRatio('--dedup-ratio', text),
    )
    .option('--compress-ratio <ratio>', 'bytes to bytes that are random (default: 1)', (text) =>
      parseRatio('--compress-ratio', text),
    )
    .option('--threads <n>', 'threads that make the bytes (default: one a processor)', (text) =>
      parseCount('--threads', text, 1),
    )
    .option('--preallocate <on|off>', 'reserve the space first (default: on)', (text) =>
      parseSwitch('--preallocate', text),
    )
    .option('--overwrite', 'replace files that exist, once the new ones are whole')
    .option('--keep-partial', 'keep what was written before a failure or Ctrl-C')
    .option('--no-validate', 'do not read back; then no speed is shown')
    .option('--json', 'one JSON document on stdout')
    .option('--quiet', 'no progress on stderr')
    .addHelpText(
      'after',
      examples([
        'write-file x.bin --size 8GiB',
        'write-file a.bin b.bin --size 1GiB --compress-ratio 2',
        'write-file x.bin --size 1TiB --no-validate',
      ]),
    )
    .action(writeFiles);
};
