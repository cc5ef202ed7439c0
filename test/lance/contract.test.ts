/** Lance keeps the contract of every writer, and its files are named by its manifest. */

import { lance } from '../../suites/writers/lance.js';
import { holdToContract } from '../contract.js';

holdToContract(lance);
