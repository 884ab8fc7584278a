import type { Logger } from 'pino';
import type { Privacy } from '../../../config/schema/privacy.ts';
import type { Clock } from '../../../core/clock.ts';
import { createLooks } from '../../../core/looks.ts';
import { iso } from '../../../core/time.ts';
import { dayMs } from '../../../core/wib.ts';
import type { RetentionView } from '../../contracts/persons.ts';
import type { Database } from '../../db/schema.ts';
import { erase } from './erase.ts';
import {
  expiredEvents,
  expiredSeries,
  expiredTickets,
  newestCheckpoints,
  storedNow,
  type Cuts,
} from './expired.ts';
import type { Held } from './held.ts';

/** Erases personal data that is past its period, by itself: each batch an entry of the log, like an erasure that a person asked for. */
export interface PersonalRetention {
  /** Call once a second. */
  tick(): void;
  /** Resolves when nothing is being erased. */
  settled(): Promise<void>;
  view(): RetentionView;
  /** Why the last look did not end, for health. */
  problem(): string | undefined;
  close(): Promise<void>;
}

/** Who is named in the log. */
const actor = 'retention';
const firstAfterMs = 300_000;
const everyMs = 6 * 3_600_000;
/** A batch is one transaction: others wait for it. */
const ticketsAtOnce = 20;
const eventsAtOnce = 100;
/** Between batches, so that writing goes on. */
const pauseMs = 50;

export function createRetention(options: {
  readonly db: Database;
  readonly privacy: Privacy;
  readonly clock: Pick<Clock, 'now' | 'monotonic' | 'sleep'>;
  readonly newId: (at: number) => string;
  /** Whoever keeps tickets or cards in memory reads these again. */
  readonly onErased: (tickets: readonly string[]) => Promise<void>;
  readonly log: Logger;
}): PersonalRetention {
  const { db, privacy, clock, newId, onErased, log } = options;
  const looks = createLooks(clock, { everyMs, firstAfterMs }, look);
  let problem: string | undefined;
  let last: RetentionView['last'] = null;

  async function eraseBatch(held: Held, reason: string): Promise<number> {
    if (held.tickets.length + held.events.length + held.series.length === 0) return 0;
    const { values, tickets } = await db
      .transaction()
      .execute((trx) => erase(trx, { held, at: clock.now(), actor, reason, newId }));
    if (tickets.length > 0) await onErased(tickets.map(({ id }) => id));
    await clock.sleep(pauseMs, looks.signal);
    return values;
  }

  async function eraseExpired(cuts: Cuts): Promise<{ tickets: number; events: number; values: number }> {
    const done = { tickets: 0, events: 0, values: 0 };
    const because = (period: number): string => `older than ${period / dayMs} days: ${privacy.source}`;
    for (let after: string | undefined = ''; after !== undefined && !looks.signal.aborted;) {
      const { held, next } = await expiredTickets(db, { cut: cuts.tickets, after, limit: ticketsAtOnce });
      done.values += await eraseBatch(held, because(privacy.tickets));
      done.tickets += held.tickets.length;
      after = next;
    }
    done.values += await eraseBatch(await expiredSeries(db, cuts.tickets), because(privacy.tickets));
    type Place = readonly [at: number, id: string];
    for (let after: Place | undefined = [0, '']; after !== undefined && !looks.signal.aborted;) {
      const { held, next }: { held: Held; next: Place | undefined } = await expiredEvents(db, { cut: cuts.events, after, limit: eventsAtOnce }); // prettier-ignore
      done.values += await eraseBatch(held, because(privacy.events));
      done.events += held.events.length;
      after = next;
    }
    return done;
  }

  async function look(): Promise<void> {
    try {
      const now = storedNow(await newestCheckpoints(db), clock.now());
      const cuts =
        now === undefined ? undefined : { tickets: now - privacy.tickets, events: now - privacy.events };
      const done = cuts === undefined ? { tickets: 0, events: 0, values: 0 } : await eraseExpired(cuts);
      last = {
        at: iso(clock.now()),
        ticketsBefore: cuts === undefined ? null : iso(cuts.tickets),
        eventsBefore: cuts === undefined ? null : iso(cuts.events),
        ...done,
      };
      problem = undefined;
      if (done.values > 0) log.info(done, 'personal data past its period was erased');
    } catch (error) {
      if (looks.signal.aborted) return;
      if (problem === undefined) log.error({ err: error }, 'personal data past its period cannot be erased; trying again'); // prettier-ignore
      problem = `personal data past its period cannot be erased: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  return {
    tick: () => looks.tick(),
    settled: () => looks.settled(),
    view: () => ({
      ticketDays: privacy.tickets / dayMs,
      eventDays: privacy.events / dayMs,
      source: privacy.source,
      last,
    }),
    problem: () => problem,
    close: () => looks.close(),
  };
}
