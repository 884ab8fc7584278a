import { beforeAll, describe, expect, test } from 'vitest';
import { adHocDevice } from '../../config/build/points.ts';
import type { Model, Point } from '../../config/model.ts';
import type { Formula } from '../../config/point-source.ts';
import { modelWith, replace } from './support.ts';

let model: Model;
beforeAll(() => {
  model = modelWith().model;
});

function point(id: string): Point {
  const found = model.pointById.get(`alpha/${id}`);
  if (found === undefined) throw new Error(`no point alpha/${id}`);
  return found;
}

function formula(id: string): Formula {
  const { source } = point(id);
  if (source.from !== 'formula') throw new Error(`${id} is read`);
  return source.formula;
}

/** Ids of what a sum, minimum, maximum or mean is over, without the site. */
function inputs(id: string): string[] {
  const found = formula(id);
  if (!('inputs' in found)) throw new Error(`${id} has other inputs`);
  return found.inputs.map((index) => model.points[index]?.id.replace('alpha/', '') ?? '?');
}

test.each([
  [
    'the zone of a fire panel is about the room it protects',
    'zone-1',
    'protects: { zone-1: hall }, ',
    'hall',
  ],
  [
    'a fire panel that tells no zones apart is about the whole site, not the room where it hangs',
    undefined,
    '',
    undefined,
  ],
])('%s', (_what, part, protects, room) => {
  const states = `unit: state, states: { '0': normal, '1': alarm }`;
  const zone = part === undefined ? '' : `part: ${part}, `;
  const panel = `{ device: panel-1, kind: fire-panel, profile: generic/io, address: 10.0.9.6, room: panel, ${protects}inputs: [{ input: di1, ${zone}quantity: fire-alarm, ${states} }, { input: di2, quantity: fault, ${states.replace('alarm', 'fault')} }] }`;
  const built = modelWith({
    'sites/alpha.yaml': replace('- { device: env-room,', `- ${panel}\n  - { device: env-room,`),
  }).model;
  const of = (id: string) => built.pointById.get(`alpha/panel-1/${id}`);
  expect(of(part === undefined ? 'fire-alarm' : `${part}/fire-alarm`)).toMatchObject({ site: 'alpha' });
  expect(of(part === undefined ? 'fire-alarm' : `${part}/fire-alarm`)?.room).toBe(room);
  expect(of('fault')?.room).toBe('panel');
  expect(of('link')?.room).toBe('panel');
});

describe('rows', () => {
  test('become racks without the absent ones, functions and limits by exception and standard', () => {
    expect(model.racks.map((rack) => [rack.id, rack.label, rack.function, rack.limitKw])).toEqual([
      ['rack-a01', 'A-01', 'server', 3],
      ['rack-a02', 'A-02', 'server', 3],
      ['rack-b01', 'B-01', 'server', 3],
      ['rack-b02', 'B-02', 'storage', 5],
      ['rack-c01', 'C-01', 'network', 2],
      ['rack-c03', 'C-03', 'network', 2],
    ]);
  });

  test('give each rack its devices, with addresses by pattern and by exception', () => {
    const address = (id: string) => model.deviceById.get(`alpha/${id}`)?.address;
    expect(address('meter-b01-a')).toEqual({ protocol: 'modbus', host: '10.0.2.1', port: 502, unit: 1 });
    expect(address('meter-b02-a')).toEqual({ protocol: 'modbus', host: '10.0.2.1', port: 502, unit: 40 });
    expect(address('pdu-b02-b')).toMatchObject({ protocol: 'snmp', host: '10.0.2.22', port: 161 });
    expect(address('env-b01')).toMatchObject({ protocol: 'mqtt', topic: 'alpha/climate/b01' });
    expect(address('env-b02')).toMatchObject({ protocol: 'mqtt', topic: 'alpha/climate/new' });
  });

  test('place the devices: rack, feed and room, inlet sensors at the inlet', () => {
    expect(model.deviceById.get('alpha/meter-a01-a')).toMatchObject({
      rack: 'rack-a01',
      feed: 'A',
      room: 'hall',
    });
    expect(point('env-a01/temperature')).toMatchObject({ rack: 'rack-a01', position: 'inlet', room: 'hall' });
  });

  test('share a gateway whose parts measure one rack and feed each', () => {
    const gateway = model.deviceById.get('alpha/gateway-c');
    expect(gateway?.rack).toBeUndefined();
    expect(gateway?.points.map(({ part, rack, feed }) => [part, rack, feed])).toEqual([
      ['c01-a', 'rack-c01', 'A'],
      ['c01-b', 'rack-c01', 'B'],
      ['c03-a', 'rack-c03', 'A'],
      ['c03-b', 'rack-c03', 'B'],
    ]);
    expect(point('gateway-c/c03-b/power').source).toMatchObject({
      read: { by: 'message', topic: 'alpha/power/c/c03-b', pointer: '/power' },
    });
  });

  test('share a Sparkplug gateway whose metrics are named by part, and whose broker forbids rebirths', () => {
    const changed = modelWith({
      'sites/alpha.yaml': (text) =>
        text
          .replace("main: { url: 'mqtt://broker.test:1883' }", 'main: { url: mqtt://b, rebirth: false }')
          .replaceAll('alpha/power/{row}', 'DC Alpha/{row}'),
      'profiles/meter/gateway.yaml': (text) =>
        text
          .replace('protocol: mqtt', 'protocol: mqtt\npayload: sparkplug')
          .replace("topic: '{topic}/{part}', pointer: /power", "metric: 'Feeds/{part}/Power'"),
    }).model;
    expect(changed.pointById.get('alpha/gateway-c/c03-b/power')?.source).toMatchObject({
      read: { by: 'metric', metric: 'Feeds/c03-b/Power' },
    });
    expect(changed.deviceById.get('alpha/gateway-c')?.address).toMatchObject({
      broker: { key: 'alpha/main', rebirth: false },
      topic: 'DC Alpha/c',
    });
  });
});

