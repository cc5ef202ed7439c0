/** The files of which one place after the other is damaged. */

import { statSync } from 'node:fs';
import path from 'node:path';
import { arrow } from '../../suites/writers/arrow.js';
import { parquet } from '../../suites/writers/parquet.js';
import { arrowPlaces, damagesAt, parquetPlaces } from './places.js';
import { specimenOf, type Damage, type Specimen } from './specimen.js';

export interface Subject {
  readonly specimen: Specimen;
  /** Files of the target. */
  readonly files: readonly string[];
  /** Places where something begins or ends, and all damages there. */
  readonly places: number;
  readonly atPlaces: readonly Damage[];
}

async function ofFile(specimen: Specimen, placesOf: typeof parquetPlaces): Promise<Subject> {
  const file = path.join(specimen.directory, specimen.name);
  const places = await placesOf(file);
  const atPlaces = damagesAt(specimen.name, places, statSync(file).size);
  return { specimen, files: [specimen.name], places: places.length, atPlaces };
}

export const SUBJECTS: Readonly<{ [format in 'parquet' | 'arrow']: () => Promise<Subject> }> = {
  parquet: async () =>
    ofFile(await specimenOf(parquet, { rowGroupRows: 20, statistics: 'page', dictionary: 'auto' }), parquetPlaces),
  arrow: async () => ofFile(await specimenOf(arrow, { compression: 'none' }), arrowPlaces),
};
