import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import * as fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  createTrapReceiver,
  datagramsPerSecond,
} from '../../../../collectors/drivers/snmp/traps/receiver.ts';
import type { SnmpAccess } from '../../../../config/schema/site.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { eventually, fieldModel, recorder, silentLog } from '../../../support/field.ts';
import { trapBench, trapProfile } from './bench.ts';
import { integer, text, trapV1, trapV2, type TrapVarbind } from './datagrams.ts';

const onBattery = '1.3.6.1.4.1.1.0.7';
const traps = [
  {
    trap: onBattery,
    sets: [
      { quantity: 'output-source', value: 5 },
      { quantity: 'autonomy', from: '1.3.6.1.4.1.1.2' },
      { quantity: 'voltage', from: '1.3.6.1.4.1.1.9.1.3' },
    ],
  },
  { trap: '1.3.6.1.4.1.1.0.8' },
];
const ups = trapProfile(traps);
const minutes = (value: number): TrapVarbind => ['1.3.6.1.4.1.1.2.0', integer(value)];
const volts = (row: number, value: number): TrapVarbind => [`1.3.6.1.4.1.1.9.1.3.${row}`, integer(value)];

describe('a trap of the one device at its address', () => {
  test('sets what its profile says at once, good and of now, and asks for a poll', async () => {
    const field = await trapBench([{ id: 'ups', profile: ups }]);
    await field.send([trapV2(onBattery, [minutes(12), volts(2, 231), volts(7, 5)])]);
    expect(field.seen.picture()).toEqual({ 'ups/output-source': 'battery', 'ups/autonomy': '720', 'ups/l2/voltage': '231' }); // prettier-ignore
    expect(field.seen.last('t/ups/autonomy')).toMatchObject({ at: field.clock.now(), quality: 'good' });
    expect(field.nudged).toEqual(['ups']);
    expect(field.receiver.counters()).toMatchObject({ received: 1, obeyed: 1, polled: 0 });
  });

  test.for([
    ['a number that is the index', integer(7), { 'pdu/outlet-7/outlet-state': 'off' }],
    ['text that is the index', text('12'), { 'pdu/outlet-12/outlet-state': 'off' }],
    ['the index of no part', integer(9), {}],
    ['nothing', text(''), {}],
  ] as const)('sets the row that a varbind names by %s', async ([, value, expected]) => {
    const row = '1.3.6.1.4.1.1.5';
    const sets = [{ quantity: 'outlet-state', value: 2, row }];
    const states = { '1': 'on', '2': 'off' };
    const points = [{ quantity: 'outlet-state', unit: 'state', column: 2, states }];
    const parts = ['outlet-7', 'outlet-12'];
    const table = { group: 'outlets', entry: '1.3.6.1.4.1.1.8.1', part: 'outlet-{index}', parts, points };
    const profile = trapProfile([{ trap: onBattery, sets }], { points: [], tables: [table] });
    const field = await trapBench([{ id: 'pdu', profile }]);
    await field.send([trapV2(onBattery, [[`${row}.0`, value]])]);
    expect(field.seen.picture()).toEqual(expected);
  });

  test('sets the row whose name a varbind is', async () => {
    const row = '1.3.6.1.4.1.1.5';
    const sets = [{ quantity: 'voltage', from: '1.3.6.1.4.1.1.6', row }];
    const points = [{ quantity: 'voltage', unit: 'V', column: 3 }];
    const table = {
      group: 'inputs', entry: '1.3.6.1.4.1.1.8.1', key: { column: 2 }, part: '{name}', parts: ['main-a', 'main-b'], points,
    }; // prettier-ignore
    const profile = trapProfile([{ trap: onBattery, sets }], { points: [], tables: [table] });
    const field = await trapBench([{ id: 'ups', profile }]);
    await field.send([
      trapV2(onBattery, [
        [`${row}.0`, text('Main B')],
        ['1.3.6.1.4.1.1.6.0', integer(229)],
      ]),
    ]);
    expect(field.seen.picture()).toEqual({ 'ups/main-b/voltage': '229' });
  });

  test('is the same in v1', async () => {
    const field = await trapBench([{ id: 'ups', profile: ups }]);
    await field.send([trapV1({ enterprise: '1.3.6.1.4.1.1', generic: 6, specific: 7 }, [minutes(3)])]);
    expect(field.seen.picture()).toEqual({ 'ups/output-source': 'battery', 'ups/autonomy': '180' });
  });

  test('sets nothing of what has no good value', async () => {
    const field = await trapBench([{ id: 'ups', profile: ups }]);
    await field.send([trapV2(onBattery, [minutes(-1), volts(1, 900), ['1.3.6.1.4.1.1.2.5', text('none')]])]);
    expect(field.seen.picture()).toEqual({ 'ups/output-source': 'battery' });
  });

  test.for([
    ['where it usually stands', '1.3.6.1.4.1.1.3', 0.1],
    ['where it stands on other models', '1.3.6.1.4.1.1.4', 1],
  ] as const)('scales a value as %s', async ([, from, scale]) => {
    const profile = trapProfile([{ trap: onBattery, sets: [{ quantity: 'battery-charge', from }] }]);
    const field = await trapBench([{ id: 'ups', profile }]);
    await field.send([trapV2(onBattery, [[`${from}.0`, integer(87)]])]);
    expect(field.seen.last('t/ups/battery-charge')?.value).toBeCloseTo(87 * scale, 9);
  });

  test.for([
    ['that sets nothing by its profile', trapV2('1.3.6.1.4.1.1.0.8', [minutes(1)])],
    ['that no profile names', trapV2('1.3.6.1.6.3.1.1.5.3', [minutes(1)])],
    ['of v1, generic', trapV1({ enterprise: '1.3.6.1.4.1.1', generic: 2, specific: 7 }, [minutes(1)])],
  ] as const)('%s only asks for a poll', async ([, datagram]) => {
    const field = await trapBench([{ id: 'ups', profile: ups }]);
    await field.send([datagram]);
    expect(field.seen.readings).toEqual([]);
    expect(field.nudged).toEqual(['ups']);
    expect(field.receiver.counters()).toMatchObject({ received: 1, obeyed: 0, polled: 1 });
  });
});

