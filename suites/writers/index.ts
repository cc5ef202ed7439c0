/** The registry of writers. A user's own needs no entry: `--writer ./library.so` or `--writer 'command {target}'`. */
import type { WriterSpec } from '../types.js';
import { apacheArrow } from './apache-arrow.js';
import { arrow } from './arrow.js';
import { lance } from './lance.js';
import { parquet } from './parquet.js';
import { parquetWasm } from './parquet-wasm.js';
import { pylance } from './pylance.js';
import { RAW_ARMS } from './raw-arms.js';
import { raw } from './raw.js';
import { tpchgenCli } from './tpchgen-cli.js';

export const WRITERS: readonly WriterSpec[] = [
  parquet,
  arrow,
  lance,
  tpchgenCli,
  pylance,
  apacheArrow,
  parquetWasm,
  raw,
  ...RAW_ARMS,
];
