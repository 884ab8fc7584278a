import { afterEach, describe, expect, test } from 'vitest';
import { planPoints, toRaw } from '../../../collectors/drivers/snmp/plan.ts';
import { toReadings } from '../../../collectors/profile/decode.ts';
import { describeQuality } from '../../../core/reading.ts';
import { systemClock } from '../../../core/clock.ts';
import type { SnmpOptions } from '../../../collectors/drivers/snmp/driver.ts';
import { probe } from '../../../collectors/probe/probe.ts';
import type { SnmpValue } from '../../../simulator/snmp/source.ts';
import { deviceOf, integer, openSession, testAgent, text, type TestAgent } from './agent.ts';

const cleanups: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const entry = '1.3.6.1.4.1.9999.5.1';
const never = new AbortController().signal;

/** `column.index` below the entry → value. */
async function agentWith(cells: Record<string, SnmpValue>): Promise<TestAgent> {
  const agent = await testAgent(
    Object.fromEntries(Object.entries(cells).map(([at, value]) => [`${entry}.${at}`, value])),
  );
  cleanups.push(() => agent.close());
  return agent;
}

/** Reads a device of one table: `part/quantity` → value, or the reason there is none. */
function readerOf(
  agent: TestAgent,
  table: object,
  options: SnmpOptions = {},
): () => Promise<Record<string, number | string>> {
  const device = deviceOf({ tables: [{ group: 'rows', entry, ...table }] }, agent.port);
  const session = openSession(device, options);
  cleanups.push(() => session.close());
  const poll = session.plan(device.points);
  return async () => {
    const { readings } = toReadings(await poll.read(never), 0);
    return Object.fromEntries(
      readings.map(({ point, value, quality }) => {
        const { part, quantity } = device.points[point] ?? { quantity: '?' };
        const reason = describeQuality(quality).reason;
        return [part === undefined ? quantity : `${part}/${quantity}`, reason ?? value];
      }),
    );
  };
}

/** How many present alarms the agent counts. */
const presentWhere = '1.3.6.1.4.1.9999.6.2.0';
/** A list of present alarms; the one in row 7 is smoke. */
const smokeList = {
  key: { column: 1 },
  points: [
    { quantity: 'smoke', unit: 'state', column: 1, row: '7', presence: true, presentWhere, states: { '0': 'normal', '1': 'alarm' } },
  ],
}; // prettier-ignore

/** What every column of the table holds: 1 name, 2 value, 3 unit, 4 scale, 5 status. */
const selfDescribing = {
  '1.1.1': text('Temperature.Value'), '2.1.1': integer(2090), '3.1.1': text('degree C'), '4.1.1': integer(-100),
  '1.1.2': text('Temperature.Limit'), '2.1.2': integer(4500), '3.1.2': text('degree C'), '4.1.2': integer(-100),
  '1.2.1': text('Temperature.Value'), '2.2.1': integer(680), '3.2.1': text('degree F'), '4.2.1': integer(-10),
  '1.2.2': text('Current.Value'), '2.2.2': integer(1500), '3.2.2': text('mA'), '4.2.2': integer(0),
} as const; // prettier-ignore

describe('a table that describes itself', () => {
  const units = { 'degree C': 1, 'degree F': '°F', mA: 0.001 };
  const scaleCells = [{ column: 4, kind: 'signed' }, { column: 3, kind: 'units', units }]; // prettier-ignore
  const table = {
    part: 'unit-{index.1}',
    parts: ['unit-1', 'unit-2'],
    points: [
      {
        quantity: 'temperature',
        unit: '°C',
        column: 2,
        scaleCells,
        where: [{ column: 1, is: 'Temperature.Value' }],
      },
      { quantity: 'current', unit: 'A', column: 2, scaleCells, where: [{ column: 1, matches: '^Current' }] },
    ],
  };

  test('is read by name, scale and unit, whichever unit a row is in', async () => {
    const read = readerOf(await agentWith(selfDescribing), table);
    expect(await read()).toEqual({
      'unit-1/temperature': 20.9, 'unit-1/current': 'no-value', 'unit-2/temperature': 20, 'unit-2/current': 1.5,
    }); // prettier-ignore
  });

  test('has no value where a row is in a unit that nobody knows', async () => {
    const read = readerOf(await agentWith({ ...selfDescribing, '3.1.1': text('kelvin') }), table);
    expect((await read())['unit-1/temperature']).toBe('no-value');
  });

  test('is found by probing, with every part there is', async () => {
    const agent = await agentWith(selfDescribing);
    const { profile, address } = deviceOf({ tables: [{ group: 'rows', entry, ...table }] }, agent.port);
    const { rows } = await probe({ profile, address }, { clock: systemClock });
    expect(rows.map(({ part, quantity, value }) => [part, quantity, value])).toEqual([
      ['unit-1', 'temperature', 20.9],
      ['unit-2', 'temperature', 20],
      ['unit-2', 'current', 1.5],
    ]);
  });
});

