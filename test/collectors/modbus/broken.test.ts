import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FieldError } from '../../../collectors/drivers/driver.ts';
import { eventually } from '../../support/field.ts';
import {
  failure,
  modbusBench,
  pauseMs,
  threeRegisters as all,
  threeValues,
} from '../../support/modbus-device.ts';
import { asRtu, frame, fromRegisters, type Answer, type ModbusRequest } from '../../support/modbus-server.ts';

const { serve, open } = modbusBench();
const framings = [
  ['Modbus TCP', { rtu: false }, { framing: 'tcp' }],
  ['RTU over TCP', { rtu: true }, { framing: 'rtu' }],
] as const;
const sound = (request: ModbusRequest): Buffer => fromRegisters(request, all);
const others = (request: ModbusRequest): Buffer =>
  fromRegisters(request, new Map([...all.keys()].map((address) => [address, 99])));

describe.each(framings)('a device that breaks %s', (_framing, how, access) => {
  const wire = (tcp: Buffer): Buffer => (how.rtu ? asRtu(tcp) : tcp);
  const write = (bytes: (request: ModbusRequest) => Buffer): Answer => {
    return (request, socket) => {
      socket.write(bytes(request));
      return undefined;
    };
  };
  /** Whether something malformed is counted; who says nothing has sent nothing malformed. */
  const faults: Record<string, { answer: Answer; counted: boolean; says?: RegExp }> = {
    'never answers': { answer: () => undefined, counted: false },
    'answers garbage': {
      answer: write(() => Buffer.from('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')),
      counted: true,
    },
    'sends half a frame': {
      answer: write((request) => wire(sound(request)).subarray(0, 12)),
      counted: false,
    },
    'answers for another unit': {
      answer: write((request) => wire(sound({ ...request, unit: 77 }))),
      counted: true,
      says: /an answer came from unit 77 \(asked: \d+\), which is refused/,
    },
    'answers with another function': {
      answer: write((request) => wire(sound({ ...request, code: 4 }))),
      counted: true,
    },
    'answers fewer registers than asked': {
      answer: write((request) => wire(frame(request, [3, 2, 0, 1]))),
      counted: true,
    },
    'lies about the number of its bytes': {
      answer: write((request) => wire(frame(request, [3, 2, ...Array.from({ length: 14 }, () => 1)]))),
      counted: true,
    },
    'closes the connection': {
      answer: (_request, socket) => void socket.destroy(),
      counted: false,
    },
    'closes it in the middle of an answer': {
      answer: (request, socket) => void socket.end(wire(sound(request)).subarray(0, 12)),
      counted: false,
    },
    'floods with answers to nothing': {
      answer: (request, socket) => {
        const wrong = wire(sound({ ...request, unit: 77, transaction: request.transaction + 1 }));
        socket.write(Buffer.concat(Array.from({ length: 1_000 }, () => wrong)));
        return undefined;
      },
      counted: true,
    },
    ...(how.rtu
      ? {
          'sends a wrong CRC': {
            answer: write((request: ModbusRequest) =>
              Buffer.concat([wire(sound(request)).subarray(0, -1), Buffer.from([0])]),
            ),
            counted: true,
          },
        }
      : {
          'answers another transaction': {
            answer: write((request: ModbusRequest) =>
              sound({ ...request, transaction: request.transaction + 7 }),
            ),
            counted: true,
          },
          'speaks another protocol': {
            answer: write((request: ModbusRequest) => Buffer.from(sound(request)).fill(1, 2, 4)),
            counted: true,
          },
        }),
  };

  test.each(Object.entries(faults))(
    'has failed when it %s, and is read once it is sound',
    async (_name, fault) => {
      let answer = fault.answer;
      const server = await serve((request, socket) => answer(request, socket), how);
      const device = open(server.port, { access });
      const failed = await failure(device.read());
      expect(failed).toBeInstanceOf(FieldError);
      expect(String(failed)).toMatch(fault.says ?? /./);
      await eventually('the spoilt connection is closed', () => server.connections.open === 0);
      expect(device.faults.includes('malformed')).toBe(fault.counted);
      answer = sound;
      expect(await device.read()).toEqual(threeValues);
      expect(server.connections.total).toBe(2);
    },
  );

  test('is read, and the answer to nothing counted, when that comes before the right one', async () => {
    const server = await serve((request, socket) => {
      socket.write(wire(others({ ...request, unit: 77, transaction: request.transaction + 1 })));
      return sound(request);
    }, how);
    const { read, faults: counted } = open(server.port, { access });
    expect(await read()).toEqual(threeValues);
    expect(counted).toEqual(['malformed']);
  });

  test('is read each time when it answers twice, and each second answer is counted', async () => {
    const server = await serve((request, socket) => {
      socket.write(wire(sound(request)));
      return sound(request);
    }, how);
    const { read, faults: counted } = open(server.port, { access });
    for (let count = 0; count < 5; count += 1) {
      expect(await read()).toEqual(threeValues);
      await eventually('the second is counted', () => counted.length === count + 1);
    }
    expect(server.connections.total).toBe(1);
  });

  test('never has a late answer taken for that of the next request', async () => {
    let calls = 0;
    const server = await serve(async (request, socket) => {
      calls += 1;
      if (calls > 1) return sound(request);
      await pauseMs(500);
      // A serial gateway passes what comes late on to whoever is connected now.
      for (const each of server.sockets) if (each !== socket) each.write(wire(others(request)));
      return others(request);
    }, how);
    const { read } = open(server.port, { access });
    expect(await failure(read())).toMatchObject({ kind: 'timeout' });
    const found: unknown[] = [];
    while (found.length < 20) {
      // On a busy machine an answer may be late; what is read is right all the same.
      const values = await read().catch((error: unknown) => error);
      if (!(values instanceof FieldError && values.kind === 'timeout')) found.push(values);
      await pauseMs(10);
    }
    expect(found).toEqual(Array.from({ length: 20 }, () => threeValues));
  });

  test('loses only the rest of a poll when it falls silent in the middle', async () => {
    const holed = new Map([...all].filter(([address]) => address < 3 || address > 5));
    let silent = false;
    const server = await serve(
      (request) => (silent && request.address === 6 ? undefined : fromRegisters(request, holed)),
      how,
    );
    const { read } = open(server.port, { access });
    await read();
    silent = true;
    expect(await read()).toEqual({ ...threeValues, three: 'timeout' });
  });
});

