import { fileURLToPath } from 'node:url';
import { loadConfig } from '../../config/load.ts';
import type { Address, Device, Model } from '../../config/model.ts';
import { formatProblem } from '../../config/problem.ts';
import { Field } from '../../simulator/field.ts';

const configDir = fileURLToPath(new URL('../../config', import.meta.url));

/** 10.00 WIB of a working day. */
export const morning = Date.UTC(2026, 10, 23, 3);
export const second = 1_000;
export const minute = 60_000;

/** The three sites as they are shipped. */
export function shippedModel(): Model {
  const loaded = loadConfig(configDir);
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  return loaded.model;
}

export function startField(model: Model, { at = morning, seed = 1 } = {}): Field {
  return new Field(model, { seed, startAt: at });
}

/** The first device of a site that fits. */
export function findDevice(model: Model, site: string, fits: (device: Device) => boolean): Device {
  const device = model.devices.find((one) => one.site === site && fits(one));
  if (device === undefined) throw new Error(`no such device at ${site}`);
  return device;
}

/** The device at a port of this machine. */
export function moved(device: Device, port: number): Device {
  const address = ((): Address => {
    const there = device.address;
    if (there.protocol === 'push') return there;
    if (there.protocol !== 'mqtt') return { ...there, host: '127.0.0.1', port };
    return { ...there, broker: { key: there.broker.key, url: `mqtt://127.0.0.1:${port}` } };
  })();
  return { ...device, address };
}

/** Lets a site's physics run for a time; returns when it then is. */
export function run(field: Field, { from, ms }: { readonly from: number; readonly ms: number }): number {
  for (let at = from; at < from + ms; at += 5 * minute) field.advance(Math.min(at + 5 * minute, from + ms));
  return from + ms;
}