describe('cells beside a value', () => {
  test('in another table, indexed by some arcs of the index, scale it', async () => {
    const agent = await agentWith({ '2.1.7.4': integer(2301) });
    agent.values = { ...agent.values, '1.3.6.1.4.1.9999.6.1.9.7': integer(1) };
    const scaleCells = [{ entry: '1.3.6.1.4.1.9999.6.1', column: 9, arcs: [2], kind: 'digits' }];
    const points = [{ quantity: 'voltage', unit: 'V', column: 2, where: [{ arc: 3, is: ['4', '5'] }], scaleCells }]; // prettier-ignore
    expect(await readerOf(agent, { points })()).toEqual({ voltage: 230.1 });
  });

  test('multiply, each by its kind', async () => {
    const agent = await agentWith({
      '2.1': integer(5),
      '3.1': integer(3),
      '4.1': integer(4),
      '6.1': integer(8),
    });
    const scaleCells = [
      { column: 3, kind: 'power' },
      { column: 4, kind: 'divisor' },
      { column: 3, kind: 'factor' },
      { column: 6, kind: 'units', units: { '8': 0.001, '9': 1 } },
    ];
    const points = [{ quantity: 'voltage', unit: 'V', column: 2, scaleCells }];
    expect((await readerOf(agent, { points })()).voltage).toBeCloseTo((5 * 1000 * 3) / 4 / 1000, 12);
  });

  const mayBeAbsent = {
    part: 't{index}',
    parts: ['t1', 't2'],
    points: [
      {
        quantity: 'temperature',
        unit: '°C',
        column: 2,
        scale: 0.1,
        scaleCells: [{ column: 3, kind: 'units', units: { '0': 1, '1': '°F' }, absent: 1 }],
      },
    ],
  };

  test('may be absent where the profile says what holds then', async () => {
    const agent = await agentWith({ '2.1': integer(235), '2.2': integer(752), '3.2': integer(1) });
    expect(await readerOf(agent, mayBeAbsent)()).toEqual({ 't1/temperature': 23.5, 't2/temperature': 24 });
  });

  test('are not taken for absent when they only did not answer', () => {
    const device = deviceOf({ tables: [{ group: 'rows', entry, ...mayBeAbsent }] }, 161);
    const [item] = planPoints(device.points).items;
    if (item === undefined) throw new Error('nothing planned');
    const cells = new Map([
      [`${entry}.2.1`, { raw: 752 }],
      [`${entry}.3.1`, { raw: null, reason: 'timeout' as const }],
    ]);
    expect(toRaw(item, cells)).toMatchObject({ raw: null, reason: 'no-value' });
  });

  test('say that there is no sensor, whatever the value', async () => {
    const agent = await agentWith({
      '2.1': integer(-410), '5.1': integer(7), '2.2': integer(239), '5.2': integer(0), '2.3': integer(240),
    }); // prettier-ignore
    const statusCell = { column: 5, bad: { '7': 'disconnected' } };
    const points = [{ quantity: 'temperature', unit: '°C', column: 2, scale: 0.1, statusCell }];
    const read = readerOf(agent, { part: 't{index}', parts: ['t1', 't2', 't3'], points });
    expect(await read()).toEqual({
      't1/temperature': 'disconnected',
      't2/temperature': 23.9,
      't3/temperature': 24,
    });
  });
});

