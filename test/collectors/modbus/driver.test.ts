import { afterEach, describe, expect, test } from 'vitest';
import type { Device } from '../../../config/model.ts';
import { profileSchema, type Profile } from '../../../config/schema/profile.ts';
import { FieldError, type RawValue, type Session } from '../../../collectors/drivers/driver.ts';
import { modbusDriver } from '../../../collectors/drivers/modbus/driver.ts';
import { eventually, fieldModel } from '../../support/field.ts';
import {
  exception,
  frame,
  fromRegisters,
  startModbusServer,
  type ModbusRequest,
  type ModbusServer,
} from '../../support/modbus-server.ts';

const profile: Profile = {
  ...profileSchema.parse({
    protocol: 'modbus',
    kind: 'meter',
    maker: 'none',
    model: 'faults',
    source: 'made up for these tests',
    modbus: { maxGap: 4 },
    points: [
      { quantity: 'one', unit: 'count', address: 0 },
      { quantity: 'two', unit: 'count', address: 1, type: 's32' },
      { quantity: 'three', unit: 'count', address: 6 },
    ],
  }),
  name: 'meter/faults',
};
const all = new Map([[0, 11], [1, 0xffff], [2, 0xfffe], [3, 0], [4, 0], [5, 0], [6, 33]]); // prettier-ignore

type Answer = Parameters<typeof startModbusServer>[0];
const cleanup: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

async function serve(answer: Answer): Promise<ModbusServer> {
  const server = await startModbusServer(answer);
  cleanup.push(() => server.close());
  return server;
}

const driver = modbusDriver({ timeoutMs: 400 });

function open(
  port: number,
  unit = 1,
): { device: Device; session: Session; read: () => Promise<Record<string, unknown>> } {
  const model = fieldModel([
    { id: 'm', profile, address: { protocol: 'modbus', host: '127.0.0.1', port, unit } },
  ]);
  const [device] = model.devices;
  if (device === undefined) throw new Error('no device');
  const session = driver.open(device);
  cleanup.push(() => session.close());
  const poll = session.plan(device.points);
  return { device, session, read: async () => byQuantity(await poll.read(new AbortController().signal)) };
}

function byQuantity(values: readonly RawValue[]): Record<string, unknown> {
  return Object.fromEntries(values.map(({ point, raw, reason }) => [point.quantity, raw ?? reason]));
}

const failure = (read: Promise<unknown>): Promise<unknown> =>
  read.then(
    () => 'answered',
    (error: unknown) => error,
  );
const places = (requests: readonly ModbusRequest[]): string[] =>
  requests.map((each) => `${each.address}+${each.length}`);

describe('a sound device', () => {
  test('is read in one request over one connection that stays open', async () => {
    const server = await serve((request) => fromRegisters(request, all));
    const { read } = open(server.port);
    expect(await read()).toEqual({ one: 11, two: -2, three: 33 });
    await read();
    expect(places(server.requests)).toEqual(['0+7', '0+7']);
    expect(server.connections).toEqual({ total: 1, open: 1 });
  });

  test('is not dialled before it is read', async () => {
    const server = await serve((request) => fromRegisters(request, all));
    open(server.port);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(server.connections.total).toBe(0);
  });

  test('leaves no socket behind when it is closed, even twice', async () => {
    const server = await serve((request) => fromRegisters(request, all));
    const { session, read } = open(server.port);
    await read();
    session.close();
    session.close();
    await eventually('the connection is closed', () => server.connections.open === 0);
    expect(server.connections.total).toBe(1);
  });

  test('is read again over a fresh connection when it was restarted', async () => {
    const server = await serve((request) => fromRegisters(request, all));
    const { read } = open(server.port);
    await read();
    await server.close();
    expect(await failure(read())).toMatchObject({ kind: 'refused' });
    const again = await startModbusServer((request) => fromRegisters(request, all), server.port);
    cleanup.push(() => again.close());
    expect(await read()).toEqual({ one: 11, two: -2, three: 33 });
  });

  test('survives more requests than the library has transaction ids', async () => {
    const server = await serve((request) => fromRegisters(request, all));
    const { read } = open(server.port);
    for (let count = 0; count < 300; count += 1)
      expect(await read()).toEqual({ one: 11, two: -2, three: 33 });
    expect(server.connections.total).toBe(1);
  });
});

describe('a device that says no', () => {
  test('is asked around the hole that it refuses, and only once too much', async () => {
    const holed = new Map([...all].filter(([address]) => address < 3 || address > 5));
    const server = await serve((request) => fromRegisters(request, holed));
    const { read } = open(server.port);
    expect(await read()).toEqual({ one: 11, two: -2, three: 33 });
    expect(await read()).toEqual({ one: 11, two: -2, three: 33 });
    expect(places(server.requests)).toEqual(['0+7', '0+3', '6+1', '0+3', '6+1']);
  });

  test('gives no value for the register it does not have, and all the others', async () => {
    const without = new Map([...all].filter(([address]) => address !== 6));
    const server = await serve((request) => fromRegisters(request, without));
    const { read } = open(server.port);
    expect(await read()).toEqual({ one: 11, two: -2, three: 'no-value' });
  });

  test('gives no values at all when it has none of the registers, and is still there', async () => {
    const server = await serve((request) => exception(request, 2));
    const { read } = open(server.port);
    expect(await read()).toEqual({ one: 'no-value', two: 'no-value', three: 'no-value' });
  });

  test('has failed when it is busy, but keeps its connection', async () => {
    const server = await serve((request) => exception(request, 6));
    const { read } = open(server.port);
    expect(await failure(read())).toMatchObject({ kind: 'refused' });
    await failure(read());
    expect(server.connections.total).toBe(1);
  });

  test('is not there when its gateway says so, while another unit on it is', async () => {
    const server = await serve((request) =>
      request.unit === 9 ? exception(request, 11) : fromRegisters(request, all),
    );
    const [dead, alive] = [open(server.port, 9), open(server.port, 1)];
    const [nothing, values] = await Promise.all([failure(dead.read()), alive.read()]);
    expect(nothing).toMatchObject({ kind: 'timeout' });
    expect(values).toEqual({ one: 11, two: -2, three: 33 });
    expect(server.connections.total).toBe(1);
  });
});

