import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { decodeRaw } from '../../collectors/profile/decode.ts';
import type { Device, Model } from '../../config/model.ts';
import { openEventQueue } from '../../core/event-queue.ts';
import type { EventSink, FieldEvent } from '../../core/field-event.ts';
import { good, isUsable, qualityCode, type Reading } from '../../core/reading.ts';
import { createTeardown } from '../../core/teardown.ts';
import { composeServices, type Services } from '../../server/compose.ts';
import { drillNames } from '../../server/contracts/system.ts';
import { openDatabase } from '../../server/db/database.ts';
import type { Database } from '../../server/db/schema.ts';
import { createHistorianWriter, type HistorianWriter } from '../../server/historian/batching.ts';
import { openEmbeddedHistorian } from '../../server/historian/embedded/embedded.ts';
import { encodeRaw, nonsense } from '../../simulator/encode.ts';
import { Field } from '../../simulator/field.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { silentLog } from '../support/field.ts';
import { dice } from '../../bench/dice.ts';
import { checkEvents, checkHistory, checkJournal, type Accepted } from './checks.ts';

export interface DayOptions {
  readonly model: Model;
  readonly seed: number;
  readonly hours: number;
  /** Between two polls of every device. */
  readonly stepMs: number;
  /** For the stores; empty. */
  readonly folder: string;
}