describe('rows', () => {
  const named = {
    key: { column: 1 },
    part: '{name}',
    parts: ['fan', 'fan-2', 'pump'],
    points: [{ quantity: 'speed', unit: 'rpm', column: 2 }],
  };

  test('of one name are told apart by their order', async () => {
    const agent = await agentWith({
      '1.10': text('Fan'), '2.10': integer(110), '1.9': text('Fan'), '2.9': integer(90), '1.11': text('Pump'),
    }); // prettier-ignore
    expect(await readerOf(agent, named)()).toEqual({
      'fan/speed': 90,
      'fan-2/speed': 110,
      'pump/speed': 'no-value',
    });
  });

  test('that have become others give no value, and are found again at once', async () => {
    const agent = await agentWith({
      '1.1': text('Fan'),
      '2.1': integer(1),
      '1.2': text('Pump'),
      '2.2': integer(2),
    });
    const read = readerOf(agent, { ...named, parts: ['fan', 'pump'] });
    expect(await read()).toEqual({ 'fan/speed': 1, 'pump/speed': 2 });
    agent.values = {
      [`${entry}.1.1`]: text('Pump'), [`${entry}.2.1`]: integer(22), [`${entry}.1.2`]: text('Fan'), [`${entry}.2.2`]: integer(11),
    }; // prettier-ignore
    expect(await read()).toEqual({ 'fan/speed': 'no-value', 'pump/speed': 'no-value' });
    expect(await read()).toEqual({ 'fan/speed': 11, 'pump/speed': 22 });
  });

  test('of present alarms say nothing where the agent does not have their table', async () => {
    const agent = await agentWith({ '2.1': integer(1) });
    const read = readerOf(agent, smokeList);
    expect(await read()).toEqual({ smoke: 'no-value' });
    agent.values = { ...agent.values, [presentWhere]: integer(0) };
    expect(await read()).toEqual({ smoke: 0 });
    agent.values = { ...agent.values, [presentWhere]: integer(1), [`${entry}.1.4`]: integer(7) };
    expect(await read()).toEqual({ smoke: 1 });
    agent.values = { [presentWhere]: integer(2) };
    expect(await read(), 'two are counted, none is listed').toEqual({ smoke: 'no-value' });
  });

  test('of present alarms are not listed while a slow agent counts none, and a wrong count is found within 10 s', async () => {
    const agent = await agentWith({});
    agent.values = { [presentWhere]: integer(0) };
    let now = 0;
    // Each look at the clock is as long after the last as a slow agent takes for its list.
    const read = readerOf(agent, smokeList, { now: () => (now += 50) });
    const askedFor = async (value: number): Promise<number> => {
      const before = agent.requests;
      expect(await read()).toEqual({ smoke: value });
      return agent.requests - before;
    };
    expect(await askedFor(0), 'the count and the list').toBe(2);
    expect(await askedFor(0), 'the count').toBe(1);
    agent.values = { [presentWhere]: integer(1), [`${entry}.1.4`]: integer(7) };
    expect(await askedFor(1)).toBe(2);
    agent.values = { [presentWhere]: integer(0) };
    expect(await askedFor(0)).toBe(2);
    agent.values = { [presentWhere]: integer(0), [`${entry}.1.4`]: integer(7) };
    expect(await askedFor(0), 'the agent counts none').toBe(1);
    now += 10_000;
    expect(await askedFor(1), 'the agent lists one that it does not count').toBe(2);
    expect(await askedFor(1)).toBe(2);
  });

  test('of present alarms are found at once where the list costs nothing, although the agent counts none', async () => {
    const agent = await agentWith({});
    agent.values = { [presentWhere]: integer(0) };
    const read = readerOf(agent, smokeList, { now: () => 0 });
    expect(await read()).toEqual({ smoke: 0 });
    agent.values = { [presentWhere]: integer(0), [`${entry}.1.4`]: integer(7) };
    expect(await read()).toEqual({ smoke: 1 });
  });

  test('are not those that a cell says they are not, whether or not the cell is there', async () => {
    const agent = await agentWith({
      '1.1': integer(1), '2.1': integer(230), '1.2': integer(5), '2.2': integer(400), '2.3': integer(231),
    }); // prettier-ignore
    const points = [{ quantity: 'voltage', unit: 'V', column: 2, where: [{ column: 1, isNot: ['5', '6'] }] }];
    const read = readerOf(agent, { part: 'l{index}', parts: ['l1', 'l2', 'l3'], points });
    expect(await read()).toEqual({ 'l1/voltage': 230, 'l2/voltage': 'no-value', 'l3/voltage': 231 });
  });

  test('of a table of present alarms come and go, and are states', async () => {
    const onBattery = '1.3.6.1.2.1.33.1.6.3.2';
    const agent = await agentWith({ '1.4': text('x') });
    const states = { '0': 'normal', '1': 'alarm' };
    agent.values = { ...agent.values, [presentWhere]: integer(1) };
    const points = [
      {
        quantity: 'on-battery',
        unit: 'state',
        column: 1,
        row: onBattery,
        presence: true,
        presentWhere,
        states,
      },
    ];
    const read = readerOf(agent, { key: { column: 1 }, points });
    expect(await read()).toEqual({ 'on-battery': 0 });
    agent.values = { ...agent.values, [`${entry}.1.5`]: { type: 'oid', value: onBattery } };
    expect(await read()).toEqual({ 'on-battery': 1 });
    agent.silent = () => true;
    await expect(read()).rejects.toThrow('no answer');
  });
});

