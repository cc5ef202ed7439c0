/** The dataset of which one place after the other is damaged. */

import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { lance } from '../../suites/writers/lance.js';
import type { Subject } from '../damage/formats.js';
import { damagesAt } from '../damage/places.js';
import { specimenOf } from '../damage/specimen.js';
import { dataFilePlaces, manifestPlaces } from './places.js';

export async function lanceSubject(): Promise<Subject> {
  const specimen = await specimenOf(lance, { rowsPerFile: 20 });
  const inside = (folder: string, end: string): readonly string[] =>
    readdirSync(path.join(specimen.directory, specimen.name, folder))
      .filter((file) => file.endsWith(end))
      .sort()
      .map((file) => path.join(specimen.name, folder, file));
  const [data, manifests] = [inside('data', '.lance'), inside('_versions', '.manifest')];
  const [file, manifest] = [data[0], manifests[0]];
  assert.ok(data.length === 2 && file !== undefined && manifest !== undefined);
  const at = (name: string, placesOf: typeof dataFilePlaces) => {
    const whole = path.join(specimen.directory, name);
    const places = placesOf(whole);
    return { places: places.length, damages: damagesAt(name, places, statSync(whole).size) };
  };
  const [ofData, ofManifest] = [at(file, dataFilePlaces), at(manifest, manifestPlaces)];
  return {
    specimen,
    files: [...data, manifest],
    places: ofData.places + ofManifest.places,
    atPlaces: [...ofData.damages, ...ofManifest.damages],
  };
}
