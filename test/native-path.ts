import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Path of a file that the native build left: WRITEPROOF_NATIVE_DIR, or native/build of the repository (tests run from its root, compiled to dist/test). */
export function nativePath(name: string): string {
  const directory = process.env['WRITEPROOF_NATIVE_DIR'] ?? join(import.meta.dirname, '..', '..', 'native', 'build');
  const path = join(directory, name);
  if (!existsSync(path)) {
    throw new Error(
      `${path} does not exist: build the native part first (npm run setup), or set WRITEPROOF_NATIVE_DIR`,
    );
  }
  return path;
}