test('whatever bytes stand around an RTU answer, it is read right or not at all', async () => {
  let around: readonly [Uint8Array, Uint8Array] = [new Uint8Array(), new Uint8Array()];
  const server = await serve(
    (request, socket) => {
      const [before, behind] = around;
      socket.write(Buffer.concat([before, asRtu(sound(request)), behind]));
      return undefined;
    },
    { rtu: true },
  );
  const { read } = open(server.port, { access: { framing: 'rtu', timeout: 50, pauseBetween: 0 } });
  const noise = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    // The beginning of answers of this very unit.
    fc
      .constantFrom([1], [1, 3], [1, 3, 14], [1, 3, 14, 0, 11, 255], [1, 0x83], [1, 0x83, 2])
      .map((bytes) => Uint8Array.from(bytes)),
  );
  await fc.assert(
    fc.asyncProperty(noise, noise, async (before, behind) => {
      around = [before, behind];
      expect(await read().catch((error: unknown) => error instanceof FieldError && threeValues)).toEqual(
        threeValues,
      );
    }),
    { numRuns: 200 },
  );
  around = [new Uint8Array(), new Uint8Array()];
  await eventually('it is read', async () => (await failure(read())) === 'answered');
  expect(await read()).toEqual(threeValues);
});

test('RTU answers are read when noise stands before and behind them', async () => {
  const server = await serve(
    (request, socket) => {
      socket.write(
        Buffer.concat([Buffer.from([0, 0xff, request.unit, 3]), asRtu(sound(request)), Buffer.from([0])]),
      );
      return undefined;
    },
    { rtu: true },
  );
  const { read, faults } = open(server.port, { access: { framing: 'rtu' } });
  expect(await read()).toEqual(threeValues);
  expect(await read()).toEqual(threeValues);
  expect(faults.length).toBeGreaterThanOrEqual(2);
});

test('an RTU answer is found behind a broken one, whatever is missing of it', async () => {
  for (let cut = 1; cut < 19; cut += 1) {
    const server = await serve(
      (request, socket) => {
        socket.write(asRtu(others(request)).subarray(0, cut));
        return sound(request);
      },
      { rtu: true },
    );
    expect(await open(server.port, { access: { framing: 'rtu' } }).read()).toEqual(threeValues);
  }
});
