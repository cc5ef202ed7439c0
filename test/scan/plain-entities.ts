/** The rows of native/entity-store/ENTITIES.md once more, by nothing but that page: no code is shared with what makes them. */

export type Value = bigint | number | boolean | string | null;

interface Column {
  readonly name: string;
  readonly type: string;
  /** One value of so many is null; 0: none. */
  readonly nullIn: bigint;
  readonly value: (draw: bigint, row: bigint) => Exclude<Value, null>;
}

const MASK = 0xffff_ffff_ffff_ffffn;

/** The first number of SplitMix64 from this state. */
function m(x: bigint): bigint {
  const a = (x + 0x9e3779b97f4a7c15n) & MASK;
  const b = ((a ^ (a >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
  const c = ((b ^ (b >> 27n)) * 0x94d049bb133111ebn) & MASK;
  return c ^ (c >> 31n);
}

const WORDS =
  'amber birch cedar delta ember fjord grove haven inlet jade knoll linen maple north ochre pearl quartz ridge slate thorn umber violet willow xenon yarrow zephyr Zoë Ångström naïve façade 東京 Привет'.split(
    ' ',
  );
const ODD = ['say "hi"', 'back\\slash', 'tab\there', 'two\nlines'];
const at = (list: readonly string[], place: bigint): string => list[Number(place)] ?? '';

function name(draw: bigint): string {
  const plain = `${at(WORDS, draw % 32n)} ${at(WORDS, (draw / 32n) % 32n)} ${(draw / 1024n) % 1000n}`;
  return (draw >> 20n) % 50n === 0n ? `${plain} ${at(ODD, (draw >> 26n) % 4n)}` : plain;
}

const note = (draw: bigint): string =>
  Array.from({ length: Number(4n + (draw % 6n)) }, (_, index) =>
    at(WORDS, (draw >> BigInt(5 * (index + 1))) % 26n),
  ).join(' ');

const narrow = (value: bigint): number => Number(value);

export class Entities {
  readonly #seed: bigint;
  readonly #rows: bigint;
  readonly columns: readonly Column[];

  constructor(rows: number, width: number, seed: number) {
    this.#seed = BigInt(seed);
    this.#rows = BigInt(rows);
    const column = (title: string, type: string, nullIn: number, value: Column['value']): Column => ({
      name: title,
      type,
      nullIn: BigInt(nullIn),
      value,
    });
    const flag = (draw: bigint): boolean => draw % 2n === 1n;
    this.columns = [
      column('id', 'int64', 0, (_, row) => this.#id(row)),
      column('group', 'utf8', 0, (_, row) => this.#group(row)),
      column('name', 'utf8', 16, name),
      column('amount', 'float64', 10, (draw) => (Number(draw % 2n ** 24n) - 2 ** 23) / 8),
      column('quantity', 'int32', 0, (draw) => narrow((draw % 2000n) - 1000n)),
      column('active', 'bool', 7, flag),
      column(
        'created',
        'timestamp[us, UTC]',
        0,
        (draw, row) => 1_600_000_000_000_000n + row * 1_000_000n + (draw % 1_000_000n),
      ),
      column('day', 'date32', 12, (draw) => narrow(18_000n + (draw % 3_650n))),
      column('category', 'utf8', 0, (draw) =>
        at(['book', 'music', 'garden', 'kitchen', 'travel', 'sport', 'office', 'pet'], draw % 8n),
      ),
      column('count', 'int64', 5, (draw) => (draw % 2n ** 53n) - 2n ** 52n),
      column('note', 'utf8', 3, note),
      column('price', 'float64', 0, (draw) => Number(draw % 1_000_000n) / 4),
      column('weight', 'float64', 9, (draw) => Number(draw % 2n ** 20n) / 64),
      column('rank', 'int32', 20, (draw) => narrow(BigInt.asIntN(32, draw))),
      column('score', 'int64', 0, (draw) => draw % 1_000_000_000_000n),
      column('verified', 'bool', 0, flag),
      column('updated', 'timestamp[us, UTC]', 4, (draw) => 1_600_000_000_000_000n + (draw % 100_000_000_000_000n)),
      column('due', 'date32', 0, (draw) => narrow(15_000n + (draw % 10_000n))),
      column('region', 'utf8', 8, (draw) => at(['north', 'south', 'east', 'west', 'centre'], draw % 5n)),
      column('code', 'utf8', 0, (draw) => (draw >> 16n).toString(16).padStart(12, '0')),
    ].slice(0, width);
  }

  #base(row: bigint): bigint {
    return m(this.#seed ^ m(row));
  }

  #id(row: bigint): bigint {
    return row * 1000n + (m(this.#base(row)) % 1000n);
  }

  #group(row: bigint): string {
    return `g${((row * 64n) / this.#rows).toString().padStart(2, '0')}`;
  }

  isDeleted(row: number): boolean {
    const index = BigInt(row);
    return index === m(this.#seed) % 10n || m((this.#base(index) + 128n) & MASK) % 20n === 0n;
  }

  /** Null or not, of one column by its place. */
  value(row: number, place: number): Value {
    const column = this.columns[place];
    if (column === undefined) throw new RangeError(`no column ${place}`);
    const index = BigInt(row);
    const base = this.#base(index);
    const isNull = column.nullIn > 0n && m((base + 64n + BigInt(place)) & MASK) % column.nullIn === 0n;
    return isNull ? null : column.value(m((base + BigInt(place)) & MASK), index);
  }
}
