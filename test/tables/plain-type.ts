/** Columns of native/engine/TYPES.md, read from its table, and their types, read from their names. */
import type { DescribedType } from '../digest/described.js';

export interface PlainChild {
  readonly nullable: boolean;
  readonly type: PlainType;
}

/** `base` is the word in front of what stands in brackets; `args` is that text, and `children` what it says in angle brackets. */
export interface PlainType {
  readonly base: string;
  readonly args: string;
  readonly children: readonly PlainChild[];
  /** Of a fixed size list. */
  readonly size: number;
}

export interface PlainColumn {
  readonly name: string;
  readonly type: PlainType;
  readonly nulls: string;
}

/** `[type, what follows it]`. */
function readType(text: string): readonly [PlainType, string] {
  const base = /^\w+/.exec(text)?.[0] ?? '';
  const rest = text.slice(base.length);
  const args = /^[([]([^)\]]*)[)\]]/.exec(rest);
  if (args !== null) return [{ base, args: args[1] ?? '', children: [], size: 0 }, rest.slice(args[0].length)];
  if (!rest.startsWith('<')) return [{ base, args: '', children: [], size: 0 }, rest];
  const children: PlainChild[] = [];
  let size = 0;
  let left = rest;
  do {
    left = left.slice(left.startsWith('<') ? 1 : 2);
    const count = /^\d+/.exec(left)?.[0];
    if (count !== undefined) {
      size = Number(count);
      left = left.slice(count.length);
      continue;
    }
    const label = /^\w+: /.exec(left)?.[0] ?? '';
    const [type, after] = readType(left.slice(label.length));
    const required = after.startsWith(' not null');
    children.push({ nullable: !required, type });
    left = required ? after.slice(' not null'.length) : after;
  } while (left.startsWith(', '));
  if (!left.startsWith('>')) throw new SyntaxError(`"${text}" does not end as a type does, but with "${left}"`);
  return [{ base, args: '', children, size }, left.slice(1)];
}

export function plainType(name: string): PlainType {
  const [type, rest] = readType(name);
  if (rest !== '') throw new SyntaxError(`"${name}" goes on after its type: "${rest}"`);
  return type;
}

/** Columns in the order of the specification's table. */
export function plainColumns(specification: string): readonly PlainColumn[] {
  const table = specification.split('| name | type | nulls |\n|---|---|---|\n')[1]?.split('\n\n')[0] ?? '';
  return table.split('\n').map((line) => {
    const [, name = '', type = '', nulls = ''] = line.split('|').map((cell) => cell.trim());
    return { name, type: plainType(type), nulls };
  });
}

/** The type as the plain digest has it, which knows no layouts. */
export function described({ base, args, children, size }: PlainType): DescribedType {
  const of = (index: number): DescribedType => {
    const child = children[index];
    if (child === undefined) throw new RangeError(`${base} has no child ${index}`);
    return described(child.type);
  };
  switch (base) {
    case 'list':
    case 'large_list':
      return { list: of(0) };
    case 'fixed_size_list':
      return { fixedSizeList: of(0), size };
    case 'struct':
      return { struct: children.map((_, index) => of(index)) };
    case 'map':
      return { map: entryOf(children).map(({ type }) => described(type)) as [DescribedType, DescribedType] };
    case 'dictionary':
      return of(1);
    case 'decimal128':
    case 'decimal256':
    case 'fixed_size_binary':
    case 'interval':
      return `${base}(${args})`;
    default:
      return base.replace(/^large_|_view$/, '');
  }
}

/** Key and value of a map, whose only child is a struct of both. */
export function entryOf(children: readonly PlainChild[]): readonly PlainChild[] {
  return children[0]?.type.children ?? [];
}
