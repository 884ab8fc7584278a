/** Readings as columns of one length, for stores; `series` is the number that a store knows the point by. */
export interface Columns {
  readonly value: Float64Array;
  /** Epoch ms. */
  readonly at: Float64Array;
  readonly series: Uint32Array;
  readonly quality: Uint8Array;
}

const bytesPerReading = 8 + 8 + 4 + 1;

export function emptyColumns(length: number): Columns {
  return {
    value: new Float64Array(length),
    at: new Float64Array(length),
    series: new Uint32Array(length),
    quality: new Uint8Array(length),
  };
}

/** The columns one after the other, widest first so that each is aligned. */
export function encodeColumns(columns: Columns): Uint8Array {
  const n = columns.value.length;
  const bytes = new Uint8Array(n * bytesPerReading);
  bytes.set(bytesOf(columns.value), 0);
  bytes.set(bytesOf(columns.at), n * 8);
  bytes.set(bytesOf(columns.series), n * 16);
  bytes.set(columns.quality, n * 20);
  return bytes;
}

export function decodeColumns(blob: Uint8Array): Columns {
  if (blob.byteLength % bytesPerReading !== 0)
    throw new Error(`columns of ${blob.byteLength} bytes are damaged`);
  const n = blob.byteLength / bytesPerReading;
  const { buffer, byteOffset } = aligned(blob);
  return {
    value: new Float64Array(buffer, byteOffset, n),
    at: new Float64Array(buffer, byteOffset + n * 8, n),
    series: new Uint32Array(buffer, byteOffset + n * 16, n),
    quality: new Uint8Array(buffer, byteOffset + n * 20, n),
  };
}

export function bytesOf(column: ArrayBufferView): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
}

/** A view over doubles must begin at a multiple of eight; zlib and SQLite promise no such thing. */
export function aligned(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes);
}
