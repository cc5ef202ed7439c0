/** The registry of tables, small ones first. */
import type { TableSpec } from '../types.js';
import { coreTypes } from './core-types.js';
import { customer } from './customer.js';
import { lineitem } from './lineitem.js';
import { nation } from './nation.js';
import { orders } from './orders.js';
import { part } from './part.js';
import { partsupp } from './partsupp.js';
import { pattern } from './pattern.js';
import { raw } from './raw.js';
import { region } from './region.js';
import { supplier } from './supplier.js';
import { types } from './types.js';

/** The tables of TPC-H. */
export const TPCH: readonly TableSpec[] = [region, nation, supplier, customer, part, partsupp, orders, lineitem];

export const TABLES: readonly TableSpec[] = [...TPCH, types, coreTypes, raw, pattern];
