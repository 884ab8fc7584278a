import type { Pin, Range, Sample } from '../historian.ts';
import type { InfluxClient } from './client.ts';
import { hourMs } from './due.ts';
import { decodePoint, encodePoint, escapeTag, type LineEncoder } from './line.ts';
import { policies, quoteName } from './names.ts';
import type { InfluxReader } from './reader.ts';

/** Who pinned what: a row per name and point, the newest counts. */
const pinMeasurement = 'pin';
/** Up to when the readings of a pin have been copied, in one row per name. */
const copiedMeasurement = 'pin_copied';
const pointsPerBatch = 50;

export interface Pins {
  /** From the server; replaces what is known. */
  load(): Promise<void>;
  /** Resolves once the server has it; the readings are copied later. */
  pin(pin: Pin): Promise<void>;
  /** Lines for the readings of an hour that are pinned. */
  linesOf(point: string, samples: readonly Sample[], hour: number): string[];
  /** Copies what was pinned after it had been stored, up to `until`. */
  copy(until: number): Promise<void>;
}

interface Known {
  readonly points: ReadonlySet<string>;
  readonly range: Range;
  copiedTo: number;
}

/**
 * Readings that are kept longer are in policy `pinned` as well. An hour's are copied when the hour is filled, so that late ones
 * follow; hours that were there before the pin are copied here.
 */
export function createPins(options: {
  readonly client: InfluxClient;
  readonly reader: InfluxReader;
  readonly encoder: LineEncoder;
  readonly now: () => number;
}): Pins {
  const { client, reader, encoder, now } = options;
  const pins = new Map<string, Known>();

  function linesWithin(point: string, samples: readonly Sample[], hour: number, ranges: readonly Range[]): string[] {
    return samples.flatMap((sample) => {
      const { at } = sample;
      const isPinned = at >= hour && at < hour + hourMs && ranges.some(({ from, to }) => at >= from && at < to);
      return isPinned ? (encoder.reading({ point, ...sample }) ?? []) : [];
    });
  } // prettier-ignore

  async function write(lines: readonly string[]): Promise<void> {
    for (let next = 0; next < lines.length; next += 5_000) {
      const { count, reason } = await client.write(lines.slice(next, next + 5_000), policies.pinned);
      if (count > 0 && reason?.includes('beyond retention') !== true)
        throw new Error(`InfluxDB refused ${count} pinned readings: ${reason}`);
    }
  }

  const progress = (name: string, to: number): string =>
    `${copiedMeasurement},name=${tag(name)} to=${to}i ${now()}`;

  async function copyHour({ points, range }: Known, hour: number): Promise<void> {
    const all = [...points];
    for (let next = 0; next < all.length; next += pointsPerBatch) {
      const batch = all.slice(next, next + pointsPerBatch);
      const readings = await reader.readings(batch, { from: hour, to: hour + hourMs });
      await write(batch.flatMap((point) => linesWithin(point, readings.get(point) ?? [], hour, [range])));
    }
  }

  return {
    async load() {
      const rows = await client.query(
        `SELECT last("active"), "from", "to" FROM ${quoteName(policies.pinned)}.${quoteName(pinMeasurement)} GROUP BY "name", "point"`,
      );
      const copied = await client.query(
        `SELECT last("to") FROM ${quoteName(policies.pinned)}.${quoteName(copiedMeasurement)} GROUP BY "name"`,
      );
      pins.clear();
      const copiedTo = new Map(copied.map(({ tags, values }) => [tags?.['name'] ?? '', values[0]?.[1]]));
      const found = new Map<string, { points: Set<string>; range: Range }>();
      for (const { tags, values } of rows) {
        const [, active, from, to] = values[0] ?? [];
        const [name, point] = [tags?.['name'], tags?.['point']];
        if (active !== true || typeof from !== 'number' || typeof to !== 'number') continue;
        if (name === undefined || point === undefined) continue;
        const pin = found.get(name) ?? { points: new Set(), range: { from, to } };
        pin.points.add(decodePoint(point));
        found.set(name, pin);
      }
      for (const [name, pin] of found) {
        const to = copiedTo.get(name);
        pins.set(decodePoint(name), { ...pin, copiedTo: typeof to === 'number' ? to : pin.range.from });
      }
    },
    async pin({ name, points, range }) {
      const before = pins.get(name);
      const gone = [...(before?.points ?? [])].filter((point) => !points.includes(point));
      const at = now();
      const row = (point: string, active: boolean): string =>
        `${pinMeasurement},name=${tag(name)},point=${tag(point)} active=${active},from=${range.from}i,to=${range.to}i ${at}`;
      // What is copied stays copied; only more points or an earlier beginning need another look.
      const isMore =
        before === undefined || range.from < before.range.from || points.some((point) => !before.points.has(point));
      const copiedTo = isMore ? range.from : before.copiedTo;
      await write([
        ...points.map((point) => row(point, true)),
        ...gone.map((point) => row(point, false)),
        progress(name, copiedTo),
      ]);
      pins.set(name, { points: new Set(points), range, copiedTo });
    },
    linesOf(point, samples, hour) {
      const ranges = [...pins.values()].filter(({ points }) => points.has(point)).map(({ range }) => range);
      return ranges.length === 0 ? [] : linesWithin(point, samples, hour, ranges);
    },
    async copy(until) {
      for (const [name, pin] of pins) {
        const end = Math.min(pin.range.to, until);
        if (pin.copiedTo >= end) continue;
        for (let hour = Math.floor(pin.copiedTo / hourMs) * hourMs; hour < end; hour += hourMs) {
          await copyHour(pin, hour);
          if (pins.get(name) !== pin) break;
          pin.copiedTo = Math.min(hour + hourMs, end);
          await write([progress(name, pin.copiedTo)]);
        }
      }
    },
  };
} // prettier-ignore

function tag(text: string): string {
  return escapeTag(encodePoint(text));
}
