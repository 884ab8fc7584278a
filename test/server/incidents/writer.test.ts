import { pino } from 'pino';
import { expect, it } from 'vitest';
import { unhandled, type IncidentRecord, type IncidentRow } from '../../../server/incidents/record.ts';
import { createWriter } from '../../../server/incidents/writer.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

function record(id: string, version = 1): IncidentRecord {
  const incident: IncidentRow = {
    id, version, group_key: '', site: 'dc', room: null, rule: 'r', name_id: 'n', name_en: 'n', discipline: 'power',
    urgency: 'sedang', impact: 'sedang', priority: 'P3', clause: '', opened_at: 0, due_at: 0, acknowledged_at: null,
    acknowledged_by: null, returned_at: null, resolved_at: null, merged_into: null, title_id: 'n', title_en: 'n', causes: '[]',
    life_safety: 0, ...unhandled, active: 1, unacknowledged: 1, total: 1, worst_alarm: null, worst_occurrence: null,
  }; // prettier-ignore
  return { incident, worst: null };
}

/** A store whose transactions end when the test reports it. */
function writing() {
  const clock = createFakeClock();
  const told: string[] = [];
  const attempts: { ids: string[]; end: (error?: Error) => void }[] = [];
  const writer = createWriter({
    write: (batch) =>
      new Promise((resolve, reject) => {
        const end = (error?: Error): void => (error === undefined ? resolve() : reject(error));
        attempts.push({ ids: [...batch.incidents.keys()], end });
      }),
    announce: ({ incident }, durable) => told.push(`${incident.id} ${durable ? 'durable' : 'in memory'}`),
    attempted: () => undefined,
    lastEvent: 0,
    clock,
    log: pino({ level: 'silent' }),
  });
  const put = (id: string): void => {
    writer.incident(record(id), true);
    writer.flushSoon();
  };
  return { clock, told, attempts, writer, put, settle: () => clock.advance(0) };
}

it('what arrives while a batch is being written is announced by its own batch, not by the one before', async () => {
  const { told, attempts, put, settle } = writing();
  put('first');
  await settle();
  put('second');
  attempts[0]?.end();
  await settle();
  expect(told).toEqual(['first durable']);
  expect(attempts.map(({ ids }) => ids)).toEqual([['first'], ['second']]);
  attempts[1]?.end();
  await settle();
  expect(told).toEqual(['first durable', 'second durable']);
});

it('a store that hangs hides nothing: what waits is announced as not durable after two seconds, later ones at once', async () => {
  const { clock, told, attempts, writer, put, settle } = writing();
  put('first');
  await clock.advance(1_999);
  expect(told).toEqual([]);
  await clock.advance(1);
  put('second');
  await settle();
  expect(told).toEqual(['first in memory', 'second in memory']);
  expect(writer.problem()).toBe('the store does not answer');
  attempts[0]?.end();
  await settle();
  attempts[1]?.end();
  await settle();
  expect(told.slice(2)).toEqual(['first durable', 'second durable']);
});

it('what fails is announced as not durable once, and again when it is written', async () => {
  const { clock, told, attempts, put, settle } = writing();
  put('one');
  await settle();
  for (const attempt of [0, 1]) {
    attempts[attempt]?.end(new Error('disk is full'));
    await clock.advance(2_000);
  }
  attempts[2]?.end();
  await settle();
  expect(told).toEqual(['one in memory', 'one durable']);
});
