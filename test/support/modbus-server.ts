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
  close(): Promise<void>;
}

/** A real TCP server whose every answer the test decides: whole frames, half ones, wrong ones or none. */
export async function startModbusServer(
  answer: (request: ModbusRequest, socket: Socket) => Buffer | undefined | Promise<Buffer | undefined>,
  port = 0,
): Promise<ModbusServer> {
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
      for (let at = 0; at + 12 <= data.length; at += 12) {
        const request = {
          transaction: data.readUInt16BE(at),
          unit: data.readUInt8(at + 6),
          code: data.readUInt8(at + 7),
          address: data.readUInt16BE(at + 8),
          length: data.readUInt16BE(at + 10),
        };
        requests.push(request);
        void Promise.resolve(answer(request, socket)).then(
          (frame) => frame && socket.writable && socket.write(frame),
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
