/** The command line: one file a command, exit codes as harness/exit-code.ts says. */

import { Command, CommanderError } from 'commander';
import { EXIT } from '../exit-code.js';
import { packageJson } from '../machine.js';
import { Misuse } from '../misuse.js';
import { addCache } from './cache.js';
import { addCheckWriter } from './check-writer.js';
import { addClaims } from './claims.js';
import { addCrash } from './crash.js';
import { addDigest } from './digest.js';
import { addBuildStore, addScan } from './entity-store.js';
import { addFaults } from './faults.js';
import { addFacts } from './facts.js';
import { addDoctor } from './doctor.js';
import { addCompare, addGate } from './gate.js';
import { addList } from './list.js';
import { say } from './output.js';
import { addNightly } from './nightly.js';
import { addQuery } from './query.js';
import { addReadAndValidate } from './read-and-validate.js';
import { addReport } from './report.js';
import { addRun } from './run.js';
import { addShow } from './show.js';
import { addVerify } from './verify.js';
import { addWriteFile } from './write-file.js';

const EXIT_CODES = `
Exit codes: 0 pass, 1 misuse or tool error, 2 regression, 3 inconclusive, 4 integrity failure,
5 nothing measured, 130 interrupted.`;

const program = new Command('writeproof')
  .description('Measures how fast and in how much memory columnar data is written, and proves that the data are there.')
  .version(packageJson().version)
  .addHelpText('after', EXIT_CODES)
  .showHelpAfterError('("--help" shows what there is)')
  .exitOverride()
  // Commands inherit what is set before they are added.
  .configureHelp({ showGlobalOptions: false });

for (const add of [
  addRun,
  addList,
  addCheckWriter,
  addVerify,
  addDigest,
  addShow,
  addDoctor,
  addCache,
  addFacts,
  addReport,
  addClaims,
  addCrash,
  addFaults,
  addGate,
  addCompare,
  addNightly,
  addQuery,
  addWriteFile,
  addReadAndValidate,
  addBuildStore,
  addScan,
])
  add(program);

// A reader that has seen enough, such as head, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

try {
  if (process.platform !== 'linux') throw new Misuse(`writeproof measures on Linux; this is ${process.platform}.`);
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? EXIT.pass : EXIT.misuse;
  } else if (error instanceof Misuse) {
    say(error.message);
    process.exitCode = EXIT.misuse;
  } else {
    say(error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.exitCode = EXIT.misuse;
  }
}
