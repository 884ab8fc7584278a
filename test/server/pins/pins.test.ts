import { afterEach, expect, test } from 'vitest';
import type { Pin } from '../../../server/historian/historian.ts';
import type { IncidentSummary, IncidentView } from '../../../server/contracts/incidents.ts';
import { loadTestPin, watchIncidents } from '../../../server/pins/pins.ts';
import { createEvidence } from '../../../server/pins/scope.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { capturedLog } from '../support/http.ts';
import { pointOf, shippedModel } from '../support/server.ts';

const minute = 60_000;
const hour = 60 * minute;
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

type Told = Pick<IncidentView, 'id' | 'priority' | 'rule' | 'openedAt' | 'resolvedAt'> & {
  readonly alarms: readonly Pick<IncidentView['alarms'][number], 'point' | 'since'>[];
};

/** Incidents as the service tells of them; only what pins look at. */
function watched(options: { stored?: Told[]; evidence?: (points: readonly string[]) => string[] } = {}) {
  const clock = createFakeClock();
  const told = new Map<string, Told>((options.stored ?? []).map((each) => [each.id, each]));
  const listeners = new Set<(summary: IncidentSummary) => void>();
  const pins: Pin[] = [];
  const { log, lines } = capturedLog();
  const state = { fails: false };
  const incidents = {
    list: async ({ priorities = [] }: { priorities?: readonly string[] }) =>
      [...told.values()].filter(
        ({ priority, resolvedAt }) => resolvedAt === null && priorities.includes(priority),
      ),
    get: async (id: string) => told.get(id),
    onChange(listener: (summary: IncidentSummary) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const watch = watchIncidents({
    historian: {
      async pin(pin) {
        if (state.fails) throw new Error('the store is away');
        pins.push(pin);
      },
    },
    // @ts-expect-error -- a whole incident has fifty fields that pins do not look at
    incidents,
    evidence: options.evidence ?? ((points) => [...points]),
    clock,
    log,
  });
  closing.push(() => watch.close());
  return {
    clock, pins, lines, state,
    tell: (incident: Told): void => {
      told.set(incident.id, incident);
      // @ts-expect-error -- as above
      for (const listener of listeners) listener(incident);
    },
  }; // prettier-ignore
}

const iso = (at: number): string => new Date(at).toISOString();
const incident = (now: number, more: Partial<Told> = {}): Told => ({
  id: 'i1',
  priority: 'P1',
  rule: 'ups-on-battery',
  openedAt: iso(now),
  resolvedAt: null,
  alarms: [{ point: 'dc/ups-a1/state', since: iso(now - 5 * minute) }],
  ...more,
});

test('readings are pinned from an hour before the first alarm to an hour after the end', async () => {
  const { clock, pins, tell } = watched();
  const start = clock.now();
  tell(incident(start));
  await clock.advance(minute);
  expect(pins).toEqual([
    {
      name: 'incident:i1',
      points: ['dc/ups-a1/state'],
      range: { from: start - 65 * minute, to: expect.any(Number) },
    },
  ]);
  expect(pins[0]?.range.to).toBeGreaterThan(clock.now() + hour);

  const end = clock.now();
  tell(incident(start, { resolvedAt: iso(end) }));
  await clock.advance(minute);
  expect(pins.at(-1)).toMatchObject({ range: { from: start - 65 * minute, to: end + hour } });
  await clock.advance(12 * hour);
  expect(pins).toHaveLength(2);
});

test('a pin is moved on while the incident is open, and grows with its alarms', async () => {
  const { clock, pins, tell } = watched();
  const start = clock.now();
  tell(incident(start));
  for (let passed = 0; passed < 20; passed += 1) {
    await clock.advance(hour);
    // Never less than an hour of it is left: a restart that takes a while costs nothing.
    expect(pins.at(-1)?.range.to).toBeGreaterThan(clock.now() + hour);
  }
  expect(pins.length).toBeLessThan(15);
  tell(incident(start, { alarms: [{ point: 'dc/ups-a2/state', since: iso(start - hour) }] }));
  await clock.advance(minute);
  expect(pins.at(-1)).toMatchObject({
    points: ['dc/ups-a1/state', 'dc/ups-a2/state'],
    range: { from: start - 2 * hour },
  });
});

test('less urgent incidents and trials are not pinned; one that becomes urgent is', async () => {
  const { clock, pins, tell } = watched();
  tell(incident(clock.now(), { priority: 'P3' }));
  tell(incident(clock.now(), { id: 'i2', rule: 'trial' }));
  await clock.advance(2 * minute);
  const before = pins.filter(({ name }) => name === 'incident:i1');
  tell(incident(clock.now(), { priority: 'P2' }));
  await clock.advance(minute);
  expect(before).toEqual([]);
  expect(pins.some(({ name }) => name === 'incident:i1')).toBe(true);
});

test('what was open before a restart is pinned again', async () => {
  const start = createFakeClock().now();
  const { clock, pins } = watched({ stored: [incident(start)] });
  await clock.advance(minute);
  expect(pins).toHaveLength(1);
});

test('a store that is away is asked again, and the log says it once', async () => {
  const { clock, pins, tell, lines, state } = watched();
  state.fails = true;
  tell(incident(clock.now()));
  await clock.advance(5 * minute);
  expect(lines.filter((line) => line.includes('cannot be marked'))).toHaveLength(1);
  state.fails = false;
  await clock.advance(minute);
  expect(pins).toHaveLength(1);
});

test('evidence is the power chain and the room, not the site', () => {
  const model = shippedModel();
  const evidence = createEvidence(model);
  const alarm = 'dc/ups-a1/output-power';
  pointOf(model, alarm);
  const found = evidence([alarm]);
  expect(found[0]).toBe(alarm);
  const owners = new Set(found.map((id) => id.split('/').slice(0, 2).join('/')));
  expect([...owners]).toEqual(expect.arrayContaining(['dc/ups-a1']));
  expect([...owners].some((owner) => owner.startsWith('dc/genset'))).toBe(true);
  expect(found.length).toBeLessThanOrEqual(2_000);
  expect(found.length).toBeLessThan(model.points.length / 10);
  // Every alarm of a flood counts, whatever its surroundings.
  const flood = model.points
    .filter(({ site }) => site === 'dc')
    .slice(0, 5_000)
    .map(({ id }) => id);
  expect(evidence(flood)).toEqual(flood);
  // A point that is not configured any more is evidence nevertheless.
  expect(evidence(['dc/gone/temperature'])).toEqual(['dc/gone/temperature']);
});

test('a load test has an hour around it', () => {
  expect(loadTestPin('t1', { points: ['p'], range: { from: 2 * hour, to: 3 * hour } })).toEqual({
    name: 'load-test:t1',
    points: ['p'],
    range: { from: hour, to: 4 * hour },
  });
});
