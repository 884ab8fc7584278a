import { describe, expect, test } from 'vitest';
import { ModbusException } from '../../../collectors/drivers/modbus/exceptions.ts';
import {
  byQuantity,
  failure,
  modbusBench,
  modbusProfile,
  places,
  threeRegisters as all,
  threeValues,
} from '../../support/modbus-device.ts';
import { exception, fromRegisters, type Answer } from '../../support/modbus-server.ts';

let time = 0;
const { serve, open } = modbusBench({ now: () => performance.now() + time, retryAfterMs: 600_000 });
const holed = new Map([...all].filter(([address]) => address < 3 || address > 5));

describe('a device that refuses registers', () => {
  test('is asked around the hole, and only once too much', async () => {
    const server = await serve((request) => fromRegisters(request, holed));
    const { read } = open(server.port);
    expect(await read()).toEqual(threeValues);
    expect(await read()).toEqual(threeValues);
    expect(places(server.requests)).toEqual(['0+7', '0+3', '6+1', '0+3', '6+1']);
  });

  test('is asked for the whole again after ten minutes, since it may have been busy', async () => {
    let registers = holed;
    const server = await serve((request) => fromRegisters(request, registers));
    const { read } = open(server.port);
    await read();
    registers = new Map(all);
    time += 599_000;
    await read();
    time += 2_000;
    expect(await read()).toEqual(threeValues);
    await read();
    expect(places(server.requests).slice(3)).toEqual(['0+3', '6+1', '0+7', '0+7']);
  });

  test('gives no value for the register it does not have, and all the others', async () => {
    const without = new Map([...all].filter(([address]) => address !== 6));
    const server = await serve((request) => fromRegisters(request, without));
    const { read, raw } = open(server.port);
    expect(await read()).toEqual({ ...threeValues, three: 'no-value' });
    expect((await raw()).find(({ point }) => point.quantity === 'three')?.note).toBe(
      'exception 2 (illegal data address): the device has no such register: check address and model',
    );
  });

  test('gives no values at all when it has none of the registers, and is still there', async () => {
    const server = await serve((request) => exception(request, 2));
    const { read } = open(server.port);
    expect(await read()).toEqual({ one: 'no-value', two: 'no-value', three: 'no-value' });
  });

  test('is asked for the refused register again only after half a minute', async () => {
    const registers = new Map([...all].filter(([address]) => address !== 6));
    const server = await serve((request) => fromRegisters(request, registers));
    const { read } = open(server.port);
    await read();
    server.requests.length = 0;
    expect(await read()).toEqual({ ...threeValues, three: 'no-value' });
    expect(places(server.requests)).toEqual(['0+3']);
    registers.set(6, 33);
    time += 31_000;
    expect(await read()).toEqual(threeValues);
  });

  test('is lost when it ends, even while every one of its registers is refused', async () => {
    const server = await serve((request) => exception(request, 2));
    const { read } = open(server.port);
    await read();
    expect(await read()).toEqual({ one: 'no-value', two: 'no-value', three: 'no-value' });
    await server.close();
    expect(await failure(read())).toMatchObject({ kind: 'refused' });
  });

  test('is read twelve registers at a time when it gives no more', async () => {
    const wanted = Array.from({ length: 40 }, (_, address) => ({ quantity: `q${address}`, address }));
    const registers = new Map(wanted.map(({ address }) => [address, address + 1]));
    const server = await serve((request) =>
      request.length > 12 ? exception(request, 3) : fromRegisters(request, registers),
    );
    const { read } = open(server.port, { profile: modbusProfile({}, wanted) });
    const values = Object.fromEntries(wanted.map(({ quantity, address }) => [quantity, address + 1]));
    expect(await read()).toEqual(values);
    server.requests.length = 0;
    expect(await read()).toEqual(values);
    expect(places(server.requests)).toEqual(['0+10', '10+10', '20+10', '30+10']);
  });
});

