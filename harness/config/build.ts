/** Runs the build command of a configured writer. */

import path from 'node:path';
import { Misuse } from '../misuse.js';
import { PACKAGE_ROOT } from '../paths.js';
import { runTold } from './told.js';

/** Lines of a failed build that its sentence ends with. */
const SHOWN_LINES = 5;

/** Where writeproof.h lies, for build commands. */
const INCLUDE = path.join(PACKAGE_ROOT, 'native', 'include');

const done = new Map<string, Promise<void>>();

async function run(writer: string, command: string, folder: string, tell: (text: string) => void): Promise<void> {
  tell(`building ${writer}: ${command}\n`);
  const env = { ...process.env, WRITEPROOF_INCLUDE: INCLUDE };
  const { code, signal, error, lastLines } = await runTold(['sh', '-c', command], { cwd: folder, env }, tell);
  if (code === 0) return;
  const status = signal === null ? `exited with status ${String(code)}` : `was ended by ${signal}`;
  const ending = error === null ? status : `could not be started: ${error}`;
  const lines = lastLines(SHOWN_LINES);
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
