/** The lying module under the name and format of `parquet-wasm`. */

import { faultyModule } from './javascript.js';

export default faultyModule('parquet-wasm');