describe('a zero in the midst of a block', () => {
  const zeros = new Map(
    [...all].map(([address, word]) => [address, address === 0 || address === 6 ? 0 : word]),
  );
  const refusing =
    (undefinedAt: number): Answer =>
    (request) =>
      request.length === 1 && request.address === undefinedAt
        ? exception(request, 2)
        : fromRegisters(request, zeros);

  test('is no value when the device refuses its register alone, and is asked for only once', async () => {
    const server = await serve(refusing(6));
    const { read } = open(server.port);
    expect(await read()).toEqual({ one: 0, two: -2, three: 'no-value' });
    expect(await read()).toEqual({ one: 0, two: -2, three: 'no-value' });
    expect(places(server.requests)).toEqual(['0+7', '0+1', '6+1', '0+7']);
  });

  test('is a value again when the register is there after ten minutes', async () => {
    let answer = refusing(6);
    const server = await serve((request, socket) => answer(request, socket));
    const { read } = open(server.port);
    await read();
    answer = refusing(99);
    time += 601_000;
    expect(await read()).toEqual({ one: 0, two: -2, three: 0 });
  });

  test('is no value when the device falls silent at its register, and costs two timeouts at most', async () => {
    const server = await serve((request) =>
      request.length === 1 && request.address === 6 ? undefined : fromRegisters(request, zeros),
    );
    const { read } = open(server.port);
    // What came in the same block is not lost with it.
    expect(await read()).toEqual({ one: 0, two: -2, three: 'timeout' });
    expect(await read()).toEqual({ one: 0, two: -2, three: 'timeout' });
    expect(await read()).toEqual({ one: 0, two: -2, three: 'no-value' });
  });

  test('does not hold back what needs no proof', async () => {
    let isProved = false;
    const server = await serve((request) => {
      if (request.length === 1) isProved = true;
      return fromRegisters(request, zeros);
    });
    const early: unknown[] = [];
    const { raw } = open(server.port);
    const rest = await raw(undefined, (values) => early.push({ ...byQuantity(values), isProved }));
    expect(early).toEqual([{ two: -2, isProved: false }]);
    expect(byQuantity(rest)).toEqual({ one: 0, three: 0 });
  });

  test('is asked for after the other units of the gateway were read, but not only when they ask no more', async () => {
    const server = await serve((request) => fromRegisters(request, zeros));
    const units = Array.from({ length: 8 }, (_, index) => open(server.port, { unit: index + 1 }));
    await Promise.all(units.map(({ read }) => read()));
    const kinds = server.requests.map(({ length }) => (length === 1 ? 'proof' : 'block'));
    expect(kinds.lastIndexOf('block')).toBeLessThan(12);
    expect(kinds.indexOf('proof')).toBeLessThan(kinds.lastIndexOf('block'));
    expect(kinds.filter((kind) => kind === 'proof')).toHaveLength(16);
  });

  test('that never had its turn does not count as silence of the device', async () => {
    let release = (): void => undefined;
    const server = await serve(async (request) => {
      if (request.unit === 2) await new Promise<void>((resolve) => (release = resolve));
      return fromRegisters(request, zeros);
    });
    const [device, other] = [open(server.port), open(server.port, { unit: 2, access: { timeout: 60_000 } })];
    for (let poll = 0; poll < 3; poll += 1) {
      const abort = new AbortController();
      const asked = server.requests.length;
      const reading = device.read(abort.signal);
      const held = new AbortController();
      const holding = failure(other.read(held.signal));
      await expect.poll(() => server.requests.slice(asked).map(({ unit }) => unit)).toEqual([1, 2]);
      abort.abort();
      expect(await reading).toEqual({ one: 'timeout', two: -2, three: 'timeout' });
      held.abort();
      release();
      await holding;
    }
    expect(await device.read()).toEqual({ one: 0, two: -2, three: 0 });
  });

  test('waits for the next poll when the device is too busy to tell', async () => {
    let busy = true;
    const server = await serve((request) =>
      busy && request.length === 1 ? exception(request, 6) : fromRegisters(request, zeros),
    );
    const { read } = open(server.port);
    expect(await read()).toEqual({ two: -2 });
    busy = false;
    expect(await read()).toEqual({ one: 0, two: -2, three: 0 });
  });
});

