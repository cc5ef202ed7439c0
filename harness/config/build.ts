/** Runs the build command of a configured writer. */

import { spawn } from 'node:child_process';
import path from 'node:path';
import { Misuse } from '../misuse.js';
import { PACKAGE_ROOT } from '../paths.js';

/** Lines of a failed build that its sentence ends with. */
const SHOWN_LINES = 5;
const KEPT_CHARACTERS = 8192;

/** Where writeproof.h lies, for build commands. */
const INCLUDE = path.join(PACKAGE_ROOT, 'native', 'include');

const done = new Map<string, Promise<void>>();

async function run(writer: string, command: string, folder: string, tell: (text: string) => void): Promise<void> {
  tell(`building ${writer}: ${command}\n`);
  const env = { ...process.env, WRITEPROOF_INCLUDE: INCLUDE };
  const child = spawn('sh', ['-c', command], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let tail = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      tell(text);
      tail = `${tail}${text}`.slice(-KEPT_CHARACTERS);
    });
  }
  const ending = await new Promise<string>((resolve) => {
    child.once('error', (error) => {
      resolve(`could not be started: ${error.message}`);
    });
    child.once('close', (code, signal) => {
      resolve(code === 0 ? '' : signal === null ? `exited with status ${String(code)}` : `was ended by ${signal}`);
    });
  });
  if (ending === '') return;
  const lines = tail.trimEnd().split('\n').slice(-SHOWN_LINES).join('\n');
  throw new Misuse(
    `The build of writer ${writer}, "${command}", ${ending}${lines === '' ? ' and printed nothing' : `; it ends:\n${lines}`}`,
  );
}

/** Runs the command once in this process, however often it is asked for. What it prints is told as it comes. */
export async function buildOnce(
  writer: string,
  command: string,
  folder: string,
  tell: (text: string) => void,
): Promise<void> {
  const key = `${folder}\0${writer}`;
  const building = done.get(key) ?? run(writer, command, folder, tell);
  done.set(key, building);
  return building;
}
