/**
 * A writer as a JavaScript module: Parquet by hyparquet-writer, batch by batch. It holds the types of TPC-H, and create refuses
 * a schema with any other.
 *
 *   npm install hyparquet-writer
 *   npx writeproof check-writer ./write.mjs
 */
import { rm } from 'node:fs/promises';
import { fileWriter, ParquetWriter } from 'hyparquet-writer';

/** Rows after which a row group ends. */
const ROW_GROUP_ROWS = 65_536;

/**
 * An unscaled decimal: little-endian words of 32 bits.
 * @param {ArrayLike<number>} words
 */
function decimal(words) {
  let value = 0n;
  for (let index = words.length - 1; index >= 0; index -= 1) value = (value << 32n) | BigInt(words[index] >>> 0);
  return BigInt.asIntN(words.length * 32, value);
}

/**
 * What Parquet declares of a column, and how values of its vectors become those that hyparquet-writer takes.
 * @param {typeof import('apache-arrow')} arrow
 * @param {import('apache-arrow').Field} field
 */
function columnOf(arrow, { name, type, nullable }) {
  const { DataType, DateUnit } = arrow;
  const element = { name, repetition_type: nullable ? 'OPTIONAL' : 'REQUIRED' };
  if (DataType.isInt(type) && type.isSigned && type.bitWidth === 64) {
    return { element: { ...element, type: 'INT64' }, convert: (value) => value };
  }
  if (DataType.isInt(type) && type.isSigned && type.bitWidth === 32) {
    return { element: { ...element, type: 'INT32' }, convert: (value) => value };
  }
  if (DataType.isDate(type) && type.unit === DateUnit.DAY) {
    const date = { ...element, type: 'INT32', converted_type: 'DATE' };
    return { element: date, convert: (value) => Math.floor(Number(value) / 86_400_000) };
  }
  if (DataType.isDecimal(type) && type.bitWidth === 128 && type.precision <= 18) {
    const { precision, scale } = type;
    return { element: { ...element, type: 'INT64', converted_type: 'DECIMAL', precision, scale }, convert: decimal };
  }
  if (DataType.isUtf8(type)) {
    return { element: { ...element, type: 'BYTE_ARRAY', converted_type: 'UTF8' }, convert: (value) => value };
  }
  throw new Error(`column ${name} is ${type}: expected int32, int64, date32, decimal128 of at most 18 digits, or utf8`);
}

class OpenParquet {
  constructor({ target, columns, nonce, codec }) {
    this.columns = columns;
    this.pending = columns.map(() => []);
    this.rows = 0;
    this.target = target;
    this.parquet = new ParquetWriter({
      writer: fileWriter(target),
      schema: [{ name: 'schema', num_children: columns.length }, ...columns.map(({ element }) => element)],
      codec,
      kvMetadata: [{ key: 'writeproof.nonce', value: nonce }],
    });
  }

  async write(batch) {
    this.columns.forEach(({ convert }, index) => {
      const values = this.pending[index];
      for (const value of batch.getChildAt(index)) values.push(value === null ? null : convert(value));
    });
    this.rows += batch.numRows;
    if (this.rows >= ROW_GROUP_ROWS) await this.flush();
  }

  async flush() {
    if (this.rows === 0) return;
    const columnData = this.columns.map(({ element }, index) => ({ name: element.name, data: this.pending[index] }));
    await this.parquet.write({ columnData, rowGroupSize: this.rows });
    this.pending = this.columns.map(() => []);
    this.rows = 0;
  }

  async close() {
    await this.flush();
    await this.parquet.finish();
  }

  async abort() {
    await rm(this.target, { force: true });
  }
}

/** @type {import('writeproof').WriterModule} */
const writer = {
  name: 'hyparquet-writer',
  format: 'parquet',
  extension: 'parquet',
  variants: ['stream'],
  options: { compression: { default: 'snappy', values: ['snappy', 'none'], help: 'codec of the pages' } },
  async create({ target, schema, nonce, options, arrow }) {
    const columns = schema.fields.map((field) => columnOf(arrow, field));
    const codec = options.compression === 'none' ? 'UNCOMPRESSED' : 'SNAPPY';
    return new OpenParquet({ target, columns, nonce, codec });
  },
};

export default writer;
