import { describe, expect, it } from 'vitest';
import { bindRules } from '../../config/alarms/bind.ts';
import {
  deviceLost,
  fire,
  hall,
  rack,
  smallModel,
  temperatureHigh,
  type RuleInput,
} from '../server/alarms/small-model.ts';

const link = new Map([[0, 'lost'], [1, 'ok']]); // prettier-ignore

describe('limits', () => {
  it('come from the row of the site, with its clause', () => {
    const endurance: RuleInput = {
      ...temperatureHigh,
      rule: 'endurance-short',
      points: { quantity: ['endurance'] },
      when: { below: { standard: 'endurance' } },
      deadband: 0,
    };
    const points = ['dc', 'smart-dc'].map((site) => ({
      id: `${site}/site/endurance`,
      quantity: 'endurance',
      unit: 's' as const,
    }));
    const { alarms } = bindRules(smallModel({ rules: [endurance], points }));
    expect(alarms.map(({ test, clause }) => ({ test, clause }))).toEqual([
      { test: { kind: 'below', limit: 12 * 3_600, deadband: 0 }, clause: 'BAB IV.1.6' },
      { test: { kind: 'below', limit: 96 * 3_600, deadband: 0 }, clause: 'BAB IV.2.6' },
    ]);
  });

  it('of power are those of the rack', () => {
    const overload: RuleInput = {
      ...temperatureHigh,
      rule: 'rack-feed-overload',
      points: { quantity: ['power'], rackFeed: true },
      when: { above: { standard: 'rack-power' } },
    };
    const power = { quantity: 'power', unit: 'kW', kind: 'pdu', feed: 'A' } as const;
    const points = [
      { id: 'dc/pdu-a01-a/power', rack: 'rack-a01', ...power },
      { id: 'dc/pdu-a02-a/power', rack: 'rack-a02', ...power },
      { id: 'dc/meter-pln/power', quantity: 'power', unit: 'kW' as const },
    ];
    const racks = [rack('rack-a01', 5), rack('rack-a02', 2)];
    const { alarms } = bindRules(smallModel({ rules: [overload], points, racks }));
    expect(alarms.map(({ owner, test }) => [owner, test])).toEqual([
      ['A-01', { kind: 'above', limit: 5, deadband: 0.5 }],
      ['A-02', { kind: 'above', limit: 2, deadband: 0.5 }],
    ]);
  });

  it('named by the rule itself show its source, with the part of the catalogue filled in', () => {
    const points = [{ id: 'dc/vesda/alarm-level', quantity: 'alarm-level', states: new Map([[4, 'fire-1'], [0, 'normal']]) }]; // prettier-ignore
    const [alarm] = bindRules(smallModel({ rules: [fire], points })).alarms;
    expect(alarm).toMatchObject({ clause: 'BAB IV.1.5', test: { kind: 'states', codes: new Set([4]) } });
  });
});

describe('selection', () => {
  it('passes over points that are elsewhere, of another kind, or without the state', () => {
    const rule: RuleInput = {
      ...temperatureHigh,
      points: { quantity: ['temperature'], kind: ['env'], room: ['data-hall'], position: ['inlet', 'room'] },
    };
    const points = [
      { id: 'dc/env-1/temperature', quantity: 'temperature' },
      { id: 'dc/env-2/temperature', quantity: 'temperature', position: 'hot-aisle' as const },
      { id: 'dc/env-3/temperature', quantity: 'temperature', room: 'ups' },
      { id: 'dc/pac-1/temperature', quantity: 'temperature', kind: 'pac' as const },
      { id: 'dc/env-1/link', quantity: 'link', states: link },
      { id: 'dc/vesda/alarm-level', quantity: 'alarm-level', states: new Map([[0, 'normal']]) },
    ];
    const ups = { ...hall, key: 'dc/ups', id: 'ups', kind: 'ups' as const };
    const { alarms, byPoint } = bindRules(
      smallModel({ rules: [rule, fire, deviceLost], points, rooms: [hall, ups] }),
    );
    expect(alarms.map(({ key }) => key)).toEqual([
      'temperature-high@dc/env-1/temperature',
      'device-lost@dc/env-1/link',
    ]);
    expect(byPoint.map((bound) => bound?.length)).toEqual([1, undefined, undefined, undefined, 1, undefined]);
  });
});
