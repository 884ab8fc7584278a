import type { Logger } from 'pino';
import type { Model } from '../../config/model.ts';
import type { Clock } from '../../core/clock.ts';
import type { Reading, ReadingSink } from '../../core/reading.ts';
import type { EventsAnswer, IngestInput, IngestOutput, WireBatch } from '../../collectors/remote/wire.ts';
import type { EventStore } from '../access/event-store.ts';
import type { FieldEvent } from '../../core/field-event.ts';
import type { CollectorIdentity } from '../auth/identity.ts';
import type { StoredReading } from '../historian/historian.ts';
import { ProblemError, unprocessable } from '../http/problem.ts';
import type { RemoteCollectors } from './remote-collectors.ts';
import type { Ledger } from './ledger.ts';
import { columnsProblem, sortBatch, type SortedBatch } from './sort.ts';

export interface IngestService {
  /**
   * Takes a collector's message. Resolves once its batch is durable; a batch that was taken before gets the same answer and
   * changes nothing. Throws ProblemError: 422 for a batch that can never be taken, 503 while the store takes nothing.
   */
  take(who: CollectorIdentity, message: IngestInput): Promise<IngestOutput>;
}

export interface IngestOptions {
  readonly model: Model;
  readonly clock: Clock;
  readonly log: Logger;
  readonly remoteCollectors: Pick<RemoteCollectors, 'heard' | 'count'>;
  readonly ledger: Ledger;
  /** The store; resolves when the readings are durable. */
  readonly append: (readings: readonly StoredReading[]) => Promise<void>;
  /** Shows and judges what is new now. */
  readonly show: ReadingSink;
  /** Resolves when the events are durable. */
  readonly storeEvents: EventStore['store'];
}

const retryAfterSeconds = '5';

export function createIngest(options: IngestOptions): IngestService {
  const { model, clock, log, remoteCollectors, ledger, append, show, storeEvents } = options;
  const startedAt = clock.now();
  /** Batches that are being stored, so that one sent again meanwhile waits for the first. */
  const underWay = new Map<string, Promise<unknown>>();
  const spoken = new Set<string>();

  async function store(who: CollectorIdentity, batch: WireBatch, sorted: SortedBatch): Promise<void> {
    show(sorted.live);
    try {
      await append(sorted.readings.map((reading) => stored(model, reading)));
      const { run, sequence, settled } = batch;
      await ledger.mark({ collector: who.collector, run, sequence }, { settled, now: clock.now() });
    } catch (error) {
      throw new ProblemError(503, {
        detail: 'the readings could not be stored; send the batch again',
        headers: { 'Retry-After': retryAfterSeconds },
        cause: error,
      });
    }
  }

  function count({ collector }: CollectorIdentity, { readings, live, refused, ahead }: SortedBatch): void {
    const total = refused.reduce((sum, each) => sum + each.readings, 0);
    remoteCollectors.count(collector, {
      live: live.length,
      late: readings.length - live.length,
      refused: total,
      ahead,
    });
    for (const { reason, points } of refused) {
      // Once for each kind: what is wrong stays wrong until somebody acts.
      if (spoken.has(`${collector} ${reason}`)) continue;
      spoken.add(`${collector} ${reason}`);
      log.warn({ collector, reason, points }, 'readings of a collector are refused');
    }
  }

  async function takeBatch(who: CollectorIdentity, batch: WireBatch, sentAt: number) {
    const problem = columnsProblem(batch);
    if (problem !== undefined) throw unprocessable([{ path: 'body.batch', message: problem }]);
    const { sites, collector } = who;
    const { run, sequence } = batch;
    const sorted = sortBatch(batch, { model, sites, sentAt, now: clock.now() });
    const key = `${collector} ${run} ${sequence}`;
    await underWay.get(key)?.catch(() => undefined);
    const repeat = await ledger.has({ collector, run, sequence });
    if (repeat) remoteCollectors.count(collector, { repeated: sorted.readings.length });
    else {
      const storing = store(who, batch, sorted).finally(() => underWay.delete(key));
      underWay.set(key, storing);
      await storing;
      count(who, sorted);
    }
    return { sequence, stored: sorted.readings.length, repeat, refused: [...sorted.refused] };
  }

  async function takeEvents(who: CollectorIdentity, events: readonly FieldEvent[]): Promise<EventsAnswer> {
    const judged = events.map((event) => ({ event, reason: judgeEvent(event, who.sites, model) }));
    const sound = judged.flatMap(({ event, reason }) => (reason === undefined ? [event] : []));
    const refused = judged.flatMap(({ event: { id }, reason }) =>
      reason === undefined ? [] : [{ id, reason }],
    );
    for (const { id, reason } of refused) {
      if (spoken.has(`${who.collector} event ${reason}`)) continue;
      spoken.add(`${who.collector} event ${reason}`);
      log.warn({ collector: who.collector, reason, id }, 'field events of a collector are refused');
    }
    try {
      await storeEvents(sound);
    } catch (error) {
      throw new ProblemError(503, {
        detail: 'the field events could not be stored; send them again',
        headers: { 'Retry-After': retryAfterSeconds },
        cause: error,
      });
    }
    return { stored: sound.map(({ id }) => id), refused };
  }

  return {
    async take(who, { sentAt, report, batch, events }) {
      const receivedAt = clock.now();
      const foreign = report?.sites.find((site) => !who.sites.includes(site));
      if (foreign !== undefined)
        throw new ProblemError(403, {
          detail: `the token ${who.collector} is for ${who.sites.join(', ')}, not for ${foreign}`,
        });
      remoteCollectors.heard(who, report);
      const taken = batch === undefined ? null : await takeBatch(who, batch, sentAt);
      const happened = events === undefined ? {} : { events: await takeEvents(who, events) };
      return { receivedAt, answeredAt: clock.now(), serverStartedAt: startedAt, batch: taken, ...happened };
    },
  };
}

function stored(model: Model, reading: Reading): StoredReading {
  const point = model.points[reading.point];
  if (point === undefined) throw new RangeError(`no point ${reading.point} in the model`);
  return { ...reading, point: point.id };
}

/** Undefined: it may be stored. An id begins with its source, so that no collector can take the ids of another site's events. */
function judgeEvent(
  { id, source }: FieldEvent,
  sites: readonly string[],
  model: Pick<Model, 'deviceById'>,
): EventsAnswer['refused'][number]['reason'] | undefined {
  if (!sites.includes(source.split('/')[0] ?? '')) return 'other-site';
  if (!model.deviceById.has(source)) return 'unknown-device';
  return id.startsWith(`${source}#`) ? undefined : 'id';
}
