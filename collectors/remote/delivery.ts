import type { Logger } from 'pino';
import type { Model } from '../../config/model.ts';
import type { Clock } from '../../core/clock.ts';
import type { DeviceDiagnostics } from '../collectors.ts';
import type { NamedReading, ReadingSink } from '../../core/reading.ts';
import type { Backlog } from '../spool/backlog.ts';
import type { IngestClient, Outcome } from './client.ts';
import { deliverLate } from './late.ts';
import { createLink } from './link.ts';
import { createLiveLane } from './live.ts';
import { createMessenger } from './messenger.ts';
import { createPicture } from './picture.ts';
import { createSequence } from './sequence.ts';
import type { CollectorReport } from './wire.ts';

/** Between the collectors of a site and a server elsewhere. */
export interface Delivery {
  /** Takes readings from now on, whatever the server does. */
  readonly sink: ReadingSink;
  /** First contact; then delivers until it is stopped. What the server said is for the caller to judge. */
  start(): Promise<Outcome>;
  /** Sends what is left for a moment, keeps the rest, closes the backlog. */
  stop(): Promise<void>;
}

export interface DeliveryOptions {
  readonly model: Pick<Model, 'points'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: () => number;
  readonly client: IngestClient;
  readonly backlog: Backlog;
  /** Random, of this run of the process alone. */
  readonly run: string;
  readonly about: Pick<CollectorReport, 'version' | 'sites'>;
  readonly limitBytes: number;
  readonly diagnostics: () => readonly DeviceDiagnostics[];
}

const tickMs = 500;
const maxReadings = 10_000;
/** More messages than this wait for their answer: further readings go by way of the disk. */
const maxUnderWay = 4;
const farewellMs = 1_500;

/** Live first: fresh readings go out twice a second, the backlog in between. */
export function createDelivery(options: DeliveryOptions): Delivery {
  const { model, clock, log, random, client, backlog, run, limitBytes } = options;
  const ending = new AbortController();
  const cutting = new AbortController();
  const link = createLink({ clock, log, random });
  const sequence = createSequence(run);
  const picture = createPicture(model);
  let owesPicture = false;
  let collected: NamedReading[] = [];
  /** Since when the oldest of `collected` waits. */
  let waitsSince = 0;
  let probing = false;
  let running: Promise<unknown> = Promise.resolve();

  const messenger = createMessenger({
    clock, client, link, sequence,
    signal: cutting.signal,
    about: { ...options.about, startedAt: clock.now() },
    spool: () => ({ ...backlog.state(), limitBytes }),
    diagnostics: options.diagnostics,
    onNewServer: () => (owesPicture = true),
  }); // prettier-ignore
  const live = createLiveLane({ clock, messenger, backlog, sequence });

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

  /** One attempt at a time while nobody takes anything; with readings, since a server may answer and yet store nothing. */
  async function probe(): Promise<void> {
    probing = true;
    await send(take());
    probing = false;
    // Whatever happened meanwhile, the page shows what is now.
    if (link.up) owesPicture = true;
  }

  function keep(): void {
    if (collected.length === 0 || clock.now() - waitsSince < tickMs) return;
    backlog.keep(take());
  }

  function tick(): void {
    live.secure();
    backlog.tick();
    if (link.up && live.underWay() < maxUnderWay) {
      const readings = take();
      if (owesPicture) {
        owesPicture = false;
        readings.push(...unsent(picture.fresh(clock.now()), readings));
      }
      void send(readings);
    } else if (!link.up && !probing && link.due()) void probe();
    else keep();
  }

  async function ticking(): Promise<void> {
    while (!ending.signal.aborted) {
      await clock.until(clock.now() + tickMs, ending.signal);
      if (!ending.signal.aborted) tick();
    }
  }

  return {
    sink(readings) {
      if (collected.length === 0) waitsSince = clock.now();
      picture.add(readings);
      for (const reading of readings) {
        const point = model.points[reading.point];
        if (point !== undefined) collected.push({ ...reading, point: point.id });
      }
    },
    async start() {
      probing = true;
      running = Promise.all([
        ticking(),
        deliverLate({ clock, link, live, messenger, backlog, sequence }, ending.signal),
      ]);
      const outcome = await messenger.send();
      probing = false;
      return outcome;
    },
    async stop() {
      ending.abort();
      const last = take();
      if (link.up) void send(last);
      else if (last.length > 0) backlog.keep(last);
      await Promise.race([Promise.all([live.idle(), running]), clock.until(clock.now() + farewellMs)]);
      cutting.abort();
      await Promise.all([live.idle(), running]);
      backlog.close();
    },
  };
}

/** What of a picture is not among readings that go with it. */
function unsent(all: readonly NamedReading[], readings: readonly NamedReading[]): NamedReading[] {
  const going = new Set(readings.map(({ point, at }) => `${point} ${at}`));
  return all.filter(({ point, at }) => !going.has(`${point} ${at}`));
}