describe('of several devices at an address', () => {
  test('the only one whose profile maps the trap obeys', async () => {
    const other = trapProfile([]);
    const field = await trapBench([{ id: 'pdu', profile: other }, { id: 'ups', profile: ups }]); // prettier-ignore
    await field.send([trapV2(onBattery, [])]);
    expect(field.seen.picture()).toEqual({ 'ups/output-source': 'battery' });
    expect(field.nudged).toEqual(['ups']);
  });

  test('none obeys and all are polled when more than one could be meant, 32 at most', async () => {
    const many = Array.from({ length: 40 }, (_, index) => ({ id: `ups-${index}`, profile: ups }));
    const field = await trapBench(many);
    await field.send([trapV2(onBattery, [])]);
    expect(field.seen.readings).toEqual([]);
    expect(field.nudged).toEqual(many.slice(0, 32).map(({ id }) => id));
    expect(field.receiver.counters()).toMatchObject({ obeyed: 0, polled: 1 });
  });

  test('only those with its community are meant', async () => {
    const access: SnmpAccess = { version: '2c', community: 'rahasia' };
    const field = await trapBench([{ id: 'a', profile: ups }, { id: 'b', profile: ups, access }]); // prettier-ignore
    await field.send([trapV2(onBattery, [], 'rahasia')]);
    expect(field.seen.picture()).toEqual({ 'b/output-source': 'battery' });
    expect(field.nudged).toEqual(['b']);
  });

  test('of one model behind one agent, the instance in the OIDs says which', async () => {
    const from = '1.3.6.1.4.1.1.{instance}.2';
    const sets = [{ quantity: 'autonomy', from }];
    const profile = trapProfile([{ trap: onBattery, sets }], {
      instances: { below: '1.3.6.1.4.1.1', default: '3' },
    });
    const field = await trapBench([{ id: 'ups', profile }, { id: 'pdu', profile: trapProfile([]) }]); // prettier-ignore
    await field.send([trapV2(onBattery, [['1.3.6.1.4.1.1.3.2.0', integer(1)], ['1.3.6.1.4.1.1.4.2.0', integer(9)]])]); // prettier-ignore
    expect(field.seen.picture()).toEqual({ 'ups/autonomy': '60' });
  });
});

describe('a trap is counted and never obeyed, nor is anything polled for it', () => {
  test.for([
    { name: 'from an address where no device is', outcome: 'unknownSender', datagram: trapV2(onBattery, []), from: '127.0.0.2' },
    { name: 'of another community', outcome: 'refused', datagram: trapV2(onBattery, [], 'private'), from: '127.0.0.1' },
    { name: 'without a community', outcome: 'refused', datagram: trapV2(onBattery, [], ''), from: '127.0.0.1' },
    { name: 'that is no SNMP', outcome: 'malformed', datagram: Buffer.from('nonsense'), from: '127.0.0.1' },
    { name: 'that is empty', outcome: 'malformed', datagram: Buffer.alloc(0), from: '127.0.0.1' },
    { name: 'cut off', outcome: 'malformed', datagram: trapV2(onBattery, [minutes(1)]).subarray(0, 40), from: '127.0.0.1' },
  ] as const)('when it comes $name', async ({ outcome, datagram, from }) => {
    const field = await trapBench([{ id: 'ups', profile: ups }]);
    await field.send([datagram, datagram, datagram], from);
    expect(field.seen.readings).toEqual([]);
    expect(field.nudged).toEqual([]);
    expect(field.receiver.counters()).toMatchObject({ received: 3, obeyed: 0, polled: 0, [outcome]: 3 });
    // Said once.
    expect(field.lines.filter((line) => line.includes(from))).toHaveLength(1);
  }); // prettier-ignore

  test('when it comes by community and its device speaks v3', async () => {
    const access: SnmpAccess = {
      version: '3',
      user: 'pantau',
      auth: { protocol: 'sha', key: { env: 'AUTH' } },
    };
    const field = await trapBench([{ id: 'ups', profile: ups, access }], { env: { AUTH: 'rahasia-otentikasi' } }); // prettier-ignore
    await field.send([trapV2(onBattery, []), trapV1({ enterprise: '1.3.6.1.4.1.1', generic: 6, specific: 7 }, [])]); // prettier-ignore
    expect(field.seen.readings).toEqual([]);
    expect(field.receiver.counters()).toMatchObject({ refused: 2 });
  });
});

