import { createServer, type AddressInfo, type Socket } from 'node:net';

export interface ModbusRequest {
  readonly transaction: number;
  readonly unit: number;
  readonly code: number;
  readonly address: number;
  readonly length: number;
}

export interface ModbusServer {
  readonly port: number;
  readonly requests: ModbusRequest[];
  /** Connections accepted since the start, and those still open. */
  readonly connections: { total: number; open: number };
  readonly sockets: ReadonlySet<Socket>;
  onConnection(listener: () => void): void;
  close(): Promise<void>;
}

export type Answer = (
  request: ModbusRequest,
  socket: Socket,
) => Buffer | undefined | Promise<Buffer | undefined>;

/**
 * A real TCP server whose every answer the test decides: whole frames, half ones, wrong ones or none. With `rtu` it takes
 * RTU frames and turns the Modbus TCP frame it is given into one; what a test writes to the socket itself goes as it is.
 */
export async function startModbusServer(
  answer: Answer,
  { port = 0, rtu = false }: { readonly port?: number; readonly rtu?: boolean } = {},
): Promise<ModbusServer> {
  const size = rtu ? 8 : 12;
  const head = rtu ? 0 : 6;
  const requests: ModbusRequest[] = [];
  const connections = { total: 0, open: 0 };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    connections.total += 1;
    connections.open += 1;
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      connections.open -= 1;
    });
    socket.on('data', (data) => {
      for (let at = 0; at + size <= data.length; at += size) {
        const request = {
          transaction: rtu ? 0 : data.readUInt16BE(at),
          unit: data.readUInt8(at + head),
          code: data.readUInt8(at + head + 1),
          address: data.readUInt16BE(at + head + 2),
          length: data.readUInt16BE(at + head + 4),
        };
        requests.push(request);
        void Promise.resolve(answer(request, socket)).then(
          (bytes) => bytes && socket.writable && socket.write(rtu ? asRtu(bytes) : bytes),
        );
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address() satisfies AddressInfo | string | null;
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    requests,
    connections,
    sockets,
    onConnection: (listener) => void server.on('connection', listener),
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

export function frame({ transaction, unit }: ModbusRequest, pdu: readonly number[]): Buffer {
  const head = Buffer.alloc(7);
  head.writeUInt16BE(transaction, 0);
  head.writeUInt16BE(pdu.length + 1, 4);
  head.writeUInt8(unit, 6);
  return Buffer.concat([head, Buffer.from(pdu)]);
}

/** The same answer as it stands on a serial line; the CRC bit by bit, as the standard draws it. */
export function asRtu(tcpFrame: Buffer): Buffer {
  const body = tcpFrame.subarray(6);
  let crc = 0xffff;
  for (const byte of body) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return Buffer.concat([body, Buffer.from([crc & 0xff, crc >> 8])]);
}

export function exception(request: ModbusRequest, code: number): Buffer {
  return frame(request, [request.code | 0x80, code]);
}

/** Registers by address; one that is absent makes the whole request an illegal address, as real devices do. */
export function fromRegisters(request: ModbusRequest, registers: ReadonlyMap<number, number>): Buffer {
  const bytes: number[] = [];
  for (let address = request.address; address < request.address + request.length; address += 1) {
    const word = registers.get(address);
    if (word === undefined) return exception(request, 2);
    bytes.push(word >> 8, word & 0xff);
  }
  return frame(request, [request.code, bytes.length, ...bytes]);
}
