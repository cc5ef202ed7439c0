/**
 * A writer as a command that misbehaves as its second argument asks: it reads an Arrow stream from stdin and writes it as the
 * worked example in JavaScript does. `honest` is the control.
 */
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as arrow from 'apache-arrow';
import writer from '../examples/javascript/write.mjs';

const [target, mode = 'honest'] = process.argv.slice(2);

/** @param {string} path */
async function store(path) {
  const reader = await arrow.RecordBatchReader.from(process.stdin);
  await reader.open();
  const nonce = reader.schema.metadata.get('writeproof.nonce') ?? '';
  const open = await writer.create({ target: path, schema: reader.schema, nonce, options: {}, arrow });
  for await (const batch of reader) await open.write(batch);
  await open.close();
}

/** A process of its own session, so that only who looks at all descendants finds it. */
function inBackground() {
  spawn(process.execPath, ['-e', 'setTimeout(() => {}, 600_000)'], { detached: true, stdio: 'ignore' }).unref();
}

/** A process that holds the input open and reads nothing of it. */
function passInputOn() {
  spawn('sleep', ['600'], { detached: true, stdio: ['inherit', 'ignore', 'ignore'] }).unref();
}

switch (mode) {
  case 'honest':
    await store(target);
    break;
  case 'print':
    for (let line = 0; line < 4096; line += 1) {
      for (const descriptor of [1, 2]) writeSync(descriptor, `${'#'.repeat(1023)}\n`);
    }
    await store(target);
    break;
  case 'ignore':
    break;
  case 'pass-on':
    passInputOn();
    break;
  case 'early':
    await new Promise((resolve) => process.stdin.once('data', resolve));
    process.stdin.destroy();
    break;
  case 'elsewhere':
    await store(join(dirname(target), 'elsewhere.parquet'));
    break;
  case 'second-file':
    await store(target);
    copyFileSync(target, `${target}.bak`);
    break;
  case 'make-folders':
    mkdirSync(dirname(target), { recursive: true });
    await store(target);
    break;
  case 'remove-folder':
    await store(target);
    rmSync(dirname(target), { recursive: true });
    break;
  case 'never-end':
    setTimeout(() => {}, 600_000);
    break;
  case 'background':
    await store(target);
    inBackground();
    break;
  default:
    throw new Error(`there is no mode ${mode}`);
}