test('a storm is looked at so many times a second, dropped beyond, said once, and the device is polled', async () => {
  const field = await trapBench([{ id: 'ups', profile: ups }]);
  const storm = Array.from({ length: 100 }, (_, index) => trapV2(onBattery, [minutes(index)]));
  await field.send(storm);
  const dropped = storm.length - datagramsPerSecond;
  expect(field.receiver.counters()).toMatchObject({ received: 100, obeyed: datagramsPerSecond, dropped });
  expect(field.nudged).toHaveLength(100);
  await field.clock.advance(1_000);
  await field.send(storm);
  expect(field.lines.filter((line) => line.includes('storm'))).toHaveLength(1);
  await field.clock.advance(5_000);
  await field.send([trapV2(onBattery, [minutes(7)])]);
  expect(field.seen.last('t/ups/autonomy')?.value).toBe(420);
});

test('a device known by name is found at its addresses, also after they have changed', async () => {
  let addresses = ['127.0.0.2'];
  const lookup = async (): Promise<string[]> => addresses;
  const field = await trapBench([{ id: 'ups', profile: ups, host: 'ups.example' }], { lookup });
  await eventually('the name is known', async () => {
    await field.send([trapV2(onBattery, [])], '127.0.0.2');
    return field.receiver.counters().obeyed > 0;
  });
  addresses = ['127.0.0.3'];
  await field.clock.advance(300_000);
  const { obeyed, unknownSender } = field.receiver.counters();
  await field.send([trapV2(onBattery, [])], '127.0.0.3');
  await field.send([trapV2(onBattery, [])], '127.0.0.2');
  expect(field.receiver.counters()).toMatchObject({ obeyed: obeyed + 1, unknownSender: unknownSender + 1 });
});

test('a port in use is one line with the remedy, and the receiver stops as any other', async () => {
  const taken = createSocket('udp4').bind(0, '127.0.0.1');
  await once(taken, 'listening');
  onTestFinished(() => void taken.close());
  const { port } = taken.address();
  const model = fieldModel([]);
  const receiver = createTrapReceiver({
    devices: [], place: { port, host: '127.0.0.1' }, clock: createFakeClock(),
    sink: recorder(model).sink, log: silentLog, nudge: () => undefined,
  }); // prettier-ignore
  expect(await receiver.start()).toBeUndefined();
  expect(receiver.problem()).toBe(
    `SNMP traps are not received: UDP port ${port} of 127.0.0.1 is in use by another program (snmptrapd?); stop that one, or set PANTAU_TRAP_PORT to a free port and have the devices send there`,
  );
  await receiver.stop();
});

describe('whatever comes', () => {
  const valid = [
    trapV2(onBattery, [minutes(12), volts(1, 230)]),
    trapV1({ enterprise: '1.3.6.1.4.1.1', generic: 6, specific: 7 }, [minutes(12), volts(2, 230)]),
  ];
  const mutated = fc
    .record({
      base: fc.constantFrom(...valid),
      changes: fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      length: fc.nat(200),
      isCut: fc.boolean(),
    })
    .map(({ base, changes, length, isCut }) => {
      const bytes = Buffer.from(base);
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
      return isCut ? bytes.subarray(0, length) : bytes;
    });

  test('nothing ends the receiver, arbitrary bytes set nothing', async () => {
    const field = await trapBench([{ id: 'ups', profile: ups }]);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        await field.clock.advance(1_000);
        await field.send([Buffer.from(bytes)]);
      }),
      { numRuns: 300 },
    );
    expect(field.seen.readings).toEqual([]);
    expect(field.nudged).toEqual([]);
    await field.send([...valid]);
    expect(field.receiver.counters().obeyed).toBe(2);
  });

  test('a bent trap sets only what its profile maps, to values that are good', async () => {
    const field = await trapBench([{ id: 'ups', profile: ups }]);
    await fc.assert(
      fc.asyncProperty(mutated, async (datagram) => {
        await field.clock.advance(1_000);
        const before = field.seen.readings.length;
        const { obeyed } = field.receiver.counters();
        await field.send([datagram]);
        const set = field.seen.readings.slice(before);
        expect(set.length > 0).toBe(field.receiver.counters().obeyed > obeyed);
        for (const { value, quality } of set) expect([Number.isFinite(value), quality]).toEqual([true, 0]);
      }),
      { numRuns: 500 },
    );
    expect(field.seen.last('t/ups/output-source')?.value ?? 5).toBe(5);
    const { received, ...outcomes } = field.receiver.counters();
    expect(Object.values(outcomes).reduce((sum, count) => sum + count, 0)).toBe(received);
  });
});
