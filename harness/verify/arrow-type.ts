/** Names of Arrow types as trees. The spelling is that of native/engine/schema. */

export interface ArrowField {
  readonly name: string;
  readonly type: ArrowType;
  readonly nullable: boolean;
}

const LISTS = ['list', 'large_list', 'list_view', 'large_list_view', 'fixed_size_list'] as const;

export type ArrowType =
  /** `timestamp[us, UTC]` has the base `timestamp` and the arguments `us` and `UTC`. */
  | { readonly kind: 'leaf'; readonly base: string; readonly args: readonly string[] }
  | {
      readonly kind: 'list';
      readonly base: (typeof LISTS)[number];
      readonly item: ArrowField;
      readonly size: number | null;
    }
  | { readonly kind: 'struct'; readonly fields: readonly ArrowField[] }
  | { readonly kind: 'map'; readonly entries: ArrowField; readonly isSorted: boolean }
  | { readonly kind: 'dictionary'; readonly keys: ArrowType; readonly values: ArrowType }
  | { readonly kind: 'run_end_encoded'; readonly ends: ArrowField; readonly values: ArrowField };

export type ArrowLeaf = Extract<ArrowType, { readonly kind: 'leaf' }>;

class Rest {
  #place = 0;
  readonly #name: string;

  public constructor(name: string) {
    this.#name = name;
  }

  public fail(): never {
    throw new Error(`${JSON.stringify(this.#name)} names no Arrow type: stopped at position ${this.#place}`);
  }

  public takes(text: string): boolean {
    if (!this.#name.startsWith(text, this.#place)) return false;
    this.#place += text.length;
    return true;
  }

  public take(text: string): void {
    if (!this.takes(text)) this.fail();
  }

  public match(pattern: RegExp): string {
    const sticky = new RegExp(pattern, 'y');
    sticky.lastIndex = this.#place;
    const found = sticky.exec(this.#name)?.[0] ?? this.fail();
    this.#place += found.length;
    return found;
  }

  public end(): void {
    if (this.#place !== this.#name.length) this.fail();
  }
}

function fieldName(rest: Rest): string {
  const text = rest.match(/"(?:[^"\\]|\\.)*"|[A-Za-z0-9_]+/);
  return text.startsWith('"') ? text.slice(1, -1).replaceAll(/\\(.)/g, '$1') : text;
}

function field(rest: Rest): ArrowField {
  const name = fieldName(rest);
  rest.take(': ');
  const type = anyType(rest);
  return { name, type, nullable: !rest.takes(' not null') };
}

function struct(rest: Rest): ArrowType {
  const fields: ArrowField[] = [];
  while (!rest.takes('>')) {
    if (fields.length > 0) rest.take(', ');
    fields.push(field(rest));
  }
  return { kind: 'struct', fields };
}

function leaf(base: string, rest: Rest): ArrowLeaf {
  const opened = rest.takes('(') ? ')' : rest.takes('[') ? ']' : null;
  if (opened === null) return { kind: 'leaf', base, args: [] };
  const args = rest.match(/[^\])]*/).split(', ');
  rest.take(opened);
  return { kind: 'leaf', base, args };
}

function anyType(rest: Rest): ArrowType {
  const base = rest.match(/[a-z0-9_]+/);
  const list = LISTS.find((one) => one === base);
  if (list !== undefined) {
    rest.take('<');
    const item = field(rest);
    const size = list === 'fixed_size_list' && rest.takes(', ') ? Number(rest.match(/\d+/)) : null;
    rest.take('>');
    return { kind: 'list', base: list, item, size };
  }
  if (base === 'struct') {
    rest.take('<');
    return struct(rest);
  }
  if (base === 'map') {
    rest.take('<');
    const entries = field(rest);
    const isSorted = rest.takes(', sorted');
    rest.take('>');
    return { kind: 'map', entries, isSorted };
  }
  if (base === 'dictionary' || base === 'run_end_encoded') {
    rest.take('<');
    const isDictionary = base === 'dictionary';
    const first = isDictionary ? anyType(rest) : field(rest);
    rest.take(', ');
    const second = isDictionary ? anyType(rest) : field(rest);
    rest.take('>');
    if ('name' in first && 'name' in second) return { kind: 'run_end_encoded', ends: first, values: second };
    if ('kind' in first && 'kind' in second) return { kind: 'dictionary', keys: first, values: second };
  }
  return leaf(base, rest);
}

/** The tree of a name; throws where it is no type's. Unions are leaves to nobody here and fail. */
export function parseArrowType(name: string): ArrowType {
  const rest = new Rest(name);
  const type = anyType(rest);
  rest.end();
  return type;
}

/** Whether a name is one of Arrow's types that have a tree here. */
export function isArrowType(name: string): boolean {
  try {
    parseArrowType(name);
    return true;
  } catch {
    return false;
  }
}

const quoted = (name: string): string =>
  /^[A-Za-z0-9_]+$/.test(name) ? name : `"${name.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

const fieldText = ({ name, type, nullable }: ArrowField): string =>
  `${quoted(name)}: ${arrowTypeName(type)}${nullable ? '' : ' not null'}`;

/** The name of a tree. */
export function arrowTypeName(type: ArrowType): string {
  switch (type.kind) {
    case 'leaf':
      if (type.args.length === 0) return type.base;
      return /^(decimal|fixed_size_binary)/.test(type.base)
        ? `${type.base}(${type.args.join(', ')})`
        : `${type.base}[${type.args.join(', ')}]`;
    case 'list':
      return `${type.base}<${fieldText(type.item)}${type.size === null ? '' : `, ${type.size}`}>`;
    case 'struct':
      return `struct<${type.fields.map(fieldText).join(', ')}>`;
    case 'map':
      return `map<${fieldText(type.entries)}${type.isSorted ? ', sorted' : ''}>`;
    case 'dictionary':
      return `dictionary<${arrowTypeName(type.keys)}, ${arrowTypeName(type.values)}>`;
    case 'run_end_encoded':
      return `run_end_encoded<${fieldText(type.ends)}, ${fieldText(type.values)}>`;
  }
}

/** What is left when dictionaries and run ends, which are layout, are taken away. */
export function valueType(type: ArrowType): Exclude<ArrowType, { readonly kind: 'dictionary' | 'run_end_encoded' }> {
  if (type.kind === 'dictionary') return valueType(type.values);
  if (type.kind === 'run_end_encoded') return valueType(type.values.type);
  return type;
}

/** Whether a type or one inside of it, at any depth, is one of those. */
export function someType(type: ArrowType, wanted: (type: ArrowType) => boolean): boolean {
  if (wanted(type)) return true;
  switch (type.kind) {
    case 'leaf':
      return false;
    case 'list':
      return someType(type.item.type, wanted);
    case 'struct':
      return type.fields.some((child) => someType(child.type, wanted));
    case 'map':
      return someType(type.entries.type, wanted);
    case 'dictionary':
      return someType(type.values, wanted);
    case 'run_end_encoded':
      return someType(type.values.type, wanted);
  }
}
