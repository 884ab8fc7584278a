import { describe, expect, test } from 'vitest';
import {
  failure,
  modbusBench,
  modbusProfile,
  pauseMs,
  places,
  threeRegisters as all,
  threeValues,
} from '../../support/modbus-device.ts';
import { fromRegisters, type Answer } from '../../support/modbus-server.ts';

const { serve, open } = modbusBench();
const sound: Answer = (request) => fromRegisters(request, all);
const unitsOf = (requests: readonly { unit: number }[]): number[] => requests.map(({ unit }) => unit);

describe('a gateway', () => {
  test('asks one at a time', async () => {
    let pending = 0;
    let most = 0;
    const server = await serve(async (request) => {
      pending += 1;
      most = Math.max(most, pending);
      await pauseMs(5);
      pending -= 1;
      return fromRegisters(request, all);
    });
    const units = Array.from({ length: 10 }, (_, index) => open(server.port, { unit: index + 1 }));
    await Promise.all(units.map((unit) => unit.read()));
    expect(most).toBe(1);
    expect(server.connections.total).toBe(1);
  });

  test('asks its units in turns, however many blocks one of them has', async () => {
    const registers = new Map(Array.from({ length: 8 }, (_, index) => [index * 100, index + 1]));
    const far = [...registers.keys()].map((address) => ({ quantity: `q${address}`, address }));
    const server = await serve((request) => fromRegisters(request, registers));
    const many = open(server.port, { unit: 1, profile: modbusProfile({}, far) });
    const few = open(server.port, { unit: 2, profile: modbusProfile({}, far.slice(0, 2)) });
    await Promise.all([many.read(), few.read()]);
    expect(unitsOf(server.requests).slice(0, 5)).toEqual([1, 2, 1, 2, 1]);
  });

  test('answers for its other units when one is dead, which costs them one timeout', async () => {
    const server = await serve((request, socket) =>
      request.unit === 2 ? undefined : sound(request, socket),
    );
    const units = [1, 2, 3].map((unit) => open(server.port, { unit }));
    const results = await Promise.all(units.map((unit) => failure(unit.read())));
    expect(results).toEqual(['answered', expect.objectContaining({ kind: 'timeout' }), 'answered']);
    expect(unitsOf(server.requests)).toEqual([1, 2, 3]);
  });

  test('stays open for its other units when one is closed', async () => {
    const server = await serve(sound);
    const [first, second] = [open(server.port), open(server.port, { unit: 2 })];
    await first.read();
    first.session.close();
    expect(await second.read()).toMatchObject({ one: 11 });
    expect(server.connections).toEqual({ total: 1, open: 1 });
  });

  test('fails at once for all who wait when nobody listens', async () => {
    const server = await serve(() => undefined);
    await server.close();
    const units = [1, 2, 3].map((unit) => open(server.port, { unit }));
    const results = await Promise.all(units.map((unit) => failure(unit.read())));
    expect(results).toEqual(units.map(() => expect.objectContaining({ kind: 'refused' })));
  });

  test('is dialled anew, unnoticed, when it closed the connection while nobody asked', async () => {
    let spoilt = false;
    const server = await serve((request, socket) => {
      if (!spoilt) return sound(request, socket);
      spoilt = false;
      socket.destroy();
      return undefined;
    });
    const { read } = open(server.port);
    await read();
    spoilt = true;
    expect(await read()).toEqual(threeValues);
    expect(server.connections.total).toBe(2);
  });

  test('gives up at once on who waits for his turn until his deadline', async () => {
    const server = await serve((request, socket) =>
      request.unit === 1 ? undefined : sound(request, socket),
    );
    const first = failure(open(server.port, { access: { timeout: 1_500 } }).read());
    const abort = new AbortController();
    const waiting = failure(open(server.port, { unit: 2 }).read(abort.signal));
    await pauseMs(50);
    abort.abort();
    const order: unknown[] = [];
    await Promise.all([first.then(() => order.push('first')), waiting.then((error) => order.push(error))]);
    expect(order).toEqual([
      expect.objectContaining({ message: expect.stringContaining('no turn on the gateway') }),
      'first',
    ]);
    expect(unitsOf(server.requests)).toEqual([1]);
  });

  test('is given the longest pause that any of its devices needs after connecting', async () => {
    let connectedAt = 0;
    let askedAt = 0;
    const server = await serve((request, socket) => {
      askedAt ||= performance.now();
      return sound(request, socket);
    });
    server.onConnection(() => (connectedAt = performance.now()));
    const hasty = open(server.port, { unit: 1 });
    open(server.port, { unit: 2, profile: modbusProfile({ pauseAfterConnect: '150ms' }) });
    open(server.port, { unit: 3, access: { pauseAfterConnect: 300 } });
    await hasty.read();
    expect(askedAt - connectedAt).toBeGreaterThan(280);
  });

  test('is left alone between requests for as long as a device asks', async () => {
    const times: number[] = [];
    const server = await serve((request, socket) => {
      times.push(performance.now());
      return sound(request, socket);
    });
    const units = [1, 2].map((unit) => open(server.port, { unit, access: { pauseBetween: 100 } }));
    await Promise.all(units.map((unit) => unit.read()));
    const [first = 0, second = 0] = times;
    expect(second - first).toBeGreaterThan(90);
  });

  test('is refused to a device that wants another framing than the others', async () => {
    const server = await serve(sound);
    open(server.port);
    expect(() => open(server.port, { unit: 2, access: { framing: 'rtu' } })).toThrow(
      /is read as tcp for others, not as rtu/,
    );
  });
});

describe('patience where nobody says how long', () => {
  const patient = modbusBench({ timeoutMs: undefined });
  const slow: Answer = async (request, socket) => {
    await pauseMs(1_500);
    return await sound(request, socket);
  };

  test('is enough for an answer after 1.5 s when the device is alone on its connection', async () => {
    const server = await patient.serve(slow);
    expect(await patient.open(server.port).read()).toEqual(threeValues);
  });

  test('is shorter when other devices wait for their turn', async () => {
    const server = await patient.serve(slow);
    const units = [1, 2].map((unit) => patient.open(server.port, { unit }));
    const [first] = await Promise.all(units.map((unit) => failure(unit.read())));
    expect(first).toMatchObject({ kind: 'timeout' });
  });
});

test('an RTU unit that did not answer in time is not asked again while a late answer may come; others are', async () => {
  let silent = true;
  const server = await serve(
    (request, socket) => (request.unit === 2 && silent ? undefined : sound(request, socket)),
    { rtu: true },
  );
  const access = { framing: 'rtu' } as const;
  const [slow, other] = [open(server.port, { unit: 2, access }), open(server.port, { access })];
  expect(await failure(slow.read())).toMatchObject({ kind: 'timeout' });
  silent = false;
  const order: string[] = [];
  await Promise.all([
    slow.read().then((values) => order.push(`slow ${JSON.stringify(values)}`)),
    other.read().then(() => order.push('other')),
    pauseMs(100).then(() => other.read().then(() => order.push('other'))),
  ]);
  expect(order).toEqual(['other', 'other', `slow ${JSON.stringify(threeValues)}`]);
  expect(places(server.requests)).toHaveLength(4);
});
