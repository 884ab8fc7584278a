import { createServer, type Socket } from 'node:net';
import type { Device } from '../../config/model.ts';
import type { ModbusFunction } from '../../config/schema/profile.ts';
import type { Field } from '../field.ts';
import { groupBy } from '../group.ts';
import { settled, type Listener } from './endpoint.ts';
import { answerPdu, frameBytes, takeFrames } from './modbusFrame.ts';
import { banksOf, type Bank } from './registers.ts';
import { listenTcp } from './tcp.ts';

interface Unit {
  readonly banks: ReadonlyMap<ModbusFunction, Bank>;
  readonly isSilent: () => boolean;
}

/** One gateway an address, with the units behind it. Rejects with PortInUseError. */
export async function serveModbus(devices: readonly Device[], field: Field): Promise<Listener[]> {
  const slaves = devices.flatMap((device) =>
    device.address.protocol === 'modbus' ? [{ device, ...device.address }] : [],
  );
  const gateways = [...groupBy(slaves, ({ host, port }) => `${host}:${port}`).values()];
  return settled(
    await Promise.allSettled(
      gateways.flatMap((group) => {
        const [first] = group;
        if (first === undefined) return [];
        const units = new Map(
          [...groupBy(group, ({ unit }) => String(unit)).values()].map((here) => [
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
