import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { goldenOf, pictureOf } from '../collectors/probe/golden.ts';
import { type SnmpAddress, converse } from '../collectors/probe/listen.ts';
import { probe } from '../collectors/probe/probe.ts';
import { recordUnit } from '../collectors/probe/record-modbus.ts';
import { recordMessages, replayMessages } from '../collectors/probe/record-mqtt.ts';
import { recordAgent } from '../collectors/probe/record.ts';
import type { ProbeRow } from '../collectors/probe/row.ts';
import type { ModbusAddress } from '../config/build/address.ts';
import { adHocDevice } from '../config/build/points.ts';
import type { Device } from '../config/model.ts';
import type { ModbusProfile, MqttProfile, SnmpProfile } from '../config/schema/profile.ts';
import { defined } from '../core/defined.ts';
import { systemClock } from '../core/clock.ts';
import { serveWalk } from '../simulator/walk/serve.ts';

interface RecordPlace {
  /** `KIND/MAKER-MODEL`, as the profile is called. */
  readonly name: string;
  /** Where recordings are kept. */
  readonly into: string;
}

interface RecordOptions extends RecordPlace {
  readonly address: SnmpAddress;
  readonly profile: SnmpProfile;
}

const deadlineMs = 120_000;

/**
 * Writes NAME.snmprec, what the agent holds below the places that the profile reads, and NAME.golden.json, what the profile makes of
 * it: the form that the tests of profiles expect. Both are made from the same answers. Returns what it wrote, in words.
 */
export async function recordDevice({ address, profile, name, into }: RecordOptions): Promise<string> {
  const patience = { timeoutMs: 2_000, signal: AbortSignal.timeout(deadlineMs), env: process.env };
  const lines = await converse(address, patience, (reader) => recordAgent(profile, reader));
  const recording = path.join(into, `${name}.snmprec`);
  mkdirSync(path.dirname(recording), { recursive: true });
  const head = `# ${profile.maker} ${profile.model}. Replace serial numbers, names and places before you share it.`;
  writeFileSync(recording, `${head}\n${lines.join('\n')}\n`, 'latin1');
  const replay = await serveWalk(recording);
  try {
    const access = { version: '2c', community: 'public' } as const;
    const replayed = { protocol: 'snmp', host: replay.host, port: replay.port, access } as const;
    const { rows } = await probe({ profile, address: replayed }, { clock: systemClock });
    const golden = path.join(into, `${name}.golden.json`);
    writeFileSync(golden, `${JSON.stringify(goldenOf(rows), null, 2)}\n`);
    const good = rows.filter(({ value }) => value !== null).length;
    return `${recording}: ${lines.length} values\n${golden}: ${good} of ${rows.length} values good\n`;
  } finally {
    await replay.close();
  }
}

/**
 * Writes modbus/MAKER-MODEL.json: every register that the unit answered, and what the profile makes of them. Returns what it wrote, in
 * words.
 */
export async function recordModbusUnit({
  address,
  profile,
  ...place
}: RecordPlace & { readonly address: ModbusAddress; readonly profile: ModbusProfile }): Promise<string> {
  const device = adHocDevice(profile, address);
  const { registers, rows } = await recordUnit(device, { clock: systemClock, deadlineMs });
  return writeJson('modbus', place, { about: about(profile), profile: place.name, ...registers }, rows);
}

/**
 * Writes mqtt/MAKER-MODEL.json: what a device of the configuration published in a time, and what its profile makes of it. Returns what it
 * wrote, in words.
 */
export async function recordMqttDevice({
  device,
  profile,
  forMs,
  ...place
}: RecordPlace & {
  readonly device: Device;
  readonly profile: MqttProfile;
  readonly forMs: number;
}): Promise<string> {
  const messages = await recordMessages(device, { clock: systemClock, forMs });
  const { rows, decodeErrors } = replayMessages(device, messages);
  const topic = device.address.protocol === 'mqtt' ? device.address.topic : '';
  const recording = { about: about(profile), profile: place.name, topic, parts: partsOf(device, profile) };
  return writeJson('mqtt', place, { ...defined(recording), messages, decodeErrors }, rows);
}

function about({ maker, model }: { readonly maker: string; readonly model: string }): string {
  return `${maker} ${model}; replace serial numbers, names and places before you share it`;
}

/** The parts of groups that name none by themselves. */
function partsOf({ points }: Device, { groups }: MqttProfile): Record<string, string[]> | undefined {
  const open = groups.filter(({ parts }) => parts.length === 0);
  const found = open.map(({ group, points: own }): [string, string[]] => {
    const quantities = new Set(own.map(({ quantity }) => quantity));
    const parts = points.flatMap(({ part, quantity }) =>
      part !== undefined && quantities.has(quantity) ? [part] : [],
    );
    return [group, [...new Set(parts)]];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

function writeJson(
  folder: 'modbus' | 'mqtt',
  { name, into }: RecordPlace,
  recording: Readonly<Record<string, unknown>>,
  rows: readonly ProbeRow[],
): string {
  const file = path.join(into, folder, `${name.split('/').at(-1) ?? name}.json`);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ ...recording, readings: pictureOf(rows) }, null, 2)}\n`);
  const good = rows.filter(({ value }) => value !== null).length;
  return `${file}: ${good} of ${rows.length} values good\n`;
}
