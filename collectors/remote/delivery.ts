import type { Logger } from 'pino';
import type { Buffer } from '../../core/buffer.ts';
import type { EventQueue } from '../../core/event-queue.ts';
import type { EventSink } from '../../core/field-event.ts';
import type { Model } from '../../config/model.ts';
import { type Clock, instantOf } from '../../core/clock.ts';
import type { DeviceDiagnostics } from '../collectors.ts';
import type { NamedReading, ReadingSink } from '../../core/reading.ts';
import type { IngestClient, Outcome } from './client.ts';
import { deliverEvents } from './events.ts';
import { type Link, type Sequence, createLink, createSequence } from './link.ts';
import { type LiveLane, createLiveLane, createSnapshot } from './live.ts';
import { type Messenger, createMessenger } from './messenger.ts';
import type { CollectorReport } from './wire.ts';
import { settle } from './settle.ts';

/** Between the collectors of a site and a server on another machine. */
export interface Delivery {
  /** Accepts readings from now on, whatever the server does. */
  readonly sink: ReadingSink;
  readonly events: EventSink;
  /** Makes the first contact, then delivers until it is stopped. The caller judges the server's answer. */
  start(): Promise<Outcome>;
  /** Sends what is left for a moment, keeps the rest, closes the buffer. */
  stop(): Promise<void>;
}

export interface DeliveryOptions {
  readonly model: Pick<Model, 'points'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: () => number;
  readonly client: IngestClient;
  readonly buffer: Buffer;
  /** Field events on their way; absent: none are delivered. */
  readonly eventQueue?: EventQueue | undefined;
  /** Random, unique to this run of the process. */
  readonly run: string;
  readonly about: Pick<CollectorReport, 'version' | 'sites'>;
  readonly limitBytes: number;
  readonly diagnostics: () => readonly DeviceDiagnostics[];
}

const tickMs = 500;
const maxReadings = 10_000;
/** While this many messages wait for their answer, further readings go to the disk first. */
const maxUnderWay = 4;
const stopMs = 1_500;

/** Live first: fresh readings are sent twice a second, what waits in the buffer in between. */
export function createDelivery(options: DeliveryOptions): Delivery {
  const { model, clock, log, random, client, buffer, run, limitBytes, eventQueue } = options;
  const ending = new AbortController();
  const cutting = new AbortController();
  const link = createLink({ clock, log, random });
  const sequence = createSequence(run);
  const snapshot = createSnapshot(model);
  let needsFullSnapshot = false;
  let collected: NamedReading[] = [];
  /** When the oldest of `collected` arrived. */
  let waitsSince = 0;
  let probing = false;
  let running: Promise<unknown> = Promise.resolve();

  const messenger = createMessenger({
    clock, client, link, sequence,
    signal: cutting.signal,
    about: { ...options.about, startedAt: clock.now() },
    spool: () => ({ ...buffer.state(), limitBytes }),
    diagnostics: options.diagnostics,
    onNewServer: () => (needsFullSnapshot = true),
  }); // prettier-ignore
  const live = createLiveLane({ clock, messenger, buffer, sequence });

  function take(): NamedReading[] {
    const taken = collected;
    collected = [];
    return taken;
  }

  function send(readings: readonly NamedReading[]): Promise<unknown> {
    if (readings.length === 0)
      return messenger.reportDue() || !link.up ? messenger.send() : Promise.resolve();
    const parts = Math.ceil(readings.length / maxReadings);
    return Promise.all(
      Array.from({ length: parts }, (_, part) =>
        live.send(readings.slice(part * maxReadings, (part + 1) * maxReadings)),
      ),
    );
  }

  /** One attempt at a time while the server takes nothing; with readings, because a server may answer and still store nothing. */
  async function probe(): Promise<void> {
    probing = true;
    await send(take());
    probing = false;
    // The page must show the present values, whatever happened meanwhile.
    if (link.up) needsFullSnapshot = true;
  }

  function keep(): void {
    if (collected.length === 0 || clock.monotonic() - waitsSince < tickMs) return;
    buffer.put(take());
  }

  function tick(): void {
    live.secure();
    buffer.tick();
    if (link.up && live.underWay() < maxUnderWay) {
      const readings = take();
      if (needsFullSnapshot) {
        needsFullSnapshot = false;
        readings.push(...unsent(snapshot.fresh(clock.monotonic()), readings));
      }
      void send(readings);
    } else if (!link.up && !probing && link.due()) void probe();
    else keep();
  }

  async function ticking(): Promise<void> {
    while (!ending.signal.aborted) {
      await clock.sleep(tickMs, ending.signal);
      if (!ending.signal.aborted) tick();
    }
  }

  return {
    sink(readings) {
      if (collected.length === 0) waitsSince = clock.monotonic();
      snapshot.add(readings, instantOf(clock));
      for (const reading of readings) {
        const point = model.points[reading.point];
        if (point !== undefined) collected.push({ ...reading, point: point.id });
      }
    },
    events: (events) => eventQueue?.put(events),
    async start() {
      probing = true;
      running = Promise.all([
        ticking(),
        deliverLate({ clock, link, live, messenger, buffer, sequence }, ending.signal),
        eventQueue &&
          deliverEvents(
            { clock, client, link, queue: eventQueue, log },
            { ending: ending.signal, cutting: cutting.signal },
          ),
      ]);
      const outcome = await messenger.send();
      probing = false;
      return outcome;
    },
    async stop() {
      ending.abort();
      const last = take();
      if (link.up) void send(last);
      else if (last.length > 0) buffer.put(last);
      await Promise.race([Promise.all([live.idle(), running]), clock.sleep(stopMs)]);
      cutting.abort();
      await Promise.all([live.idle(), running]);
      buffer.close();
      eventQueue?.close();
    },
  };
}

/** The part of a snapshot that is not among the readings sent with it. */
function unsent(all: readonly NamedReading[], readings: readonly NamedReading[]): NamedReading[] {
  const going = new Set(readings.map(({ point, at }) => `${point} ${at}`));
  return all.filter(({ point, at }) => !going.has(`${point} ${at}`));
}

const idleMs = 500;
const yieldMs = 20;
/** With more live messages under way the server is busy, and they go first. */
const maxLiveUnderWay = 1;

/**
 * Delivers what waits in the buffer, oldest first, one batch at a time and for half of the time at most: live readings keep
 * their share of the server. Ends with the signal.
 */
async function deliverLate(
  options: {
    readonly clock: Clock;
    readonly link: Link;
    readonly live: LiveLane;
    readonly messenger: Messenger;
    readonly buffer: Buffer;
    readonly sequence: Sequence;
  },
  signal: AbortSignal,
): Promise<void> {
  const { clock, link, live, messenger, buffer, sequence } = options;
  const rest = (ms: number): Promise<void> => clock.sleep(ms, signal);
  while (!signal.aborted) {
    if (!link.up || live.underWay() > maxLiveUnderWay) {
      await rest(yieldMs);
      continue;
    }
    const batch = buffer.next();
    if (batch === undefined) {
      await rest(idleMs);
      continue;
    }
    const { id, readings } = batch;
    const name = batch.name ?? sequence.next();
    if (batch.name === undefined) buffer.name(id, name);
    const begun = clock.monotonic();
    const outcome = await messenger.send({ name, readings, live: false });
    settle(outcome, { id, name, size: readings.length }, options);
    await rest(Math.max(yieldMs, clock.monotonic() - begun));
  }
}
