import { fields } from '../fields.js';
import type { TableSpec } from '../types.js';
import { orders } from './orders.js';

const MODULUS = 2 ** 31 - 1;

/**
 * Lines of all orders at a scale. An order has 1 + ⌊7·s ÷ (2³¹ − 1)⌋ lines, s ← 16807·s mod (2³¹ − 1): one draw an order
 * of dbgen's stream, whose first seed is 1434868289 (TPC, dbgen/rnd.h). Products stay below 2⁴⁶, exact in a double.
 */
export function lineitemRows(scale: number): number {
  let seed = 1_434_868_289;
  let lines = 0;
  for (let order = orders.rows(scale); order > 0; order -= 1) {
    seed = (seed * 16_807) % MODULUS;
    lines += 1 + Math.floor((7 * seed) / MODULUS);
  }
  return lines;
}

export const lineitem: TableSpec = {
  name: 'lineitem',
  about: 'TPC-H: lines of orders, about 6,000,000 a unit of scale',
  fields: fields({
    l_orderkey: 'key',
    l_partkey: 'key',
    l_suppkey: 'key',
    l_linenumber: 'integer',
    l_quantity: 'money',
    l_extendedprice: 'money',
    l_discount: 'money',
    l_tax: 'money',
    l_returnflag: 'text',
    l_linestatus: 'text',
    l_shipdate: 'date',
    l_commitdate: 'date',
    l_receiptdate: 'date',
    l_shipinstruct: 'text',
    l_shipmode: 'text',
    l_comment: 'text',
  }),
  rows: lineitemRows,
  roughRows: (scale) => Math.ceil(4.01 * orders.rows(scale)),
  bytesPerRow: 169,
};
