import { shortestFloat32 } from '../../../../core/float32.ts';
import { isUtf8 } from 'node:buffer';
import { fieldsOf, type Field } from './wire.ts';

/** A metric as it was sent. Times are epoch ms. */
export interface Metric {
  readonly name?: string;
  readonly alias?: bigint;
  readonly timestamp?: number;
  /** Absent in most messages after the birth, which reported it. */
  readonly datatype?: number;
  readonly isNull: boolean;
  readonly isHistorical: boolean;
  /** Integers are unsigned here whatever their type, see `typedValue`; undefined: none was sent. */
  readonly value: WireValue | undefined;
}

/** `composite`: bytes, data set, template and the like, which hold no single value. */
type WireValue = bigint | number | boolean | string | { readonly composite: true };

export interface Payload {
  readonly timestamp?: number;
  /** 0 to 255. Some encoders leave out what is 0. */
  readonly seq: number;
  readonly metrics: readonly Metric[];
}

/** No gateway has more, and the memory for them would be taken from all others. */
const maxMetrics = 20_000;

/**
 * Sparkplug B payload (Eclipse Sparkplug 3.0, chapter 6.4). Of the schema only what makes a reading is read; properties
 * and metadata are passed over.
 * @throws RangeError where the bytes are no such payload
 */
export function decodePayload(bytes: Buffer): Payload {
  let timestamp: number | undefined;
  let seq = 0;
  const metrics: Metric[] = [];
  for (const { number, value } of fieldsOf(bytes)) {
    if (number === 1) timestamp = timeOf(value);
    else if (number === 2) {
      if (metrics.length === maxMetrics) throw new RangeError(`more than ${maxMetrics} metrics`);
      metrics.push(decodeMetric(bytesOf(value)));
    } else if (number === 3) seq = Number(varintOf(value));
  }
  if (seq > 255) throw new RangeError(`sequence number ${seq}`);
  return { ...(timestamp === undefined ? {} : { timestamp }), seq, metrics };
}

function decodeMetric(bytes: Buffer): Metric {
  const metric: Metric = { isNull: false, isHistorical: false, value: undefined };
  for (const field of fieldsOf(bytes)) Object.assign(metric, metricField(field));
  return metric;
}

function metricField({ number, value }: Field): Partial<Metric> {
  switch (number) {
    case 1:
      return { name: textOf(value) };
    case 2:
      return { alias: varintOf(value) };
    case 3:
      return { timestamp: timeOf(value) };
    case 4:
      return { datatype: Number(varintOf(value)) };
    case 5:
      return { isHistorical: varintOf(value) !== 0n };
    case 7:
      return { isNull: varintOf(value) !== 0n };
    case 10:
    case 11:
      return { value: varintOf(value) };
    case 12:
      return { value: shortestFloat32(fixedOf(value, 4).readFloatLE()) };
    case 13:
      return { value: fixedOf(value, 8).readDoubleLE() };
    case 14:
      return { value: varintOf(value) !== 0n };
    case 15:
      return { value: textOf(value) };
    case 16:
    case 17:
    case 18:
    case 19:
      return { value: { composite: true } };
    default:
      return {};
  }
}

function varintOf(value: Field['value']): bigint {
  if (typeof value !== 'bigint') throw new RangeError('bytes where a number belongs');
  return value;
}

function bytesOf(value: Field['value']): Buffer {
  if (typeof value === 'bigint') throw new RangeError('a number where bytes belong');
  return value;
}

function fixedOf(value: Field['value'], length: number): Buffer {
  const bytes = bytesOf(value);
  if (bytes.length !== length) throw new RangeError(`${bytes.length} bytes where ${length} belong`);
  return bytes;
}

function textOf(value: Field['value']): string {
  const bytes = bytesOf(value);
  if (!isUtf8(bytes)) throw new RangeError('text that is no UTF-8');
  return bytes.toString('utf8');
}

/** What no calendar holds is no time. */
function timeOf(value: Field['value']): number {
  const time = Number(varintOf(value));
  if (time > 8.64e15) throw new RangeError(`a time of ${time} ms`);
  return time;
}
