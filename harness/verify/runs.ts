/**
 * Runs of levels and indices (https://parquet.apache.org/docs/file-format/data-pages/encodings, RLE and bit-packing hybrid), counted
 * before anybody decodes them: hyparquet repeats a value as often as a damaged length says, until memory is full.
 */

interface Place {
  readonly view: DataView;
  offset: number;
}

/** Groups of seven bits, the lowest first; 0 where the bytes end, for which whoever decodes them has a sentence. */
function varint(place: Place): number {
  let [value, factor] = [0, 1];
  while (place.offset < place.view.byteLength) {
    const byte = place.view.getUint8(place.offset);
    place.offset += 1;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return value;
    factor *= 0x80;
  }
  return 0;
}

/** Throws where a repeated value comes more often than `count` values in all allow. */
export function checkRuns(bytes: Uint8Array, bitWidth: number, count: number): void {
  const place: Place = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
  let seen = 0;
  while (seen < count && place.offset < bytes.byteLength) {
    const header = varint(place);
    const isPacked = header % 2 === 1;
    const length = Math.floor(header / 2);
    if (isPacked) {
      seen += length * 8;
      place.offset += length * bitWidth;
    } else {
      if (length > count - seen) throw new Error(`a run of ${length} where ${count - seen} values are left`);
      seen += length;
      place.offset += Math.ceil(bitWidth / 8);
    }
  }
}
