import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { knownStates } from '../../../config/check/rules.ts';
import { loadConfig } from '../../../config/load.ts';
import { allProfiles } from '../../../config/load/profiles.ts';
import type { Model } from '../../../config/model.ts';
import { bindRules, type BoundAlarms } from '../../../config/alarms/bind.ts';
import { priorityOf } from '../../../server/incidents/priority.ts';
import { createRiskFinder } from '../../../server/incidents/risk.ts';
import { seatOf } from '../../../server/incidents/seat.ts';

const config = fileURLToPath(new URL('../../../config', import.meta.url));

let model: Model;
let bound: BoundAlarms;
beforeAll(() => {
  const loaded = loadConfig(config);
  if (!loaded.ok) throw new Error(loaded.problems.map((problem) => JSON.stringify(problem)).join('\n'));
  model = loaded.model;
  bound = bindRules(model);
});

describe('every shipped rule', () => {
  it('looks at something on each of the three sites', () => {
    // Of what only some sites have: rack PDUs with thresholds of their own.
    const elsewhere = new Set(['rack-phase-overload at smart-dc', 'rack-phase-overload at drc']);
    // Of devices that none of them has; docs/coverage.md shows the profiles that they bind in.
    const ofOthers = [
      'tamper', 'sensor-unit-fault', 'gas-detected', 'ats-redundancy-lost', 'ups-battery-disconnected', 'breaker-tripped', 'contact-alarm',
    ]; // prettier-ignore
    for (const rule of ofOthers) for (const { id } of model.sites) elsewhere.add(`${rule} at ${id}`);
    // Of the server itself, which stands at the first site.
    const [, ...others] = model.sites;
    const rulesOfServer = new Set(bound.alarms.flatMap(({ rule, point }) => (point.owner.id === 'server' ? [rule.rule] : []))); // prettier-ignore
    for (const rule of rulesOfServer) for (const { id } of others) elsewhere.add(`${rule} at ${id}`);
    const idle = model.rules.flatMap(({ rule }) =>
      model.sites
        .filter(
          ({ id }) => !bound.alarms.some((alarm) => alarm.rule.rule === rule && alarm.point.site === id),
        )
        .map(({ id }) => `${rule} at ${id}`),
    );
    expect(idle.filter((name) => !elsewhere.has(name))).toEqual([]);
  });

  it('waits for no state that its points cannot be in', () => {
    const known = knownStates(allProfiles(config), []);
    const unknown = model.rules.flatMap(({ rule, when, points: { quantity } }) => {
      if (!('states' in when)) return [];
      const points = bound.alarms.filter((alarm) => alarm.rule.rule === rule).map(({ point }) => point);
      const names = new Set([
        ...points.flatMap(({ states }) => Array.from(states?.values() ?? [])),
        ...quantity.flatMap((each) => [...(known.get(each) ?? [])]),
      ]);
      return when.states.filter((state) => !names.has(state)).map((state) => `${rule}: ${state}`);
    });
    expect(unknown).toEqual([]);
  });

  it('names its source, and the catalogue’s by the part of the site', () => {
    const parts = new Map(model.sites.map(({ id, standard }) => [id, standard.clause]));
    const wrong = bound.alarms.filter(({ clause, point }) => {
      const named = /BAB IV\.\d/.exec(clause)?.[0] ?? parts.get(point.site);
      return clause === '' || /[{}]/.test(clause) || named !== parts.get(point.site);
    });
    expect(wrong).toEqual([]);
  });
});

describe('the shipped limits', () => {
  const limitOf = (key: string): unknown => {
    const alarm = bound.byKey.get(key);
    return alarm === undefined ? undefined : { ...alarm.test, clause: alarm.clause };
  };

  it('judge both feeds and the sum of every rack by the rack’s own limit', () => {
    for (const rule of ['rack-feed-overload', 'rack-redundancy-lost']) {
      const alarms = bound.alarms.filter((alarm) => alarm.rule.rule === rule);
      expect(alarms).toHaveLength(model.racks.length * (rule === 'rack-feed-overload' ? 2 : 1));
    }
    const limits = new Set(
      bound.alarms
        .filter(({ rule, point }) => rule.rule === 'rack-redundancy-lost' && point.site === 'smart-dc')
        .map(({ test }) => ('limit' in test ? test.limit : undefined)),
    );
    expect(limits).toEqual(new Set([2, 3, 5]));
  });

  it('are those of BAB IV', () => {
    expect(limitOf('endurance-short@smart-dc/site/endurance')).toEqual({ kind: 'below', limit: 345_600, deadband: 1_800, clause: 'BAB IV.2.6' }); // prettier-ignore
    const climate = (rule: string): unknown => {
      const alarm = bound.alarms.find((each) => each.rule.rule === rule && each.point.site === 'drc');
      return alarm === undefined || !('limit' in alarm.test) ? undefined : [alarm.test.limit, alarm.clause];
    };
    expect(climate('temperature-high')).toEqual([27, 'BAB IV.3.4']);
    expect(climate('temperature-low')).toEqual([18, 'BAB IV.3.4']);
    expect(climate('humidity-high')).toEqual([60, 'BAB IV.3.4']);
    expect(climate('humidity-low')).toEqual([30, 'BAB IV.3.4']);
  });

  it('judge climate only at inlets and in rooms of data halls', () => {
    const halls = new Set(model.rooms.filter(({ kind }) => kind === 'data-hall').map(({ key }) => key));
    for (const { rule, point } of bound.alarms) {
      if (!/^(temperature|humidity|dew-point)-/.test(rule.rule)) continue;
      expect(halls).toContain(`${point.site}/${point.room}`);
      // A figure of the hall is of those sensors alone (`config/build/derived.ts`).
      expect(['inlet', 'room']).toContain(point.owner.kind === 'room' ? 'room' : point.position);
    }
  });
});

it.each([
  ['fire', 'P1'],
  ['gas-release', 'P1'],
  ['smoke-action', 'P1'],
  ['smoke-alert', 'P2'],
  ['leak', 'P1'],
  ['ups-on-battery', 'P1'],
  ['ups-battery-low', 'P1'],
  ['pln-source-lost', 'P2'],
  ['temperature-high', 'P2'],
  ['fire-device-lost', 'P1'],
  ['meter-lost', 'P3'],
])('%s in a place of high impact is %s', (name, priority) => {
  const risk = createRiskFinder(model);
  const alarm = bound.alarms.find(
    (alarm) => alarm.rule.rule === name && risk.impactAt(alarm.point.site, [seatOf(alarm)]) === 'tinggi',
  );
  expect(alarm === undefined ? undefined : priorityOf(model, alarm.rule.urgency, 'tinggi')).toBe(priority);
});
