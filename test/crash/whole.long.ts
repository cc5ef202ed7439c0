import { testWhole } from './whole.js';

testWhole('parquet', true);
testWhole('arrow', true);
testWhole('apache-arrow', false);
testWhole('parquet-wasm', false);
