import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino, { type Logger } from 'pino';
import { createClock, type Clock } from '../../../core/clock.ts';
import type {
  FactsOf,
  Historian,
  Range,
  Sample,
  StoredReading,
} from '../../../server/historian/historian.ts';
import type { Retention } from '../../../server/historian/tiers.ts';

export const silent: Logger = pino({ level: 'silent' });
export const everything: Range = { from: 0, to: Date.parse('2100-01-01') };
/** Nothing expires. */
export const endless: Retention = {
  raw: Infinity,
  '1m': Infinity,
  '1h': Infinity,
  '1d': Infinity,
  pinned: Infinity,
};
export const start = Date.parse('2026-03-01T00:00:00Z');
const timeoutCode = 3;

export function reading(point: string, at: number, value: number): StoredReading {
  return { point, at, value, quality: 0 };
}

export function badReading(point: string, at: number): StoredReading {
  return { point, at, value: Number.NaN, quality: timeoutCode };
}

export function sample(at: number, value: number): Sample {
  return { at, value, quality: 0 };
}

export function badSample(at: number): Sample {
  return { at, value: Number.NaN, quality: timeoutCode };
}

/** Points that end in `/state` are states. */
export const facts: FactsOf = (point) =>
  point.endsWith('/state') ? { isState: true, holdMs: 90_000 } : { isState: false, holdMs: 60_000 };

export function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'pantau-historian-'));
}

/** Time that a test moves; who waits is let go in the order of time. */
export interface ManualClock extends Clock {
  advance(ms: number): Promise<void>;
}

export function manualClock(now: number): ManualClock {
  let waiting: { readonly at: number; go(): void }[] = [];
  const clock = createClock({
    now: () => now,
    monotonic: () => now,
    after(delayMs, wake) {
      const waiter = { at: now + delayMs, go: wake };
      waiting.push(waiter);
      return () => {
        waiting = waiting.filter((each) => each !== waiter);
      };
    },
  });
  return {
    ...clock,
    sleep: (delayMs, signal) => (delayMs <= 0 ? Promise.resolve() : clock.sleep(delayMs, signal)),
    async advance(ms) {
      const end = now + ms;
      for (;;) {
        const [next] = waiting.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        now = Math.max(now, next.at);
        waiting = waiting.filter((entry) => entry !== next);
        next.go();
        await settle();
      }
      now = end;
    },
  };
}

/** Lets everything run that waits for nothing but its turn. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** A historian on something durable that outlives it. */
export interface Bench {
  open(): Promise<Historian>;
  /** What the store does with time alone: an embedded one merges. */
  rest(): Promise<void>;
  remove(): Promise<void>;
}
