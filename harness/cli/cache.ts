import { bytesText } from '../../reports/format.js';
import { cacheFolder } from '../paths.js';
import { cachedFiles, cacheLimitBytes, cleanCache } from '../run/cache.js';
import { examples, type AddCommand } from './command.js';
import { print, printDocument, printTable } from './output.js';

async function cache(flags: { readonly clean?: true; readonly json?: true }): Promise<void> {
  const folder = cacheFolder();
  if (flags.clean === true) {
    const { files, bytes } = await cleanCache(folder);
    print(
      `Removed ${files} prepared file${files === 1 ? '' : 's'}, ${bytesText(bytes)}, all cached facts, entity stores, and the builds of gates.`,
    );
    return;
  }
  const files = await cachedFiles(folder);
  if (flags.json === true) {
    printDocument('writeproof.cache.v1', files);
    return;
  }
  if (files.length > 0) {
    printTable(
      ['prepared batches', 'size', 'last used'],
      files.map((file) => [file.name, bytesText(file.bytes), new Date(file.usedMs).toISOString()]),
    );
  }
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  print(`${bytesText(total)} of at most ${bytesText(cacheLimitBytes())} in ${folder}`);
}

export const addCache: AddCommand = (program) => {
  program
    .command('cache')
    .description('prepared batches, facts, entity stores and builds of gates: what is kept, and how to be rid of it')
    .option('--clean', 'remove all of it')
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      `${examples(['cache', 'cache --clean'])}\n\nWRITEPROOF_CACHE names another folder, WRITEPROOF_CACHE_LIMIT another limit (such as 50GiB).`,
    )
    .action(cache);
};
