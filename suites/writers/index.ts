/** The registry of writers. A user's own needs no entry: `--writer ./library.so` or `--writer 'command {target}'`. */
import type { WriterSpec } from '../types.js';
import { parquet } from './parquet.js';
import { tpchgenCli } from './tpchgen-cli.js';

export const WRITERS: readonly WriterSpec[] = [parquet, tpchgenCli];
