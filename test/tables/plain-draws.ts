/** The draws of a cell, as native/engine/TYPES.md has them. */

const GOLDEN = 0x9e3779b97f4a7c15n;
const SEED = 42n;

export function u64(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}

export function mix(value: bigint): bigint {
  let x = value;
  x ^= x >> 30n;
  x = u64(x * 0xbf58476d1ce4e5b9n);
  x ^= x >> 27n;
  x = u64(x * 0x94d049bb133111ebn);
  return x ^ (x >> 31n);
}

export class Draws {
  readonly row: bigint;
  private state: bigint;

  constructor(column: number, row: number) {
    this.row = BigInt(row);
    this.state = mix(u64(mix(u64(SEED + BigInt(column + 1) * GOLDEN)) + (this.row + 1n) * GOLDEN));
  }

  next(): bigint {
    this.state = u64(this.state + GOLDEN);
    return mix(this.state);
  }

  below(bound: number): number {
    return Number(this.next() % BigInt(bound));
  }

  choice(list: readonly bigint[], otherwise: () => bigint): bigint {
    const draw = this.next();
    return draw % 2n === 1n ? (list[Number((draw / 2n) % BigInt(list.length))] ?? 0n) : otherwise();
  }
}
