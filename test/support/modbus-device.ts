import { afterEach } from 'vitest';
import type { ModbusAddress } from '../../config/build/address.ts';
import type { Device } from '../../config/model.ts';
import { profileSchema, type Profile } from '../../config/schema/profile.ts';
import type { ModbusAccess } from '../../config/schema/site.ts';
import type { Driver, Fault, RawValue, Session } from '../../collectors/drivers/driver.ts';
import { modbusDriver, type ModbusDriverOptions } from '../../collectors/drivers/modbus/driver.ts';
import { fieldModel } from './field.ts';
import { startModbusServer, type Answer, type ModbusRequest, type ModbusServer } from './modbus-server.ts';

/** Quantities `one` (u16 at 0), `two` (s32 at 1), `three` (u16 at 6), unless other points are given. */
export function modbusProfile(
  modbus: object = { maxGap: 4 },
  points: readonly object[] = threePoints,
): Profile {
  return {
    ...profileSchema.parse({
      protocol: 'modbus',
      kind: 'meter',
      maker: 'none',
      model: 'test',
      source: 'made up for these tests',
      modbus,
      points: points.map((point) => ({ unit: 'count', ...point })),
    }),
    name: 'meter/test',
  };
}
const threePoints = [
  { quantity: 'one', address: 0 },
  { quantity: 'two', address: 1, type: 's32' },
  { quantity: 'three', address: 6 },
];
/** Registers of such a device, holes included. */
export const threeRegisters: ReadonlyMap<number, number> = new Map([[0, 11], [1, 0xffff], [2, 0xfffe], [3, 0], [4, 0], [5, 0], [6, 33]]); // prettier-ignore
export const threeValues = { one: 11, two: -2, three: 33 };

interface OpenDevice {
  readonly device: Device;
  readonly session: Session;
  readonly faults: readonly Fault[];
  readonly notes: readonly string[];
  /** Once, by quantity: the raw value, or why there is none. */
  readonly read: (signal?: AbortSignal) => Promise<Record<string, unknown>>;
  /** As it came; `early`: what came while others still needed requests of their own. */
  readonly raw: (
    signal?: AbortSignal,
    early?: (values: readonly RawValue[]) => void,
  ) => Promise<readonly RawValue[]>;
}

export interface Bench {
  readonly serve: (
    answer: Answer,
    options?: { readonly port?: number; readonly rtu?: boolean },
  ) => Promise<ModbusServer>;
  readonly open: (
    port: number,
    options?: { readonly unit?: number; readonly profile?: Profile; readonly access?: ModbusAccess },
  ) => OpenDevice;
  readonly openAt: (address: ModbusAddress, profile?: Profile) => OpenDevice;
}

/** Servers and devices of one driver; all are closed after each test. */
export function modbusBench(options: ModbusDriverOptions = {}): Bench {
  const cleanup: (() => void | Promise<void>)[] = [];
  let driver: Driver | undefined;
  afterEach(async () => {
    for (const step of cleanup.splice(0).reverse()) await step();
    driver = undefined;
  });
  function openAt(address: ModbusAddress, profile = modbusProfile()): OpenDevice {
    const [device] = fieldModel([{ id: `m${address.unit}`, profile, address }]).devices;
    if (device === undefined) throw new Error('no device');
    const faults: Fault[] = [];
    driver ??= modbusDriver({ timeoutMs: 400, ...options });
    const notes: string[] = [];
    const session = driver.open(
      device,
      (fault) => faults.push(fault),
      (note) => notes.push(note),
    );
    cleanup.push(() => session.close());
    const poll = session.plan(device.points);
    const raw: OpenDevice['raw'] = (signal = new AbortController().signal, early) =>
      poll.read(signal, undefined, early);
    return { device, session, faults, notes, raw, read: async (signal) => byQuantity(await raw(signal)) };
  }
  return {
    openAt,
    async serve(answer, how) {
      const server = await startModbusServer(answer, how);
      cleanup.push(() => server.close());
      return server;
    },
    open(port, { unit = 1, profile = modbusProfile(), access } = {}) {
      const place = { protocol: 'modbus', host: '127.0.0.1', port, unit } as const;
      return openAt(access === undefined ? place : { ...place, access }, profile);
    },
  };
}

export function byQuantity(values: readonly RawValue[]): Record<string, unknown> {
  return Object.fromEntries(values.map(({ point, raw, reason }) => [point.quantity, raw ?? reason]));
}

/** What a read rejected with, or 'answered'. */
export const failure = (read: Promise<unknown>): Promise<unknown> =>
  read.then(
    () => 'answered',
    (error: unknown) => error,
  );
export const places = (requests: readonly ModbusRequest[]): string[] =>
  requests.map((each) => `${each.address}+${each.length}`);
export const pauseMs = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
