import { describe, expect, test } from 'vitest';
import { adHocDevice } from '../../../config/build/points.ts';
import { profileSchema } from '../../../config/schema/profile.ts';
import { createPlausibility } from '../../../collectors/profile/plausibility.ts';
import { shippedProfile } from '../../support/field.ts';
import { good, qualityCode } from '../../../core/reading.ts';

const address = { protocol: 'modbus', host: '127.0.0.1', port: 502, unit: 1 } as const;
const implausible = qualityCode('implausible');

/** A meter of three phases with a total, and what a nameplate says. */
function meter(rating: { kva?: number; kw?: number } = {}) {
  const profile = profileSchema.parse({
    protocol: 'modbus', kind: 'meter', maker: 'none', model: 'test', source: 'made up',
    points: [
      { quantity: 'apparent-power', unit: 'kVA', address: 0 },
      { quantity: 'power', unit: 'kW', address: 1 },
      { quantity: 'load', unit: '%', address: 2 },
    ],
    groups: [{
      group: 'phases', parts: { l1: 10, l2: 20, l3: 30 },
      points: [{ quantity: 'voltage', unit: 'V', address: 0 }, { quantity: 'current', unit: 'A', address: 1 }],
    }],
  }); // prettier-ignore
  const device = { ...adHocDevice({ ...profile, name: 'meter/test' }, address), rating };
  const plausibility = createPlausibility(device, { after: 1 });
  return (values: Record<string, number>): string[] => {
    const readings = Object.entries(values).flatMap(([name, value]) =>
      device.points
        .filter(({ part, quantity }) => (part === undefined ? quantity : `${part}/${quantity}`) === name)
        .map(({ index }) => ({ point: index, at: 0, value, quality: good })),
    );
    return plausibility
      .mark(readings)
      .filter(({ quality }) => quality === implausible)
      .map(({ point }) => device.points.find(({ index }) => index === point)?.quantity ?? '');
  };
}

/** As a Liebert card with WEB485 reports it, which counts kVA and kW where others count VA and W. */
const phases = {
  'l1/voltage': 118, 'l2/voltage': 118, 'l3/voltage': 118,
  'l1/current': 408, 'l2/current': 394, 'l3/current': 366,
}; // prettier-ignore

describe('a power', () => {
  test('is off where volts times amperes are a thousand times as much', () => {
    const marked = meter();
    expect(marked({ ...phases, 'apparent-power': 0.139, power: 0.138 })).toEqual(['apparent-power', 'power']);
    expect(marked({ ...phases, 'apparent-power': 139_000, power: 138 })).toEqual(['apparent-power']);
  });
  test('is sound with any power factor, at no load, and where a phase is missing', () => {
    const marked = meter();
    expect(marked({ ...phases, 'apparent-power': 139, power: 8 })).toEqual([]);
    expect(marked({ ...phases, 'apparent-power': 139, power: 0 })).toEqual([]);
    const { 'l3/current': _missing, ...two } = phases;
    expect(meter()({ ...two, 'apparent-power': 0.139 })).toEqual([]);
    const idle = Object.fromEntries(
      Object.keys(phases).map((name) => [name, name.endsWith('voltage') ? 230 : 0]),
    );
    expect(meter()({ ...idle, 'apparent-power': 0.0001 })).toEqual([]);
  });
  test('is off where the nameplate and the load in percent say so, or it is a thousand nameplates', () => {
    expect(meter({ kva: 160 })({ load: 87, 'apparent-power': 0.139 })).toEqual(['apparent-power']);
    expect(meter({ kva: 160 })({ load: 1, 'apparent-power': 0.139 })).toEqual([]);
    expect(meter({ kva: 160 })({ 'apparent-power': 139_000 })).toEqual(['apparent-power']);
    expect(meter({ kva: 160 })({ 'apparent-power': 0.1 })).toEqual([]);
  });
  test('is marked only when it is off three times in a row', () => {
    const [power, voltage, current] = ['power', 'voltage', 'current'].map((quantity, address) => ({ quantity, unit: ['kW', 'V', 'A'][address], address })); // prettier-ignore
    const profile = profileSchema.parse({
      protocol: 'modbus', kind: 'meter', maker: 'none', model: 'test', source: 'made up', points: [power, voltage, current],
    }); // prettier-ignore
    const device = adHocDevice({ ...profile, name: 'meter/test' }, address);
    const plausibility = createPlausibility(device);
    const poll = (kw: number): boolean =>
      plausibility
        .mark(
          device.points.map(({ index }, place) => ({
            point: index,
            at: 0,
            value: [kw, 230, 10][place] ?? 0,
            quality: good,
          })),
        )
        .some(({ quality }) => quality === implausible);
    expect([2_300, 2_300, 2.3, 2_300, 2_300, 2_300, 2_300, 2.3].map(poll)).toEqual([
      false, false, false, false, false, true, true, false,
    ]); // prettier-ignore
    expect(plausibility.note()).toBeUndefined();
  });
});

