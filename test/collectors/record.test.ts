import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { recordDevice, recordModbusUnit } from '../../cli/record.ts';
import { pictureOf } from '../../collectors/probe/golden.ts';
import { replayMessages } from '../../collectors/probe/record-mqtt.ts';
import { rootsOf } from '../../collectors/probe/record.ts';
import type { SnmpProfile } from '../../config/schema/profile.ts';
import { serveWalk } from '../../simulator/walk/serve.ts';
import { fieldModel, shippedProfile } from '../support/field.ts';
import { fromRegisters, startModbusServer } from '../support/modbus-server.ts';

function snmpProfile(name: string): SnmpProfile {
  const profile = shippedProfile(name);
  if (profile.protocol !== 'snmp') throw new Error(`${name} is no SNMP profile`);
  return profile;
}

test.each(['ups/rfc1628', 'pdu/raritan-pdu2', 'env/rittal-cmc-iii'])(
  'a recording made of %s reads as the device did',
  async (name) => {
    const kept = fileURLToPath(new URL(`../profiles/${name}`, import.meta.url));
    const agent = await serveWalk(`${kept}.snmprec`);
    const into = mkdtempSync(join(tmpdir(), 'pantau-record-'));
    onTestFinished(async () => {
      await agent.close();
      rmSync(into, { recursive: true });
    });
    const access = { version: '2c', community: 'public' } as const;
    const address = { protocol: 'snmp', host: agent.host, port: agent.port, access } as const;
    await recordDevice({ address, profile: snmpProfile(name), name, into });
    expect(JSON.parse(readFileSync(join(into, `${name}.golden.json`), 'utf8'))).toEqual(
      JSON.parse(readFileSync(`${kept}.golden.json`, 'utf8')),
    );
    expect(readFileSync(join(into, `${name}.snmprec`), 'utf8')).not.toContain('1.3.6.1.2.1.1.5.0');
  },
);

test('a place below another one is recorded once, and what identifies the maker is no place', () => {
  const roots = rootsOf(snmpProfile('ups/apc-powernet'));
  expect(roots).not.toContain('1.3.6.1.4.1.318');
  expect(roots.filter((oid) => roots.some((other) => oid.startsWith(`${other}.`)))).toEqual([]);
});

function kept(file: string): unknown {
  return JSON.parse(readFileSync(new URL(`../profiles/${file}`, import.meta.url), 'utf8'));
}

test('a recording made of a Modbus unit holds the registers that it answered, and reads as the unit did', async () => {
  const name = 'meter/schneider-pm5100';
  const stretches = z.record(z.string(), z.array(z.number()));
  const shape = z.looseObject({ holding: stretches, readings: z.record(z.string(), z.string()) });
  const recorded = shape.parse(kept('modbus/schneider-pm5100.json'));
  const registers = new Map(
    Object.entries(recorded.holding).flatMap(([first, values]) =>
      values.map((value, index): [number, number] => [Number(first) + index, value]),
    ),
  );
  const server = await startModbusServer((request) => fromRegisters(request, registers));
  const into = mkdtempSync(join(tmpdir(), 'pantau-record-'));
  onTestFinished(async () => {
    await server.close();
    rmSync(into, { recursive: true });
  });
  const profile = shippedProfile(name);
  if (profile.protocol !== 'modbus') throw new Error(`${name} is no Modbus profile`);
  const address = { protocol: 'modbus', host: '127.0.0.1', port: server.port, unit: 1 } as const;
  await recordModbusUnit({ address, profile, name, into });
  const made = shape.parse(JSON.parse(readFileSync(join(into, 'modbus/schneider-pm5100.json'), 'utf8')));
  expect(made).toMatchObject({ profile: name, readings: recorded.readings });
  for (const [first, values] of Object.entries(made.holding))
    expect(values).toEqual(values.map((_value, index) => registers.get(Number(first) + index)));
});

test('recorded messages read as the tests of profiles read them', () => {
  const shape = z.looseObject({
    profile: z.string(),
    topic: z.string(),
    messages: z.array(z.object({ topic: z.string(), payload: z.string() })),
    decodeErrors: z.number(),
    readings: z.record(z.string(), z.string()),
  });
  for (const file of ['climate', 'shelly-3em', 'victron-genset']) {
    const recorded = shape.parse(kept(`mqtt/${file}.json`));
    const broker = { key: 't/main', url: 'mqtt://127.0.0.1' };
    const address = { protocol: 'mqtt', broker, topic: recorded.topic } as const;
    const [device] = fieldModel([{ id: 'd', profile: shippedProfile(recorded.profile), address }]).devices;
    if (device === undefined) throw new Error('no device');
    const { rows, decodeErrors } = replayMessages(device, recorded.messages);
    expect([file, pictureOf(rows), decodeErrors]).toEqual([file, recorded.readings, recorded.decodeErrors]);
  }
});