export interface DayReport {
  readonly readings: number;
  readonly events: number;
  readonly journal: number;
  readonly clockSteps: number;
  readonly restarts: number;
  /** Exceptions of the consumer that throws. */
  readonly thrown: number;
  /** What must not be, a sentence each; the first hundred. */
  readonly wrong: readonly string[];
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const monday = Date.UTC(2026, 10, 23, 3);
const silence = qualityCode('timeout');

/**
 * Hours of an estate at speed, through the product's own wiring: readings and events of simulated devices with drills, on a clock
 * that is stepped, with a consumer that throws, stores that refuse for a while, sources with wrong clocks, and restarts. The same
 * seed gives the same day. Then everything that was accepted is looked for in the stores.
 */
export async function liveADay(options: DayOptions): Promise<DayReport> {
  const { model, seed, hours, stepMs, folder } = options;
  const roll = dice(seed);
  // Consumers are called in no certain order: with dice of their own they do not change what else goes wrong on this seed's day.
  const consumers = dice(seed + 1_000);
  const clock = createFakeClock(monday);
  const field = new Field(model, { seed, startAt: monday });
  const asked = model.devices.flatMap((device) =>
    device.points.flatMap((point) =>
      point.source.from === 'device'
        ? [{ device, point, spec: point.source.value, read: field.reader(device, point) }]
        : [],
    ),
  );
  const wrong: string[] = [];
  const complain = (text: string): void => void (wrong.length < 100 && wrong.push(text));
  const accepted = new Map<string, Accepted>();
  const eventIds: string[] = [];
  let [readings, clockSteps, restarts, thrown] = [0, 0, 0, 0];
  let historyRefuses = false;

  let running = await start();
  const undo: { at: number; run: () => unknown }[] = [];
  const silent = new Map<string, number>();
  /** Devices that stamp by a clock of their own, two days ahead. */
  const ahead = new Set(model.devices.filter((_, place) => place % 7 === 0).map(({ key }) => key));

  for (let elapsed = 0; elapsed < hours * hourMs; elapsed += stepMs) {
    await misfortune(elapsed);
    await clock.advance(stepMs);
    for (const each of undo.filter(({ at }) => at <= elapsed)) await each.run();
    undo.splice(0, undo.length, ...undo.filter(({ at }) => at > elapsed));
    field.advance(monday + elapsed + stepMs);
    poll(elapsed);
    running.services.tick();
    checkFreshness(elapsed);
  }
  for (const each of undo.splice(0)) await each.run();
  await settle();
  await running.close();

  await checkHistory({ folder, accepted, complain });
  const db = await openDatabase(join(folder, 'operations.db'));
  const journal = await checkJournal(db, complain);
  await checkEvents({ db, eventIds, complain });
  await db.destroy();
  return { readings, events: eventIds.length, journal, clockSteps, restarts, thrown, wrong };

  /** Seldom something breaks; it is mended after a while. */
  async function misfortune(elapsed: number): Promise<void> {
    const later = (run: () => unknown): void => {
      undo.push({ at: elapsed + stepMs * roll.whole(2, 60), run });
    };
    if (roll.chance(0.01)) {
      // Not a whole number of polls: two readings of one point then share no time.
      const by = roll.pick([-hourMs, 9 * dayMs, -30 * dayMs]) + roll.whole(1, stepMs - 1);
      clockSteps += 1;
      clock.step(by);
      if (by !== -hourMs) later(() => clock.step(-by));
    }
    if (roll.chance(0.005) && !historyRefuses) {
      historyRefuses = true;
      later(() => void (historyRefuses = false));
    }
    if (roll.chance(0.005)) await refuseOperations(later);
    if (roll.chance(0.02)) {
      const device = roll.pick(model.devices);
      silent.set(device.key, clock.monotonic());
      later(() => silent.delete(device.key));
    }
    if (roll.chance(0.01)) {
      const [name, { id: site }] = [roll.pick(drillNames), roll.pick(model.sites)];
      field.startDrill(name, site, monday + elapsed);
      later(() => field.stopDrill(name, site));
    }
    if (roll.chance(0.002)) {
      restarts += 1;
      await running.close();
      running = await start();
    }
  }

  async function refuseOperations(later: (run: () => unknown) => void): Promise<void> {
    if (undo.some(({ run }) => run === restoreTables)) return;
    for (const table of ['alarm_journal', 'field_event'])
      await running.db.schema.alterTable(table).renameTo(`${table}_away`).execute();
    later(restoreTables);
  }

  async function restoreTables(): Promise<void> {
    for (const table of ['alarm_journal', 'field_event'])
      await running.db.schema.alterTable(`${table}_away`).renameTo(table).execute();
  }

  function poll(elapsed: number): void {
    const now = clock.now();
    const batch: Reading[] = [];
    for (const { device, point, spec, read } of asked) {
      if (silent.has(device.key)) continue;
      const answer = field.isSilent(device) ? undefined : read();
      const at = ahead.has(device.key) ? now + 2 * dayMs : now;
      if (answer === undefined || ('broken' in answer && answer.broken === 'nothing')) {
        batch.push({ point: point.index, at, value: Number.NaN, quality: silence });
        continue;
      }
      const measured = 'value' in answer ? answer.value : nonsense(spec);
      const { value, quality } = decodeRaw(spec, point.unit, encodeRaw(spec, measured, { kind: 'real' }));
      batch.push({ point: point.index, at, value, quality });
    }
    for (const device of model.devices) {
      if (silent.has(device.key)) continue;
      batch.push({ point: device.link.index, at: now, value: field.isSilent(device) ? 0 : 1, quality: good });
    }
    running.sink(batch);
    readings += batch.length;
    for (const { point, value } of batch) {
      const { id } = model.points[point] ?? { id: '' };
      let series = accepted.get(id);
      if (series === undefined) accepted.set(id, (series = { at: [], value: [] }));
      series.at.push(now);
      series.value.push(value);
    }
    if (roll.chance(0.1)) passEvents(elapsed, now);
  }

  function passEvents(elapsed: number, now: number): void {
    const source = roll.pick(model.devices).key;
    const events = Array.from({ length: roll.whole(1, 3) }, (_, place): FieldEvent => ({
      id: `${source}/${elapsed}-${place}`, source, at: now + roll.pick([0, -5_000, 9 * dayMs]), kind: 'door-opened', attributes: {},
    })); // prettier-ignore
    eventIds.push(...events.map(({ id }) => id));
    running.events(events);
    // A controller that got no answer sends it again.
    if (roll.chance(0.3)) running.events(events);
  }

  /** Right after a poll: what was read is as it was read, what is silent for long enough is not believed. */
  function checkFreshness(elapsed: number): void {
    const { current } = running.services.pipeline;
    for (const { device, point } of asked) {
      const quality = current.quality[point.index] ?? silence;
      const since = silent.get(device.key);
      if (since === undefined) {
        const last = accepted.get(point.id)?.value.at(-1);
        const isRight = Object.is(current.value[point.index], last) || quality === silence;
        if (!isRight || (quality !== silence && quality === qualityCode('stale')))
          complain(`${point.id} was just read as ${last} and shows ${current.value[point.index]} (quality ${quality}) at ${elapsed}`);
      } else if (clock.monotonic() - since > point.staleAfterMs + 2 * stepMs && isUsable(quality))
        complain(`${point.id} has been silent since ${since} and is shown as usable at ${elapsed}`);
    } // prettier-ignore
  }

  /** Lets the stores catch up with what they refused. */
  async function settle(): Promise<void> {
    const deadline = performance.now() + 120_000;
    const isBehind = (): boolean =>
      running.writer.stats().buffered > 0 || running.services.incidents.problem() !== undefined;
    do {
      await clock.advance(10_000);
      await new Promise((resolve) => setTimeout(resolve, 5));
    } while (isBehind() && performance.now() < deadline);
    const dropped = running.writer.stats().dropped;
    if (dropped > 0) complain(`${dropped} readings were dropped`);
    if (isBehind()) complain('the stores did not catch up');
    const failing = running.services.alarms.failing().map(({ key, reason }) => `${key}: ${reason}`);
    for (const each of failing) complain(`a rule failed: ${each}`);
    for (const { name, failures, problem } of running.services.pipeline.consumers())
      if (name !== 'thrower' && failures > 0)
        complain(`consumer ${name} failed ${failures} times: ${problem}`);
  }

  interface Running {
    readonly services: Services;
    readonly db: Database;
    readonly writer: HistorianWriter;
    readonly sink: (readings: readonly Reading[]) => void;
    readonly events: EventSink;
    close(): Promise<void>;
  }

  async function start(): Promise<Running> {
    const teardown = createTeardown(silentLog);
    const db = await openDatabase(join(folder, 'operations.db'));
    teardown.add('database', () => db.destroy());
    const historian = await openEmbeddedHistorian({
      path: join(folder, 'readings.db'),
      log: silentLog,
      clock,
    });
    teardown.add('historian', () => historian.close());
    const writer = createHistorianWriter({
      historian: {
        append: (batch, how) =>
          historyRefuses ? Promise.reject(new Error('no space left')) : historian.append(batch, how),
      },
      clock, log: silentLog, maxBuffered: 100_000_000,
    }); // prettier-ignore
    teardown.add('writer', () => {
      historyRefuses = false;
      return writer.close();
    });
    let events: EventSink = () => undefined;
    const services = await composeServices(
      {
        model, allProfiles: () => Promise.resolve([]), clock, log: silentLog, randomBytes, db, dataDir: folder, operationsAt: join(folder, 'operations.db'), historian, writer, version: 'day', webDir: undefined, drills: undefined,
        localSites: model.sites.map(({ id }) => id),
        eventQueue: openEventQueue({ path: join(folder, 'events.db'), log: silentLog, now: () => clock.now() }),
        collectors: (_sink, eventSink) => {
          events = eventSink;
          return { start: () => undefined, diagnostics: () => [], stop: () => Promise.resolve() };
        },
      },
      teardown,
    ); // prettier-ignore
    const perhapsThrow = (): void => {
      if (!consumers.chance(0.05)) return;
      thrown += 1;
      throw new TypeError('a consumer with a fault');
    };
    services.pipeline.subscribe('thrower', {
      readings: perhapsThrow,
      events: perhapsThrow,
      tick: perhapsThrow,
    });
    return {
      services, db, writer, events,
      sink: services.pipeline.accept,
      async close() {
        // What is renamed away is nobody's fault to be restored to by the next start.
        const away = undo.findIndex(({ run }) => run === restoreTables);
        if (away >= 0) {
          undo.splice(away, 1);
          await restoreTables();
        }
        await teardown.run();
      },
    }; // prettier-ignore
  }
}

/** Named in reports of a failing day. */
export function describeDay({ model, seed, hours, stepMs }: Omit<DayOptions, 'folder'>): string {
  return `seed ${seed}: ${hours} h of ${model.devices.length} devices (${deviceKinds(model.devices)} kinds), polled every ${stepMs / 1_000} s`;
}

function deviceKinds(devices: readonly Device[]): number {
  return new Set(devices.map(({ kind }) => kind)).size;
}
