import { expect, it } from 'vitest';
import { good } from '../../../core/reading.ts';
import type { CollectorIdentity } from '../../../server/auth/identity.ts';
import { createIngest } from '../../../server/ingest/service.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { fieldModel, silentLog } from '../../support/field.ts';
import { modbusMeter } from '../../collectors/poller/meters.ts';

const model = fieldModel([modbusMeter('a')]);
const who: CollectorIdentity = {
  name: 'one', role: 'collector', by: 'token', collector: 'one', sites: ['t'],
}; // prettier-ignore

/** A collector's live batch of one reading to a store that takes it or not; what happened, in order. */
async function send(takes: boolean, aheadMs = 0) {
  const clock = createFakeClock();
  const done: string[] = [];
  const times: number[] = [];
  const ingest = createIngest({
    model,
    clock,
    log: silentLog,
    remoteCollectors: { heard: () => undefined, count: () => undefined },
    ledger: {
      has: () => Promise.resolve(false),
      mark: async () => void done.push('confirmed'),
    },
    show: (readings) => {
      done.push('shown');
      times.push(...readings.map(({ at }) => at - clock.now()));
    },
    storeEvents: () => Promise.resolve({ added: 0, repeated: 0 }),
    append: async (readings) => {
      done.push(takes ? 'stored' : 'refused');
      times.push(...readings.map(({ at }) => at - clock.now()));
      if (!takes) throw new Error('disk full');
    },
  });
  const at = clock.now() + aheadMs;
  const batch = {
    run: 'run00000001', sequence: 1, settled: 1, live: true, points: ['t/a/power'],
    point: [0, 0], at: [at - 400, at], value: [1, 2], quality: [good, good],
  }; // prettier-ignore
  const answer = await ingest.take(who, { sentAt: at, batch }).then(
    () => 'answered',
    () => 'try again',
  );
  return { done, answer, times };
}

it('shows a live batch before it stores it, and confirms it when it is durable', async () => {
  expect(await send(true)).toMatchObject({ done: ['shown', 'stored', 'confirmed'], answer: 'answered' });
});

it('shows what a store that is away does not take, and does not confirm it', async () => {
  expect(await send(false)).toMatchObject({ done: ['shown', 'refused'], answer: 'try again' });
});

it('corrects the times of a collector whose clock is ahead, one by one', async () => {
  expect((await send(true, 3_600_000)).times).toEqual([-400, 0, -400, 0]);
});