describe('several devices behind one agent', () => {
  const profile = {
    instances: { below: `${entry}.1`, arcs: [1, 2], default: '1.1' },
    points: [{ quantity: 'supply-temperature', unit: '°C', oid: `${entry}.2.{instance}.1`, scale: 0.1 }],
  };

  test('are all found by probing, each with its own values', async () => {
    const agent = await agentWith({
      '1.1.3.1': text('CA1'), '1.2.1.1': text('CA2'), '2.1.3.1': integer(205), '2.2.1.1': integer(231),
    }); // prettier-ignore
    const { profile: parsed, address } = deviceOf(profile, agent.port);
    const { rows } = await probe({ profile: parsed, address }, { clock: systemClock });
    expect(rows.map(({ instance, value, source }) => [instance, value, source])).toEqual([
      ['1.3', 20.5, `${entry}.2.1.3.1`],
      ['2.1', 23.1, `${entry}.2.2.1.1`],
    ]);
  });
});

describe('a value that stands elsewhere on older models', () => {
  const base = '1.3.6.1.4.1.9999.8';
  const points = [
    {
      quantity: 'battery-charge',
      unit: '%',
      oid: `${base}.1.0`,
      scale: 0.1,
      orElse: [{ oid: `${base}.2.0` }, { oid: `${base}.3.0`, scale: 0.5 }],
    },
  ];

  test.each([
    [{ '1.0': 985, '2.0': 98 }, 98.5],
    [{ '2.0': 98 }, 98],
    [{ '3.0': 190 }, 95],
    [{ '9.0': 1 }, null],
  ])('of %j it is %s', async (cells, value) => {
    const agent = await testAgent(
      Object.fromEntries(Object.entries(cells).map(([at, raw]) => [`${base}.${at}`, integer(raw)])),
    );
    cleanups.push(() => agent.close());
    const { profile, address } = deviceOf({ points }, agent.port);
    const { rows } = await probe({ profile, address }, { clock: systemClock });
    expect(rows[0]?.value).toBe(value);
  });
});

test('a scalar may say the unit of a whole table', async () => {
  const agent = await agentWith({ '1.1': text('A'), '2.1': integer(752) });
  agent.values = { ...agent.values, '1.3.6.1.4.1.9999.9.0': integer(1) };
  const scaleCells = [{ oid: '1.3.6.1.4.1.9999.9.0', kind: 'units', units: { '0': 1, '1': '°F' } }];
  const points = [{ quantity: 'temperature', unit: '°C', column: 2, scale: 0.1, scaleCells }];
  expect((await readerOf(agent, { points })()).temperature).toBe(24);
});