test('one zero of an energy total is no value, and a total that stays zero was reset', () => {
  const profile = profileSchema.parse({
    protocol: 'modbus', kind: 'meter', maker: 'none', model: 'test', source: 'made up',
    points: [{ quantity: 'energy', unit: 'kWh', address: 0, type: 'u32' }],
  }); // prettier-ignore
  const plausibility = createPlausibility(adHocDevice({ ...profile, name: 'meter/test' }, address));
  const read = (value: number): number | undefined =>
    plausibility.mark([{ point: 0, at: 0, value, quality: good }])[0]?.value;
  expect([0, 812_345, 0, 812_346, 0, 0, 0, 1].map(read)).toEqual([0, 812_345, NaN, 812_346, NaN, NaN, 0, 1]);
});

test('an autonomy of days under the OID of minutes may be seconds', () => {
  const rfc = adHocDevice(shippedProfile('ups/rfc1628'), {
    protocol: 'snmp', host: '127.0.0.1', port: 161, access: { version: '2c', community: 'public' },
  }); // prettier-ignore
  const autonomy = rfc.points.find(({ quantity }) => quantity === 'autonomy')?.index ?? -1;
  const plausibility = createPlausibility(rfc, { after: 1 });
  const isMarked = (minutes: number): boolean =>
    plausibility.mark([{ point: autonomy, at: 0, value: minutes * 60, quality: good }])[0]?.quality ===
    implausible;
  expect([10, 544, 2_460].map(isMarked)).toEqual([false, false, true]);
  expect(plausibility.note()).toContain('41 h');
});

describe('a total whose parts are read as well', () => {
  const agent = {
    protocol: 'snmp', host: '127.0.0.1', port: 161, access: { version: '2c', community: 'public' },
  } as const; // prettier-ignore
  const parts = { rectifiers: ['rectifier-1', 'rectifier-2', 'rectifier-3'] };
  const device = adHocDevice(shippedProfile('ups/eltek-distributed'), agent, { parts });
  /** Whether the controller's total is off, and what is said of it. */
  function judged(total: number, ...each: number[]): string | undefined {
    const plausibility = createPlausibility(device, { after: 1 });
    const reading = (part: string | undefined, quantity: string, value: number) =>
      device.points
        .filter((point) => point.part === part && point.quantity === quantity)
        .map(({ index }) => ({ point: index, at: 0, value, quality: good }));
    plausibility.mark([
      ...reading(undefined, 'rectifier-current', total),
      ...each.flatMap((value, at) => reading(`rectifier-${at + 1}`, 'output-current', value)),
    ]);
    return plausibility.note();
  }

  test('is off where the controller counts whole amperes under the object of tenths', () => {
    expect(judged(5.8, 19.4, 19.4, 19.8)).toMatch(
      /reads 5\.8 A where the sum of its parts gives about 58\.6/,
    );
  });
  test('is sound where it adds up, at no load, and while a part has no value', () => {
    expect(judged(58, 19.4, 19.4, 19.8)).toBeUndefined();
    expect(judged(50, 19.4, 19.4, 19.8)).toBeUndefined();
    expect(judged(0, 0, 0, 0)).toBeUndefined();
    expect(judged(0, 19.4, 19.4, 19.8)).toBeUndefined();
    expect(judged(5.8, 19.4, 19.4)).toBeUndefined();
  });
});
