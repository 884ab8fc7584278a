import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from 'pino';
import { systemClock, type Clock } from '../../../core/clock.ts';
import { UnavailableError } from '../../../core/unavailable.ts';
import { columnsOfAll } from '../columns.ts';
import { createPointFacts } from '../facts.ts';
import { firstSamples } from '../figures.ts';
import type { FactsOf, Historian, SampleColumns, StoredReading } from '../historian.ts';
import { isStorable } from '../normalise.ts';
import { sampleColumnsOf } from '../sample-columns.ts';
import { defaultRetention, type Retention } from '../tiers.ts';
import { createBucketQuery } from './buckets.ts';
import { createInfluxClient, textOf, type Refused } from './client.ts';
import { createDueHours, hourMs } from './due.ts';
import { createFiller, dueMeasurement } from './fill.ts';
import { createLineEncoder, type LabelOf } from './line.ts';
import { policies, quoteName, type PolicyName } from './names.ts';
import { createPins } from './pins.ts';
import { prepareLayout, type Layout } from './policies.ts';
import { createInfluxReader, rawEdgeOf } from './reader.ts';
import { createRefusalLog } from './refusal-log.ts';
import { isMissing, refusalOf, refusedReadings } from './refused.ts';

const linesPerWrite = 5_000;
const samplesPerPage = 10_000;
/** Lines are encoded in slices, between which the event loop runs. */
const linesPerSlice = 1_000;
const fillEveryMs = 20_000;
/** An hour is filled so long after it ended and was last written to: late readings come in company. */
const quietMs = 60_000;
/** How often a database without the policies is looked at again: an administrator may have made them. */
const lookAgainMs = 600_000;

export interface InfluxHistorian extends Historian {
  /** What it does by itself within minutes: fills the stored buckets of every hour that ended before `until`. */
  fill(until: number): Promise<void>;
}

/**
 * Readings and their buckets in InfluxDB (tested with 1.6), over the v1 API; its names are in docs/influxdb.md. `url` may hold user and
 * password. Opening makes database and policies if the server permits and goes on if not; while the server is away, opening succeeds
 * and appends reject. Buckets are computed here from raw readings and stored by the hour (docs/decisions/012-influxdb.md).
 */
