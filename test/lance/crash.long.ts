import { testWhole } from '../crash/whole.js';

testWhole('lance', true);
