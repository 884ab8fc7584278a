import { afterEach, expect, test } from 'vitest';
import { openEventQueue } from '../../../core/event-queue.ts';
import type { FieldEvent } from '../../../core/field-event.ts';
import { createEventStore } from '../../../server/access/event-store.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { capturedLog } from '../support/http.ts';

const now = Date.UTC(2026, 10, 23, 3, 30);
const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const event = (number: number, at = now - 1_000): FieldEvent => ({
  id: `dc/door#${number}`, source: 'dc/door', at, kind: 'other', attributes: {},
}); // prettier-ignore

/** A database that knows what it has, and can be away. */
function setUp() {
  const clock = createFakeClock(now);
  const { log, lines } = capturedLog();
  const rows = new Map<string, FieldEvent>();
  const passedOn: string[] = [];
  const database = { away: false };
  const store = createEventStore({
    repository: {
      add: (events, _at, judge) => {
        if (database.away) return Promise.reject(new Error('the disk is full'));
        const added = events.filter(({ id }) => !rows.has(id));
        for (const each of added) rows.set(each.id, each);
        return Promise.resolve([...added, ...(judge?.(added).found ?? [])]);
      },
    },
    queue: openEventQueue({ path: ':memory:', log, now: () => now }),
    clock,
    log,
    onStored: (events) => passedOn.push(...events.map(({ id }) => id)),
  });
  cleanups.push(() => store.close());
  return { clock, lines, rows, passedOn, database, store };
}

test('an event that comes twice is stored and passed on once', async () => {
  const { store, rows, passedOn, clock } = setUp();
  store.sink([event(1)]);
  store.sink([event(1), event(2)]);
  await clock.advance(1);
  expect(await store.store([event(2), event(3)])).toEqual({ added: 1, repeated: 1 });
  expect([...rows.keys()]).toEqual(['dc/door#1', 'dc/door#2', 'dc/door#3']);
  expect(passedOn).toEqual([...rows.keys()]);
});

test('while the database takes nothing, events wait; afterwards each is there once', async () => {
  const { store, rows, passedOn, clock, database, lines } = setUp();
  database.away = true;
  for (let number = 0; number < 5; number += 1) {
    store.sink([event(number)]);
    await clock.advance(3_000);
  }
  await expect(store.store([event(9)])).rejects.toThrow('the disk is full');
  expect(store.state()).toMatchObject({ waiting: 5, failing: true, stored: 0 });
  database.away = false;
  await clock.advance(11_000);
  expect(rows.size).toBe(5);
  expect(passedOn).toHaveLength(5);
  expect(store.state()).toMatchObject({ waiting: 0, failing: false, stored: 5 });
  expect(lines.filter((line) => JSON.stringify(line).includes('cannot be stored'))).toHaveLength(1);
});

test('an event of tomorrow has happened now', async () => {
  const { store, rows, clock } = setUp();
  store.sink([event(1, now + 86_400_000)]);
  await clock.advance(1);
  expect(rows.get('dc/door#1')).toMatchObject({ attributes: { 'time-flag': 'clock-ahead' } });
  expect(rows.get('dc/door#1')?.at).toBeLessThanOrEqual(now + 1);
});
