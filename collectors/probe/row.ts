import type { Device, Point } from '../../config/model.ts';
import type { RawValue } from '../drivers/driver.ts';
import { type Quality, type Reading, type Reason, describeQuality } from '../../core/reading.ts';

/** One value of a device as it was read once, with where it stood and what it was before decoding. */
export interface ProbeRow {
  readonly quantity: string;
  readonly part: string | null;
  /** Which of several devices behind one agent. */
  readonly instance: string | null;
  /** By which it was read. */
  readonly profile: string;
  /** In the canonical unit; null when bad. */
  readonly value: number | null;
  readonly unit: string;
  /** Name of the state, for unit `state`. */
  readonly state: string | null;
  /** What the maker calls that state, where the name is ours. */
  readonly word: string | null;
  readonly quality: Quality;
  readonly reason: Reason | null;
  /** OID, register or topic. */
  readonly source: string;
  /** What the device reported; integers beyond 2⁵³ as text. */
  readonly raw: number | string | null;
  /** Why there is no value, in the device's words; null where it said nothing. */
  readonly note: string | null;
}

export function toRow(
  reading: Reading,
  item: RawValue,
  { profile, instance }: Pick<Device, 'profile' | 'instance'>,
): ProbeRow {
  const { point } = item;
  const { quality, reason } = describeQuality(reading.quality);
  const value = Number.isNaN(reading.value) ? null : reading.value;
  return {
    quantity: point.quantity,
    part: point.part ?? null,
    instance: instance ?? null,
    profile: (point.source.from === 'device' ? point.source.by : undefined) ?? profile.name,
    value,
    unit: point.unit,
    state: value === null ? null : (point.states?.get(value) ?? null),
    word: value === null ? null : (point.words?.get(value) ?? null),
    quality,
    reason,
    source: item.source ?? sourceOf(point),
    raw: plain(item.raw),
    note: item.note ?? null,
  };
}

function plain(raw: RawValue['raw']): number | string | null {
  if (typeof raw === 'string') return raw.replace(/\0+$/, '');
  if (typeof raw !== 'bigint') return raw;
  return raw <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(raw) : raw.toString();
}

/** Where a point is read, as far as its profile says it. */
export function sourceOf({ source }: Point): string {
  if (source.from !== 'device') return source.from;
  const { read } = source;
  switch (read.by) {
    case 'oid':
      return read.oid;
    case 'column':
      return `column ${read.column} of row ${read.row.part ?? read.row.key ?? '?'}`;
    case 'register':
      return `${read.function} ${read.address} ${read.type}`;
    case 'message':
      return `${read.topic}${read.pointer === undefined ? '' : ` ${read.pointer}`}`;
    case 'metric':
      return read.metric;
  }
}
