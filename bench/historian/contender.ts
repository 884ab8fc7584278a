import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { pino } from 'pino';
import { z } from 'zod';
import { createClock, type Clock } from '../../core/clock.ts';
import { wibDay } from '../../core/wib.ts';
import { openEmbeddedHistorian } from '../../server/historian/embedded/embedded.ts';
import type { FactsOf, Historian } from '../../server/historian/historian.ts';
import { loadHistory, type History } from './load.ts';

/** A store under test: each is given the same readings and asked the same questions. */
export interface Contender {
  readonly name: string;
  /** A store of its own in an empty folder; `now` is what its clock reads at first. */
  open(folder: string, now: number): Promise<Trial>;
  /** Puts a history into the folder before it is opened, where the store has a short way for that; returns how many readings it has. */
  load?(folder: string, history: History): number;
}
interface EmbeddedContender extends Contender {
  load(folder: string, history: History): number;
}
export interface Trial {
  readonly historian: Historian;
  /** A history is appended so many readings at a time, or a slot of all points where that is more. */
  readonly readingsPerAppend: number;
  /** Sets its clock and lets the store do what it does with time, until nothing is left to do. */
  rest(now: number): Promise<void>;
  /** What the readings take on disk: the pages in use. The others held minutes before they were compacted, and will again. */
  bytes(): Promise<number>;
}

const minuteMs = 60_000;
const fileName = 'readings.db';

export const facts: FactsOf = (point) => ({ isState: point.endsWith('quantity-0'), holdMs: 35_000 });

export const embedded: EmbeddedContender = embeddedWith(facts);

/** The embedded store, which knows of its points what is given. */
export function embeddedWith(known: FactsOf): EmbeddedContender {
  return {
    name: 'embedded',
    open: (folder, now) => openEmbedded({ folder, now, known }),
    load: (folder, history) => loadHistory(join(folder, fileName), history, known),
  };
}

async function openEmbedded({
  folder,
  now,
  known,
}: {
  readonly folder: string;
  readonly now: number;
  readonly known: FactsOf;
}): Promise<Trial> {
  const clock = createBenchClock(now);
  const path = join(folder, fileName);
  const log = pino({ level: 'error' }, process.stderr);
  const historian = await openEmbeddedHistorian({ path, clock, log, facts: known });
  const database = new DatabaseSync(path);
  // A day that is not over stays unsettled.
  const count = database.prepare(
    'select (select count(*) from tick where min_at < ?) + (select count(*) from chunk where minute < ?) + (select count(*) from unsettled where day < ?) as n',
  );
  const row = z.object({ n: z.number() });
  return {
    // As the field does: each slot by itself.
    readingsPerAppend: 1,
    historian: {
      ...historian,
      async close() {
        database.close();
        await historian.close();
      },
    },
    async rest(until) {
      const hours = Math.floor((until - 90_000) / 3_600_000) * 60;
      const day = wibDay(until - 3_600_000) - 1;
      const waiting = (): number => row.parse(count.get(hours * 60_000, hours, day)).n;
      const step = async (): Promise<void> => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        // What was begun by then ends before this is answered.
        await historian.append([]);
      };
      clock.set(Math.max(until + minuteMs, clock.now()));
      await step();
      for (let left = waiting(); left > 0;) {
        await step();
        const now = waiting();
        // While it is at work its clock stands: hours that are still being fed would be compacted again after every append.
        if (now === left) clock.set(clock.now() + minuteMs);
        left = now;
      }
    },
    bytes() {
      const pages = (name: string): number =>
        z.record(z.string(), z.number()).parse(database.prepare(`pragma ${name}`).get())[name] ?? 0;
      return Promise.resolve((pages('page_count') - pages('freelist_count')) * pages('page_size'));
    },
  };
}

interface BenchClock extends Clock {
  set(now: number): void;
}

/** Wall time that is set, so that hours pass at once; whoever waits is let go when it has come. */
function createBenchClock(begin: number): BenchClock {
  let now = begin;
  let waiting: { readonly at: number; readonly wake: () => void }[] = [];
  const clock = createClock({
    now: () => now,
    monotonic: () => now - begin,
    after(delayMs, wake) {
      const waiter = { at: now + delayMs, wake };
      waiting.push(waiter);
      return () => {
        waiting = waiting.filter((each) => each !== waiter);
      };
    },
  });
  return {
    ...clock,
    set(next) {
      now = next;
      const due = waiting.filter(({ at }) => at <= now);
      waiting = waiting.filter(({ at }) => at > now);
      for (const { wake } of due) wake();
    },
  };
}
