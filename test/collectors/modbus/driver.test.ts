import { describe, expect, test } from 'vitest';
import { eventually } from '../../support/field.ts';
import {
  failure,
  modbusBench,
  pauseMs,
  places,
  threeRegisters as all,
  threeValues,
} from '../../support/modbus-device.ts';
import { asRtu, fromRegisters, type Answer } from '../../support/modbus-server.ts';

const { serve, open } = modbusBench();
const sound: Answer = (request) => fromRegisters(request, all);

describe.each([
  ['Modbus TCP', { rtu: false }, {}],
  ['RTU over TCP', { rtu: true }, { framing: 'rtu' as const }],
])('a sound device on %s', (_name, how, access) => {
  test('is read in one request over one connection that stays open', async () => {
    const server = await serve(sound, how);
    const { read, faults } = open(server.port, { access });
    expect(await read()).toEqual(threeValues);
    await read();
    expect(places(server.requests)).toEqual(['0+7', '0+7']);
    expect(server.connections).toEqual({ total: 1, open: 1 });
    expect(faults).toEqual([]);
  });

  test('is not dialled before it is read', async () => {
    const server = await serve(sound, how);
    open(server.port, { access });
    await pauseMs(30);
    expect(server.connections.total).toBe(0);
  });

  test('leaves no socket behind when it is closed, even twice', async () => {
    const server = await serve(sound, how);
    const { session, read } = open(server.port, { access });
    await read();
    session.close();
    session.close();
    await eventually('the connection is closed', () => server.connections.open === 0);
    expect(server.connections.total).toBe(1);
  });

  test('is read again over a fresh connection when it was restarted', async () => {
    const server = await serve(sound, how);
    const { read } = open(server.port, { access });
    await read();
    await server.close();
    expect(await failure(read())).toMatchObject({ kind: 'refused' });
    const { port } = server;
    await serve(sound, { ...how, port });
    expect(await read()).toEqual(threeValues);
  });

  test('is read when its answers come a byte at a time', async () => {
    const server = await serve(async (request, socket) => {
      const tcp = fromRegisters(request, all);
      for (const byte of how.rtu ? asRtu(tcp) : tcp) {
        socket.write(Buffer.from([byte]));
        await pauseMs(2);
      }
      return undefined;
    }, how);
    expect(await open(server.port, { access }).read()).toEqual(threeValues);
  });

  test('is asked in vain once it is closed', async () => {
    const server = await serve(sound, how);
    const { session, read } = open(server.port, { access });
    session.close();
    expect(await failure(read())).toMatchObject({ kind: 'refused' });
    expect(server.connections.total).toBe(0);
  });
});

test('survives more requests than there are transaction ids in a byte', async () => {
  const server = await serve(sound);
  const { read } = open(server.port);
  for (let count = 0; count < 300; count += 1) expect(await read()).toEqual(threeValues);
  expect(server.connections.total).toBe(1);
});

test('a read that is given up frees the connection for the next', async () => {
  const server = await serve((request, socket) => (request.unit === 2 ? undefined : sound(request, socket)));
  const abort = new AbortController();
  const reading = failure(open(server.port, { unit: 2 }).read(abort.signal));
  await eventually('it was asked', () => server.requests.length === 1);
  abort.abort();
  expect(await reading).toMatchObject({ kind: 'timeout' });
  expect(await open(server.port).read()).toMatchObject({ one: 11 });
});

test('a device is given the time its site or profile says', async () => {
  const server = await serve(async (request, socket) => {
    await pauseMs(600);
    return await sound(request, socket);
  });
  expect(await failure(open(server.port).read())).toMatchObject({ kind: 'timeout' });
  expect(await open(server.port, { access: { timeout: 2_000 } }).read()).toEqual(threeValues);
});