describe('points', () => {
  test('stand at their index and under their id', () => {
    expect(model.points.every((each, index) => each.index === index)).toBe(true);
    expect(model.pointById.size).toBe(model.points.length);
  });

  test('take the interval of the point, else of the device', () => {
    expect(point('ups-a/output-source').intervalMs).toBe(2_000);
    expect(point('ups-a/l1/output-power').intervalMs).toBe(60_000);
    expect(point('pln-a/power').intervalMs).toBe(10_000);
  });

  test('are stale after three intervals and five seconds when polled, after the silence of the profile when pushed', () => {
    expect(point('pln-a/power').staleAfterMs).toBe(35_000);
    expect(point('env-a01/humidity').staleAfterMs).toBe(60_000);
  });

  test('name their states, those that measure nothing left out', () => {
    expect(point('ups-a/output-source').states).toEqual(new Map([[3, 'normal'], [5, 'battery']])); // prettier-ignore
    expect(point('ats-a/source-1').states).toEqual(new Map([[0, 'lost'], [1, 'available']])); // prettier-ignore
  });

  test('carry the overrides of their device, the part’s own above the quantity’s', () => {
    expect(point('ups-a/l1/output-power').source).toMatchObject({ value: { scale: 1 } });
    expect(point('ups-a/l2/output-power').source).toMatchObject({ value: { scale: 1, plausible: [0, 99] } });
  });

  test('read registers of a part at the part’s offset', () => {
    expect(point('meter-a01-a/l3/current').source).toMatchObject({
      read: { by: 'register', function: 'holding', address: 14, type: 'f32', order: 'big' },
    });
  });

  test('of a generic module are what the device says of its inputs', () => {
    expect(point('tank/level')).toMatchObject({ unit: 'L', kind: 'fuel-tank', role: 'monthly-tank' });
    expect(point('tank/level').source).toMatchObject({
      read: { by: 'register', function: 'input', address: 0 },
      value: { scale: 0.5 },
    });
  });

  test('tell of every device whether it answers', () => {
    expect(model.devices.every((device) => model.pointById.get(`${device.key}/link`) === device.link)).toBe(
      true,
    );
    expect(point('tank/link').states).toEqual(new Map([[0, 'lost'], [1, 'ok']])); // prettier-ignore
  });

  test('tell of every device how it answers, and of every site how its collector does', () => {
    expect(point('tank/timeouts')).toMatchObject({
      unit: 'count',
      source: { from: 'diagnostics', figure: 'timeouts' },
    });
    expect(point('tank/answer-latency')).toMatchObject({ unit: 's', device: 'tank', intervalMs: 60_000 });
    expect(model.pointById.has('alpha/env-room/answer-latency')).toBe(false);
    expect(point('collector/lateness-p99')).toMatchObject({
      unit: 's',
      owner: { kind: 'site', id: 'collector' },
    });
    expect(point('collector/lateness-p99').device).toBeUndefined();
  });

  test('exist for a device that stands in no site, with the parts asked for', () => {
    const profile = model.profiles.get('pdu/phases');
    if (profile === undefined) throw new Error('no profile');
    const address = {
      protocol: 'snmp',
      host: 'h',
      port: 161,
      access: { version: '2c', community: 'public' },
    } as const;
    const device = adHocDevice(profile, address, { parts: { phases: ['l1', 'l9'] } });
    expect(device.points.map(({ index, part, quantity }) => [index, part, quantity])).toEqual([
      [0, 'l1', 'power'],
      [1, 'l9', 'power'],
    ]);
  });
});

