import { EXIT } from '../exit-code.js';
import { parseBytes, parseCount, parseRatio, parseSwitch } from '../plan/values.js';
import { readAndValidate } from '../raw/files.js';
import { isRight, type ValidateOptions, type Validation } from '../raw/types.js';
import { examples, exitWith, type AddCommand } from './command.js';
import { printDocument } from './output.js';
import { filesWatcher, interruptibly, printValidation } from './raw-files.js';

interface Flags {
  readonly size?: number;
  readonly seed?: number;
  readonly dedupRatio?: number;
  readonly compressRatio?: number;
  readonly direct?: boolean;
  readonly bufferSize?: number;
  readonly threads?: number;
  readonly extents?: number;
  readonly json?: true;
  readonly quiet?: true;
}

async function validateFiles(paths: readonly string[], flags: Flags): Promise<void> {
  const { json, quiet, extents, ...given } = flags;
  const options: Partial<ValidateOptions> = { ...given, ...(extents === undefined ? {} : { mostExtents: extents }) };
  const watch = filesWatcher(quiet ?? false);
  await interruptibly(async (signal) => {
    const found: { readonly path: string; readonly right: boolean; readonly validation: Validation }[] = [];
    for (const path of paths) {
      const onProgress = watch.start(`reading ${path}`, given.size ?? null);
      const validation = await readAndValidate(path, options, { signal, onProgress }).finally(watch.end);
      found.push({ path, right: isRight(validation), validation });
      if (json !== true) printValidation(path, validation);
    }
    if (json === true) printDocument('writeproof.read-and-validate.v1', found);
    if (!found.every(({ right }) => right)) exitWith(EXIT.integrity);
  });
}

export const addReadAndValidate: AddCommand = (program) => {
  program
    .command('read-and-validate')
    .argument('<paths...>', 'files that write-file wrote')
    .description('prove every byte of files of raw bytes, read from the disk; what is not given, their own blocks say')
    .option('--size <size>', 'that each must have', (text) => parseBytes('--size', text))
    .option('--seed <n>', 'that its bytes are made from', (text) => parseCount('--seed', text, 0))
    .option('--dedup-ratio <ratio>', 'that it was written with', (text) => parseRatio('--dedup-ratio', text))
    .option('--compress-ratio <ratio>', 'that it was written with', (text) => parseRatio('--compress-ratio', text))
    .option(
      '--direct <on|off>',
      'O_DIRECT; off: its pages are dropped first (default: on, where there is one)',
      (text) => parseSwitch('--direct', text),
    )
    .option('--buffer-size <size>', 'of one read (default: 4MiB)', (text) => parseBytes('--buffer-size', text))
    .option('--threads <n>', 'that read and compare (default: two a processor)', (text) =>
      parseCount('--threads', text, 1),
    )
    .option('--extents <n>', 'bad extents that are named (default: 8)', (text) => parseCount('--extents', text, 1))
    .option('--json', 'one JSON document on stdout')
    .option('--quiet', 'no progress on stderr')
    .addHelpText('after', examples(['read-and-validate x.bin', 'read-and-validate x.bin --seed 42 --size 8GiB']))
    .action(validateFiles);
};
