import type { Device, Point } from '../../../../config/model.ts';
import type { Instant } from '../../../../core/clock.ts';
import type { Reading } from '../../../../core/reading.ts';
import type { RawValue } from '../../driver.ts';
import { type Listening, disconnected } from '../listening.ts';
import type { KnownMetric, Step } from './session.ts';
import { typedValue } from './wire.ts';

/** A configured device that is an edge node, or one of the devices behind it. */
export interface Member {
  readonly listening: Listening;
  /** Name behind the node; `''`: the node itself. */
  readonly name: string;
  /** Readings of a message of its own. A birth reports everything there is: what it lacks has no value. */
  read(step: Step, isBirth: boolean, now: Instant): Reading[];
  receive(now: Instant): Reading[];
  leave(why: string, now: Instant): Reading[];
  /** A value that was not sent again still holds, and is repeated before it goes stale. */
  repeat(now: Instant): Reading[];
  /** Not lost, but silent for half the time after which it will be. */
  isQuiet(now: Instant): boolean;
}

interface MemberOptions {
  readonly name: string;
  readonly silentAfterMs: number;
}

export function createMember(
  device: Device,
  listening: Listening,
  { name, silentAfterMs }: MemberOptions,
): Member {
  const byMetric = pointsByMetric(device);
  const held = new Map<number, { readonly reading: Reading; readonly since: number }>();
  let heardAt: number | undefined;

  function rawsOf(metrics: readonly KnownMetric[]): RawValue[] {
    return metrics.flatMap((metric) =>
      (byMetric.get(metric.name) ?? []).map((point) => ({
        point,
        ...typedValue(metric, metric.datatype),
        ...(metric.at === undefined ? {} : { at: metric.at }),
      })),
    );
  }

  return {
    listening,
    name,
    read({ metrics, errors }, isBirth, now) {
      listening.watch.decodeErrors(errors.length, errors[0] ?? '');
      const past = listening.decode(rawsOf(metrics.filter(({ isHistorical }) => isHistorical)), now, true);
      const told = new Set(metrics.map((metric) => metric.name));
      const lacking = isBirth ? [...byMetric].filter(([metric]) => !told.has(metric)) : [];
      const [first] = lacking;
      if (first !== undefined)
        listening.watch.note(`its birth has no metric "${first[0]}" (${lacking.length} lacking)`);
      const missing = lacking.flatMap(([, points]) =>
        points.map((point): RawValue => ({ point, raw: null, reason: 'no-value' })),
      );
      const present = listening.decode(
        [...rawsOf(metrics.filter((each) => !each.isHistorical)), ...missing],
        now,
      );
      for (const reading of present) held.set(reading.point, { reading, since: now.monotonic });
      return [...past, ...present];
    },
    receive(now) {
      heardAt = now.monotonic;
      return listening.receive(now);
    },
    leave(why, now) {
      return [...disconnected(device, now), ...listening.leave(why, now)];
    },
    repeat(now) {
      if (!listening.isFresh(now)) return [];
      const due = [...held.values()].filter(({ since }) => now.monotonic - since > silentAfterMs / 2);
      const again = due.map(({ reading }) => ({ ...reading, at: now.at }));
      for (const reading of again) held.set(reading.point, { reading, since: now.monotonic });
      return again;
    },
    isQuiet(now) {
      heardAt ??= now.monotonic;
      return listening.watch.presence.state !== 'lost' && now.monotonic - heardAt > silentAfterMs / 2;
    },
  };
}

function pointsByMetric(device: Device): ReadonlyMap<string, readonly Point[]> {
  const byMetric = new Map<string, Point[]>();
  for (const point of device.points) {
    if (point.source.from !== 'device' || point.source.read.by !== 'metric')
      throw new TypeError(`${point.id} is not read from a metric`);
    const { metric } = point.source.read;
    byMetric.set(metric, [...(byMetric.get(metric) ?? []), point]);
  }
  return byMetric;
}

/** When an edge node was last asked for a rebirth, and how long it is left alone after that. Monotonic ms and ms. */
export interface Pace {
  readonly askedAt?: number;
  readonly waitMs: number;
}

const firstWaitMs = 10_000;
const longestWaitMs = 600_000;

export const unasked: Pace = { waitMs: 0 };

export function mayAsk({ askedAt, waitMs }: Pace, now: number): boolean {
  return askedAt === undefined || now - askedAt >= waitMs;
}

/** Each wait is twice the last: a node that never gets its numbers right is not kept busy. A quiet time begins again. */
export function afterAsking({ askedAt, waitMs }: Pace, now: number): Pace {
  const calm = askedAt === undefined || now - askedAt > 2 * longestWaitMs;
  return { askedAt: now, waitMs: calm ? firstWaitMs : Math.min(2 * waitMs, longestWaitMs) };
}

/** `Node Control/Rebirth` = true as the standard's command to an edge node. */
export function rebirthCommand(now: number): Buffer {
  const time = varint(now);
  const name = Buffer.from('Node Control/Rebirth');
  const metric = Buffer.from([0x0a, name.length, ...name, 0x18, ...time, 0x20, 11, 0x70, 1]);
  return Buffer.from([0x08, ...time, 0x12, metric.length, ...metric]);
}

function varint(value: number): number[] {
  const low = value % 128;
  return value < 128 ? [low] : [low | 0x80, ...varint(Math.floor(value / 128))];
}
