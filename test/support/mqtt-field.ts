import { Writable } from 'node:stream';
import { pino } from 'pino';
import { systemClock, type Clock } from '../../core/clock.ts';
import type { BrokerTiming } from '../../collectors/drivers/mqtt/broker.ts';
import { createMqttCollector } from '../../collectors/drivers/mqtt/collector.ts';
import type { Broker } from '../../config/model.ts';
import { fieldModel, recorder, shippedProfile, type FieldEntry } from './field.ts';

/** Faults are found sooner than in the field, where nobody waits for them. */
const hasty: BrokerTiming = { keepaliveS: 2, reconnectMs: 200, connectMs: 1_000 };

/** A collector that listens, on a real clock unless told otherwise, and what it said of its broker. */
export function listen(entries: readonly FieldEntry[], clock: Clock = systemClock) {
  const model = fieldModel(entries);
  const seen = recorder(model);
  const lines: string[] = [];
  const keep = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(chunk.toString());
      done();
    },
  });
  const collector = createMqttCollector({
    devices: model.devices,
    clock,
    sink: seen.sink,
    log: pino({ level: 'info' }, keep),
    zone: 'Asia/Jakarta',
    timing: hasty,
  });
  collector.start();
  return {
    seen,
    health: (id: string) => collector.diagnostics().find(({ device }) => device.id === id),
    /** Log lines that hold this text. */
    said: (text: string) => lines.filter((line) => line.includes(text)),
    stop: () => collector.stop(),
  };
}

/** A climate sensor on a topic of its own id. */
export function climate(broker: Broker, id = 'climate'): FieldEntry {
  return {
    id,
    profile: shippedProfile('env/mqtt-climate'),
    address: { protocol: 'mqtt', broker, topic: id },
  };
}
