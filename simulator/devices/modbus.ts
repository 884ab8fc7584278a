import { grouped } from '../../core/grouped.ts';
import { type Socket, createServer } from 'node:net';
import type { Device } from '../../config/model.ts';
import type { ModbusFunction } from '../../config/schema/profile.ts';
import type { Field } from '../field.ts';
import { type Listener, listenTcp, settled } from './endpoint.ts';
import { type Bank, banksOf } from './registers.ts';

interface Unit {
  readonly banks: ReadonlyMap<ModbusFunction, Bank>;
  readonly isSilent: () => boolean;
}

/** One gateway an address, with the units behind it. Rejects with PortInUseError. */
export async function serveModbus(devices: readonly Device[], field: Field): Promise<Listener[]> {
  const slaves = devices.flatMap((device) =>
    // Of the simulated field even a serial line is a place on the network.
    device.address.protocol === 'modbus' && 'host' in device.address ? [{ device, ...device.address }] : [],
  );
  const gateways = [...grouped(slaves, ({ host, port }) => `${host}:${port}`).values()];
  return settled(
    await Promise.allSettled(
      gateways.flatMap((group) => {
        const [first] = group;
        if (first === undefined) return [];
        const units = new Map(
          [...grouped(group, ({ unit }) => String(unit)).values()].map((here) => [
            here[0]?.unit ?? 0,
            unitOf(
              here.map(({ device }) => device),
              field,
            ),
          ]),
        );
        const server = createServer((socket) => {
          converse(socket, units);
        });
        return [listenTcp(server, { host: first.host, port: first.port })];
      }),
    ),
  );
}

function unitOf(devices: readonly Device[], field: Field): Unit {
  return {
    banks: banksOf(
      devices.flatMap((device) =>
        device.points.map((point) => ({ point, read: field.reader(device, point) })),
      ),
    ),
    isSilent: () => devices.every((device) => field.isSilent(device)),
  };
}

/** Answers the requests of a connection in order, however they are cut into segments. */
function converse(socket: Socket, units: ReadonlyMap<number, Unit>): void {
  let waiting: Buffer = Buffer.alloc(0);
  socket.setNoDelay(true);
  socket.on('data', (bytes: Buffer) => {
    const taken = takeFrames(waiting.length === 0 ? bytes : Buffer.concat([waiting, bytes]));
    if (taken === undefined) {
      socket.destroy();
      return;
    }
    waiting = taken.rest;
    for (const frame of taken.frames) {
      const unit = units.get(frame.unit);
      if (unit?.isSilent() === true) continue;
      socket.write(frameBytes({ ...frame, pdu: answerPdu(frame.pdu, unit?.banks) }));
    }
  });
}

/** A request of Modbus TCP (Modbus Messaging on TCP/IP 1.0b): the head's transaction and unit, and the PDU. */
interface Frame {
  readonly transaction: number;
  readonly unit: number;
  readonly pdu: Buffer;
}

const headBytes = 7;
const longestPdu = 253;

/** The whole frames in what has come so far, and the rest; undefined when it is no Modbus and the line must be cut. */
function takeFrames(bytes: Buffer): { readonly frames: readonly Frame[]; readonly rest: Buffer } | undefined {
  const frames: Frame[] = [];
  let at = 0;
  while (bytes.length - at >= headBytes) {
    const length = bytes.readUInt16BE(at + 4);
    if (bytes.readUInt16BE(at + 2) !== 0 || length < 2 || length > longestPdu + 1) return undefined;
    if (bytes.length - at < 6 + length) break;
    frames.push({
      transaction: bytes.readUInt16BE(at),
      unit: bytes.readUInt8(at + 6),
      pdu: bytes.subarray(at + headBytes, at + 6 + length),
    });
    at += 6 + length;
  }
  return { frames, rest: bytes.subarray(at) };
}

function frameBytes({ transaction, unit, pdu }: Frame): Buffer {
  const head = Buffer.alloc(headBytes);
  head.writeUInt16BE(transaction, 0);
  head.writeUInt16BE(pdu.length + 1, 4);
  head.writeUInt8(unit, 6);
  return Buffer.concat([head, pdu]);
}

const functions: ReadonlyMap<
  number,
  { readonly bank: ModbusFunction; readonly most: number; readonly bits: boolean }
> = new Map([
  [1, { bank: 'coil', most: 2_000, bits: true }],
  [2, { bank: 'discrete', most: 2_000, bits: true }],
  [3, { bank: 'holding', most: 125, bits: false }],
  [4, { bank: 'input', most: 125, bits: false }],
]);

const exceptions = { illegalFunction: 1, illegalAddress: 2, illegalValue: 3, targetSilent: 11 } as const;

/** The answer to a PDU; a unit that is not there is answered for by the gateway. Reads only: nothing can be set. */
function answerPdu(pdu: Buffer, banks: ReadonlyMap<ModbusFunction, Bank> | undefined): Buffer {
  const code = pdu[0] ?? 0;
  const refuse = (exception: number): Buffer => Buffer.from([code | 0x80, exception]);
  if (banks === undefined) return refuse(exceptions.targetSilent);
  const wanted = functions.get(code);
  if (wanted === undefined) return refuse(exceptions.illegalFunction);
  if (pdu.length !== 5) return refuse(exceptions.illegalValue);
  const count = pdu.readUInt16BE(3);
  if (count < 1 || count > wanted.most) return refuse(exceptions.illegalValue);
  const words = banks.get(wanted.bank)?.read(pdu.readUInt16BE(1), count);
  if (words === undefined) return refuse(exceptions.illegalAddress);
  const data = wanted.bits ? packBits(words, count) : words;
  return Buffer.concat([Buffer.from([code, data.length]), data]);
}

/** Eight to a byte, the first in the lowest bit. */
function packBits(words: Buffer, count: number): Buffer {
  const bits = Buffer.alloc(Math.ceil(count / 8));
  for (let i = 0; i < count; i++)
    if (words.readUInt16BE(i * 2) !== 0) bits[i >> 3] = (bits[i >> 3] ?? 0) | (1 << (i & 7));
  return bits;
}