describe('zeros that could not be proved after a rough start', () => {
  const twelve = Array.from({ length: 12 }, (_, address) => ({ quantity: `q${address}`, address }));
  const profile = modbusProfile({ maxGap: 4 }, [...twelve, { quantity: 'last', address: 12 }]);
  const registers = new Map([...twelve.map(({ address }): [number, number] => [address, 0]), [12, 7]]);
  const calm = { ...Object.fromEntries(twelve.map(({ quantity }) => [quantity, 0])), last: 7 };

  test('are all values again within seconds once the device answers', async () => {
    let starting = true;
    const server = await serve((request) =>
      starting && request.length === 1 ? exception(request, 2) : fromRegisters(request, registers),
    );
    const { read, notes } = open(server.port, { profile });
    expect(await read()).toMatchObject({ q0: 'no-value', q11: 'no-value', last: 7 });
    expect(notes).toEqual([expect.stringMatching(/^12 values read zero .* asked again in 5 s$/)]);
    starting = false;
    time += 6_000;
    await read();
    expect(await read()).toEqual(calm);
  });

  test('are asked for again ever more rarely while the device keeps refusing', async () => {
    const server = await serve((request) =>
      request.length === 1 ? exception(request, 2) : fromRegisters(request, registers),
    );
    const { read } = open(server.port, { profile });
    await read();
    server.requests.length = 0;
    for (let second = 0; second < 120; second += 1) {
      time += 1_000;
      await read();
    }
    // After 5, 15, 35 and 75 s, eight of them at a time.
    expect(server.requests.filter(({ length }) => length === 1)).toHaveLength(4 * 8);
  });

  test('are proved over several polls where each proof takes long', async () => {
    const server = await serve((request) => {
      if (request.length === 1) time += 1_500;
      return fromRegisters(request, registers);
    });
    const { read } = open(server.port, { profile });
    expect(await read()).toEqual({
      ...Object.fromEntries(twelve.map(({ quantity }) => [quantity, 'timeout'])),
      q0: 0,
      q1: 0,
      last: 7,
    });
    for (let poll = 2; poll <= 6; poll += 1) await read();
    expect(await read()).toEqual(calm);
  });

  test('cost one timeout a retry when the device is silent, and the poll keeps its values', async () => {
    let silent = true;
    const server = await serve(
      (request) =>
      silent && request.length === 1 ? undefined : fromRegisters(request, new Map([...registers, [0, 5], [1, 5], [2, 5], [3, 5], [4, 5], [5, 5], [6, 5], [7, 5], [8, 5], [9, 5]])), // prettier-ignore
    );
    const { read } = open(server.port, { profile });
    for (let poll = 0; poll < 4; poll += 1) await read();
    expect(await read()).toMatchObject({ q0: 5, q10: 'no-value', q11: 'no-value', last: 7 });
    time += 6_000;
    server.requests.length = 0;
    expect(await read()).toMatchObject({ q0: 5, q10: 'no-value', last: 7 });
    expect(places(server.requests)).toEqual(['0+13', '10+1']);
    silent = false;
    time += 11_000;
    await read();
    expect(await read()).toMatchObject({ q10: 0, q11: 0, last: 7 });
  });
});

describe('a device that is busy', () => {
  test.each([5, 6])('has failed with exception %i, keeps its connection and its plan', async (code) => {
    let busy = true;
    const server = await serve((request) => (busy ? exception(request, code) : fromRegisters(request, all)));
    const { read } = open(server.port);
    expect(await failure(read())).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('asked again'),
    });
    busy = false;
    expect(await read()).toEqual(threeValues);
    expect(places(server.requests)).toEqual(['0+7', '0+7']);
    expect(server.connections.total).toBe(1);
  });
});

describe('a unit that its gateway cannot reach', () => {
  test.each([10, 11])('is not there with exception %i, while another unit is', async (code) => {
    const server = await serve((request) =>
      request.unit === 9 ? exception(request, code) : fromRegisters(request, all),
    );
    const [dead, alive] = [open(server.port, { unit: 9 }), open(server.port)];
    const [nothing, values] = await Promise.all([failure(dead.read()), alive.read()]);
    expect(nothing).toMatchObject({ kind: 'timeout', message: expect.stringContaining('gateway answers') });
    expect(values).toEqual(threeValues);
    expect(server.connections.total).toBe(1);
  });
});

test.each([
  [1, 'place', 'illegal function'],
  [2, 'place', 'illegal data address'],
  [3, 'place', 'illegal data value'],
  [4, 'fault', 'device failure'],
  [5, 'later', 'acknowledge'],
  [6, 'later', 'device busy'],
  [8, 'fault', 'memory parity error'],
  [10, 'absent', 'gateway path unavailable'],
  [11, 'absent', 'gateway target failed to respond'],
])('exception %i is %s and named "%s"', (code, refusal, name) => {
  const error = new ModbusException(code, { unit: 5, asked: 'holding 0+1 of unit 5' });
  expect(error.refusal).toBe(refusal);
  expect(error.message).toContain(`exception ${code} (${name}) to holding 0+1 of unit 5: `);
});

test('exception 11 tells which unit to look at, and one outside the standard that it is', () => {
  const what = { unit: 5, asked: 'input 0+1 of unit 5' };
  expect(new ModbusException(11, what).message).toContain(
    'the gateway answers, unit 5 does not: check unit id and wiring',
  );
  expect(new ModbusException(199, what)).toMatchObject({
    refusal: 'fault',
    message: "exception 199 to input 0+1 of unit 5: not a code of the standard: see the maker's manual",
  });
});