describe('a device that breaks the protocol', () => {
  const sound = (request: ModbusRequest): Buffer => fromRegisters(request, all);
  const faults: Record<string, Answer> = {
    'never answers': () => undefined,
    'answers garbage': () => Buffer.from('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'),
    'sends half a frame': (request) => sound(request).subarray(0, 12),
    'answers another transaction': (request) => sound({ ...request, transaction: request.transaction + 7 }),
    'answers for another unit': (request) => sound({ ...request, unit: 77 }),
    'answers fewer registers than asked': (request) => frame(request, [3, 2, 0, 1]),
    'lies about the number of its bytes': (request) =>
      frame(request, [3, 2, ...Array.from({ length: 14 }, () => 1)]),
    'closes the connection': (_request, socket) => {
      socket.destroy();
      return undefined;
    },
  };

  test.each(Object.entries(faults))(
    'has failed when it %s, and is read once it is sound',
    async (_name, fault) => {
      let answer = fault;
      const server = await serve((request, socket) => answer(request, socket));
      const { read } = open(server.port);
      expect(await failure(read())).toBeInstanceOf(FieldError);
      await eventually('the spoilt connection is closed', () => server.connections.open === 0);
      answer = sound;
      expect(await read()).toEqual({ one: 11, two: -2, three: 33 });
      expect(server.connections.total).toBe(2);
    },
  );

  test('never takes a late answer for that of the next request', async () => {
    let calls = 0;
    const server = await serve(async (request) => {
      calls += 1;
      if (calls > 1) return sound(request);
      await new Promise((resolve) => setTimeout(resolve, 500));
      return fromRegisters(request, new Map([...all.keys()].map((address) => [address, 99])));
    });
    const { read } = open(server.port);
    expect(await failure(read())).toMatchObject({ kind: 'timeout' });
    for (let count = 0; count < 20; count += 1) {
      expect(await read()).toEqual({ one: 11, two: -2, three: 33 });
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  });

  test('loses only the rest of a poll when it falls silent in the middle', async () => {
    const holed = new Map([...all].filter(([address]) => address < 3 || address > 5));
    let silent = false;
    const server = await serve((request) =>
      silent && request.address === 6 ? undefined : fromRegisters(request, holed),
    );
    const { read } = open(server.port);
    await read();
    silent = true;
    expect(await read()).toEqual({ one: 11, two: -2, three: 'timeout' });
  });
});

describe('a gateway', () => {
  test('asks one at a time', async () => {
    let pending = 0;
    let most = 0;
    const server = await serve(async (request) => {
      pending += 1;
      most = Math.max(most, pending);
      await new Promise((resolve) => setTimeout(resolve, 5));
      pending -= 1;
      return fromRegisters(request, all);
    });
    const units = Array.from({ length: 10 }, (_, index) => open(server.port, index + 1));
    await Promise.all(units.map((unit) => unit.read()));
    expect(most).toBe(1);
    expect(server.connections.total).toBe(1);
  });

  test('answers for its other units when one is dead', async () => {
    const server = await serve((request) => (request.unit === 2 ? undefined : fromRegisters(request, all)));
    const units = [1, 2, 3].map((unit) => open(server.port, unit));
    const results = await Promise.all(units.map((unit) => failure(unit.read())));
    expect(results).toEqual(['answered', expect.objectContaining({ kind: 'timeout' }), 'answered']);
  });

  test('stays open for its other units when one is closed', async () => {
    const server = await serve((request) => fromRegisters(request, all));
    const [first, second] = [open(server.port, 1), open(server.port, 2)];
    await first.read();
    first.session.close();
    expect(await second.read()).toMatchObject({ one: 11 });
    expect(server.connections).toEqual({ total: 1, open: 1 });
  });

  test('fails at once for all who wait when nobody listens', async () => {
    const server = await startModbusServer(() => undefined);
    await server.close();
    const units = [1, 2, 3].map((unit) => open(server.port, unit));
    const results = await Promise.all(units.map((unit) => failure(unit.read())));
    expect(results).toEqual(units.map(() => expect.objectContaining({ kind: 'refused' })));
  });
});

test('a read that is given up frees the connection for the next', async () => {
  const server = await serve((request) => (request.unit === 2 ? undefined : fromRegisters(request, all)));
  const { device, session } = open(server.port, 2);
  const abort = new AbortController();
  const reading = failure(session.plan(device.points).read(abort.signal));
  await eventually('it was asked', () => server.requests.length === 1);
  abort.abort();
  expect(await reading).toMatchObject({ kind: 'timeout' });
  expect(await open(server.port, 1).read()).toMatchObject({ one: 11 });
});
