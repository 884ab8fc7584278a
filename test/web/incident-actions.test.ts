import { describe, expect, it } from 'vitest';
import type { AlarmConditions } from '../../server/contracts/alarms.ts';
import { isWaiting } from '../../domain/severity.ts';
import { allowedVerbs, needsReason } from '../../web/incidents/allowed.ts';
import { incident } from './support.ts';

const standing: AlarmConditions & { until: string | null } = {
  alarmState: 'unacknowledged', acknowledged: false, latched: false, shelvedUntil: null, suppressed: false, suppressedBy: null, chattering: false,
  outOfService: false, until: null,
}; // prettier-ignore
const returned = '2026-11-23T03:00:00Z';

describe('the buttons of an alarm', () => {
  it.each([
    ['stands unacknowledged', {}, ['ack', 'shelve', 'suppress', 'out-of-service']],
    ['stands latched', { latched: true }, ['ack', 'shelve', 'suppress', 'out-of-service']],
    ['is latched and has returned', { latched: true, until: returned }, ['ack', 'reset', 'shelve', 'suppress', 'out-of-service']],
    ['is acknowledged', { acknowledged: true }, ['shelve', 'suppress', 'out-of-service']],
    ['is hidden in every way', { acknowledged: true, shelvedUntil: returned, suppressed: true, outOfService: true }, ['unshelve', 'unsuppress', 'return-to-service']],
  ] as const)('when it %s', (_, facts, verbs) => {
    expect(allowedVerbs({ ...standing, ...facts })).toEqual(verbs);
  }); // prettier-ignore

  it('ask for a reason where something is hidden', () => {
    expect(allowedVerbs(standing).filter(needsReason)).toEqual(['shelve', 'suppress', 'out-of-service']);
  });
});

it.each([
  ['open, seen by nobody', {}, true],
  ['acknowledged', { acknowledgedAt: returned, unacknowledged: 0 }, false],
  ['acknowledged, and an alarm joined since', { acknowledgedAt: returned, unacknowledged: 1 }, true],
  ['resolved, seen by nobody', { state: 'resolved', unacknowledged: 1 }, true],
  ['resolved long ago', { state: 'resolved', unacknowledged: 0 }, false],
] as const)('an incident waits for somebody to see it when it is %s: %j', (_, facts, waits) => {
  expect(isWaiting(incident('i', facts))).toBe(waits);
});