describe('derived points', () => {
  test('have inputs that stand before them', () => {
    for (const { index, source } of model.points) {
      if (source.from !== 'formula' || !('inputs' in source.formula)) continue;
      expect(Math.max(...source.formula.inputs)).toBeLessThan(index);
    }
  });

  test('sum up both feeds of a rack, whole meters before phases', () => {
    const feeds = ['meter-a01-a/power', 'pdu-a01-b/l1/power', 'pdu-a01-b/l2/power', 'pdu-a01-b/l3/power'];
    expect(inputs('rack-a01/power')).toEqual(feeds);
    expect(inputs('rack-a01/load-after-loss')).toEqual(feeds);
    expect(inputs('rack-c03/power')).toEqual(['gateway-c/c03-a/power', 'gateway-c/c03-b/power']);
    expect(point('rack-a01/power')).toMatchObject({
      rack: 'rack-a01',
      room: 'hall',
      unit: 'kW',
      intervalMs: 10_000,
    });
  });

  test('judge the hall by its inlet and room sensors alone', () => {
    const sensors = ['a01', 'a02', 'b01', 'b02', 'c01', 'c03', 'room'];
    const expected = sensors.map((name) => `env-${name}/temperature`).toSorted();
    for (const owner of ['hall', 'site'])
      for (const kind of ['min', 'max', 'mean']) {
        expect(inputs(`${owner}/temperature-${kind}`).toSorted()).toEqual(expected);
        expect(formula(`${owner}/humidity-${kind}`)).toMatchObject({ kind });
      }
  });

  test('sum up the hall, each feed of the site, and the site', () => {
    const racks = ['a01', 'a02', 'b01', 'b02', 'c01', 'c03'].map((rack) => `rack-${rack}/power`);
    expect(inputs('hall/power')).toEqual(racks);
    expect(inputs('site/power')).toEqual(racks);
    expect(inputs('site/a/power')).toEqual([
      'meter-a01-a/power', 'meter-a02-a/power', 'meter-b01-a/power', 'meter-b02-a/power',
      'gateway-c/c01-a/power', 'gateway-c/c03-a/power',
    ]); // prettier-ignore
    expect(inputs('site/b/power')).toHaveLength(14);
    expect(inputs('site/load-after-loss')).toEqual(racks);
  });

  test('give a UPS that tells its phases a sum, and a sensor its dew point', () => {
    expect(inputs('ups-a/output-power')).toEqual(['ups-a/l1/output-power', 'ups-a/l2/output-power']);
    expect(formula('env-room/dew-point')).toEqual({
      kind: 'dew-point',
      temperature: point('env-room/temperature').index,
      humidity: point('env-room/humidity').index,
    });
  });

  test('set the fuel of the tanks against gensets and incomers', () => {
    expect(formula('site/endurance')).toEqual({
      kind: 'endurance',
      tanks: [point('tank/level').index],
      load: [point('pln-a/power').index],
      distribution: [point('ups-a/output-power').index],
      step: 0.1,
      skewMs: 185_000,
      gensets: [
        {
          power: point('genset-1/power').index,
          fuelRate: point('genset-1/fuel-rate').index,
          ratedKw: 500,
          fuelCurve: [{ load: 0.25, litresPerHour: 40 }, { load: 1, litresPerHour: 130 }],
        },
      ],
    }); // prettier-ignore
  });
});

test("what a device's entry says of its Modbus goes before the profile, at its address and its registers", () => {
  const { model: changed } = modelWith({
    'sites/alpha.yaml': replace(
      '10.0.9.5\n',
      '10.0.9.5\n    modbus: { framing: rtu, timeout: 2s, order: little-word, addressOffset: 1 }\n',
    ),
  });
  const device = changed.deviceById.get('alpha/tank');
  const plain = model.deviceById.get('alpha/tank');
  expect(device?.address).toMatchObject({ access: { framing: 'rtu', timeout: 2_000 } });
  const [before, after] = [plain, device].map((each) => {
    const source = each?.points[0]?.source;
    return source?.from === 'device' && source.read.by === 'register' ? source.read : undefined;
  });
  expect(after).toEqual({ ...before, order: 'little-word', address: (before?.address ?? 0) + 1 });
});
