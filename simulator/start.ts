import type { Logger } from 'pino';
import { defined } from '../core/defined.ts';
import type { Model } from '../config/model.ts';
import { serveControl } from './control.ts';
import type { Listener } from './devices/endpoint.ts';
import { serveModbus } from './devices/modbus.ts';
import { serveMqtt } from './devices/mqtt.ts';
import { serveSnmp } from './devices/snmp.ts';
import { Field } from './field.ts';

export interface SimulatorOptions {
  /** With loopback addresses (`withSimulatedField`). */
  readonly model: Model;
  /** The control port; devices listen at the model's addresses. */
  readonly basePort: number;
  readonly seed: number;
  readonly clock: { now(): number };
  readonly log: Pick<Logger, 'info'>;
}

export interface Simulator extends Listener {
  readonly field: Field;
}

const turnMs = 100;

/** All devices of the model on their sockets, the physics running. Rejects with PortInUseError; then nothing stays open. */
export async function startSimulator({
  model,
  basePort,
  seed,
  clock,
  log,
}: SimulatorOptions): Promise<Simulator> {
  const startedAt = clock.now();
  const field = new Field(model, { seed, startAt: startedAt });
  const { devices } = model;
  const open: Listener[] = [];
  const close = async (): Promise<void> => {
    for (const listener of open.splice(0).reverse()) await listener.close();
  };
  try {
    open.push(...(await serveSnmp(devices, field, () => clock.now() - startedAt)));
    open.push(...(await serveModbus(devices, field)));
    const publishers = await serveMqtt(devices, field, { seed, ...defined({ people: model.people }) });
    open.push(...publishers);
    const timer = setInterval(() => {
      const now = clock.now();
      field.advance(now);
      for (const publisher of publishers) publisher.turn(now);
    }, turnMs);
    open.push({
      close: () => {
        clearInterval(timer);
        return Promise.resolve();
      },
    });
    // Last of all: once this port answers, every device does.
    open.push(await serveControl({ field, port: basePort, now: () => clock.now() }));
  } catch (error) {
    await close();
    throw error;
  }
  log.info({ devices: devices.length, listeners: open.length, control: basePort }, 'simulated field is up');
  return { field, close };
}