export async function openInfluxHistorian(options: {
  readonly url: string;
  readonly database: string;
  readonly log: Logger;
  /** Receives readings that the server will never take, if it says which. */
  readonly setAside?: (readings: readonly StoredReading[], reason: string) => void;
  readonly facts?: FactsOf;
  readonly labels?: LabelOf;
  readonly retention?: Retention;
  readonly clock?: Clock;
}): Promise<InfluxHistorian> {
  const { url, database, log, setAside, clock = systemClock } = options;
  let retention = options.retention ?? defaultRetention;
  const facts = options.facts ?? createPointFacts().of;
  const client = createInfluxClient(url, database);
  const encoder = createLineEncoder(options.labels ?? (() => undefined));
  const due = createDueHours(facts, () => clock.monotonic());
  const rawEdge = (): number => rawEdgeOf(retention, clock.now());
  const reader = createInfluxReader({ client, layout: ready, facts, rawEdge });
  const pins = createPins({ client, reader, encoder, now: () => clock.now() });
  const buckets = createBucketQuery({ reader, due, layout: ready, facts, rawEdge });
  const closing = new AbortController();
  const filler = createFiller({
    client, reader, due, facts, encoder, rawEdge,
    keepPinned: (point, samples, hour) => pins.linesOf(point, samples, hour),
    monotonic: () => clock.monotonic(),
  }); // prettier-ignore
  let preparing: Promise<Layout> | undefined;
  let problem: string | undefined;
  const refusals = createRefusalLog({ log, clock });

  /** Rejects while the server is away, and is tried again at the next request then. */
  function ready(): Promise<Layout> {
    preparing ??= prepare().catch((error: unknown) => {
      preparing = undefined;
      throw error;
    });
    return preparing;
  }

  async function prepare(): Promise<Layout> {
    const layout = await prepareLayout({ client, database, retention, log });
    if (!layout.hasPolicies) return layout;
    const [series] = await client.query(
      `SELECT "open" FROM ${quoteName(policies['1h'])}.${quoteName(dueMeasurement)} WHERE "open" = true`,
    );
    for (const [hour] of series?.values ?? []) if (typeof hour === 'number') due.load(hour);
    await filler.load();
    await pins.load();
    return layout;
  }

  /** Without policies everything goes to the default one. */
  async function write(lines: readonly string[], policy: PolicyName): Promise<Refused> {
    const target = async (): Promise<string | undefined> =>
      (await ready()).hasPolicies ? policies[policy] : undefined;
    try {
      return await client.write(lines, await target());
    } catch (error) {
      if (!isMissing(error)) throw error;
      preparing = undefined;
      return await client.write(lines, await target());
    }
  }

  function noteRefusal(refused: Refused): void {
    refusals.note(refused);
    const { count, reason } = refused;
    problem =
      count === 0
        ? undefined
        : `InfluxDB refused ${count} of the last readings (${refusals.inAll()} in all): ${reason}`;
  }

  async function encode(readings: readonly StoredReading[]): Promise<string[]> {
    const lines: string[] = [];
    for (const [place, reading] of readings.entries()) {
      if (place % linesPerSlice === linesPerSlice - 1) await nextTurn();
      lines.push(encoder.reading(reading) ?? '');
    }
    return lines;
  }

  /** Hours are called due before their readings are written: a crash in between costs a filling and no reading. */
  async function writeReadings(readings: readonly StoredReading[]): Promise<Refused> {
    const { hasPolicies } = await ready();
    if (!hasPolicies) return write(await encode(readings), 'raw');
    const begun = await due.begin(readings);
    try {
      if (begun.untold.length > 0) {
        const marks = begun.untold.map((hour) => `${dueMeasurement} open=true ${hour}`);
        await write(marks, '1h');
        due.told(begun.untold);
      }
      return await write(await encode(readings), 'raw');
    } finally {
      due.end(begun);
    }
  } // prettier-ignore

  async function append(readings: readonly StoredReading[]): Promise<void> {
    let refused: Refused = { count: 0, reason: undefined, named: [] };
    try {
      for (let from = 0; from < readings.length; from += linesPerWrite) {
        const storable = readings.slice(from, from + linesPerWrite).filter(isStorable);
        if (storable.length === 0) continue;
        const part = await writeReadings(storable);
        refused = { ...part, count: refused.count + part.count, reason: part.reason ?? refused.reason };
        const known = part.count === 0 ? [] : refusedReadings(storable, part, clock.now() - retention.raw);
        if (known.length > 0) setAside?.(known, part.reason ?? 'refused');
      }
    } catch (error) {
      problem = `InfluxDB did not take the last write: ${textOf(error)}`;
      throw refusalOf(error) ?? error;
    }
    noteRefusal(refused);
  }

  async function fill(
    until: number,
    quietSince: number,
    rest?: (tookMs: number) => Promise<void>,
  ): Promise<void> {
    const { hasPolicies } = await ready();
    if (!hasPolicies) return;
    await filler.run(until, quietSince, rest);
    await pins.copy(Math.floor(until / hourMs) * hourMs);
  }

  let failure: string | undefined;
  async function runFilling(): Promise<void> {
    let lookedAt = clock.monotonic();
    while (!closing.signal.aborted) {
      await clock.sleep(fillEveryMs, closing.signal);
      if (closing.signal.aborted) return;
      try {
        const isOld = clock.monotonic() - lookedAt > lookAgainMs;
        if (isOld) lookedAt = clock.monotonic();
        if (isOld && !(await ready()).hasPolicies) preparing = undefined;
        await fill(clock.now() - quietMs, clock.monotonic() - quietMs, (tookMs) =>
          clock.sleep(tookMs, closing.signal),
        );
        failure = undefined;
      } catch (error) {
        // A server that is away is reported by whoever writes to it.
        if (error instanceof UnavailableError || closing.signal.aborted) continue;
        const reason = textOf(error);
        if (failure === undefined) log.warn({ reason }, 'InfluxDB: buckets are not stored; they are computed from readings meanwhile');
        failure = `InfluxDB: buckets are not stored, questions over long times are slow: ${reason}`;
      }
    }
  } // prettier-ignore

  try {
    await ready();
  } catch (error) {
    log.warn({ reason: textOf(error), database }, 'InfluxDB: not ready; going on');
  }
  void runFilling();
  const raw: Historian['raw'] = (point, range, limit, signal) =>
    firstSamples(
      reader.scan(point, range, { pageSize: Math.min(limit, samplesPerPage), signal }),
      limit,
      signal,
    );
  return {
    append: (batch) => append(batch),
    raw,
    async rawColumns(points, range, limit, signal) {
      const found = new Map<string, SampleColumns>();
      for (const point of points)
        found.set(point, sampleColumnsOf(await raw(point, range, limit, signal)));
      return found;
    },
    buckets,
    columns: async (...asked) => columnsOfAll(await buckets(...asked)),
    async pin(pin) {
      const { hasPolicies } = await ready();
      if (!hasPolicies)
        throw new Error(`InfluxDB: nothing can be pinned without the policy "${policies.pinned}"; see docs/influxdb.md`);
      await pins.pin(pin);
    },
    last: (at, signal, points) => reader.last(at, signal, points),
    keepFor(next) {
      const isSame = (['raw', '1m', '1h', '1d', 'pinned'] as const).every((each) => next[each] === retention[each]);
      retention = next;
      // The policies are compared with it at the next request.
      if (!isSame) preparing = undefined;
    },
    problem: () => problem ?? failure,
    fill: (until) => fill(until, Infinity),
    close() {
      closing.abort();
      client.close();
      return Promise.resolve();
    },
  }; // prettier-ignore
}
