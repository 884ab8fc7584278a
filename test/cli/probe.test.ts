import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { runProbe } from '../../cli/probe.ts';
import type { SnmpAccessArguments } from '../../cli/snmp-access.ts';
import { exception, fromRegisters, startModbusServer } from '../support/modbus-server.ts';
import { simulateWalk } from '../../cli/simulate.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const config = here('../../config');
const simulatorPort = 0;
const rowSchema = z.object({
  quantity: z.string(), part: z.string().nullable(), value: z.number().nullable(), unit: z.string(),
  state: z.string().nullable(), quality: z.string(), source: z.string(), raw: z.union([z.number(), z.string()]).nullable(),
}); // prettier-ignore
const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function replay(): Promise<string> {
  const agent = await simulateWalk(here('../profiles/leak/hwg-wld.snmprec'), 0);
  cleanups.push(() => agent.close());
  return `127.0.0.1:${agent.port}`;
}

async function run(
  args: Omit<Parameters<typeof runProbe>[0], 'config' | 'access' | 'simulatorPort'> & {
    access?: SnmpAccessArguments;
  },
): Promise<{ code: number; text: string }> {
  const written: string[] = [];
  const code = await runProbe({ access: {}, ...args, config, simulatorPort }, (text) => written.push(text));
  return { code, text: written.join('') };
}

test('--json prints the rows of a replayed walk', async () => {
  const { code, text } = await run({
    profile: `${config}/library/profiles/leak/hwg-wld.yaml`,
    snmp: await replay(),
    json: true,
  });
  const rows = z.array(rowSchema).parse(JSON.parse(text));
  expect(code).toBe(0);
  expect(rows[1]).toEqual({
    quantity: 'leak', part: 'zone-2', value: 1, unit: 'state', state: 'leak', quality: 'good', source: '1.3.6.1.4.1.21796.4.5.4.1.6.2', raw: 1,
  }); // prettier-ignore
});

test.each(['leak/hwg-wld', '/of-old/config/profiles/leak/hwg-wld.yaml'])(
  'a profile of the library is found by its name: %s',
  async (profile) => {
    const { code, text } = await run({ profile, snmp: await replay() });
    expect(code).toBe(0);
    expect(text).toContain('5 of 8 values good');
  },
);

test('the table names the profile that was found, and why', async () => {
  const { code, text } = await run({ snmp: await replay() });
  expect(code).toBe(0);
  expect(text).toContain('leak/hwg-wld');
  expect(text).toContain('answers below 1.3.6.1.4.1.21796.4.5');
  expect(text).toContain('5 of 8 values good');
});

test.each([
  [{}, 64, 'say which'],
  [{ snmp: '10.0.0.300' }, 64, '10.0.0.300 is not HOST or HOST:PORT'],
  [{ snmp: '127.0.0.1', profile: '/nowhere/none.yaml' }, 78, 'the file is missing'],
  [{ device: 'dc/no-such' }, 64, 'no device dc/no-such'],
  [{ snmp: '127.0.0.1', access: { snmpVersion: '4' } }, 64, 'say --community NAME'],
  [{ snmp: '127.0.0.1', access: { user: 'op', auth: 'sha3:KEY' } }, 64, '--auth sha256:VARIABLE'],
  [
    { snmp: '127.0.0.1', access: { user: 'op', auth: 'sha256:PANTAU_NO_SUCH_KEY' } },
    64,
    'PANTAU_NO_SUCH_KEY is not set',
  ],
])('%j is told what is wrong', async (args, code, message) => {
  const result = await run(args);
  expect(result.code).toBe(code);
  expect(result.text).toContain(message);
});

test('a walk that cannot be played says why and what to do', async () => {
  const taken = Number((await replay()).split(':')[1]);
  await expect(simulateWalk(here('../profiles/leak/hwg-wld.snmprec'), taken)).rejects.toMatchObject({
    code: 69,
    message: `port ${taken} of 127.0.0.1 is in use: choose another one with --port`,
  });
  await expect(simulateWalk('/nowhere/none.snmprec', 0)).rejects.toThrow(
    '/nowhere/none.snmprec is not there: expected a recorded walk (.snmprec)',
  );
});

test('an agent that is not there is named with its address', async () => {
  const agent = await simulateWalk(here('../profiles/leak/hwg-wld.snmprec'), 0);
  await agent.close();
  expect(await run({ snmp: `127.0.0.1:${agent.port}` })).toEqual({
    code: 1,
    text: `127.0.0.1:${agent.port}: ECONNREFUSED\n`,
  });
});

test('by v1 it reads the same', async () => {
  const { code, text } = await run({ snmp: await replay(), access: { snmpVersion: '1' } });
  expect(code).toBe(0);
  expect(text).toContain('5 of 8 values good');
});

test('an agent that no profile knows is named by what it says of itself', async () => {
  const agent = await simulateWalk(here('./unknown.snmprec'), 0);
  cleanups.push(() => agent.close());
  const { code, text } = await run({ snmp: `127.0.0.1:${agent.port}` });
  expect(code).toBe(1);
  expect(text).toContain('sysObjectID 1.3.6.1.4.1.99999.1, sysDescr "Coffee machine"');
  expect(text).toContain('docs/adding-a-device.md');
});

const gensetProfile = `${config}/library/profiles/genset/comap-igs-nt.yaml`;

test('a unit behind a gateway that passes RTU frames is read with --rtu', async () => {
  const registers = new Map([[15, 42], [16, 81], [17, 0x8000]]); // prettier-ignore
  const server = await startModbusServer((request) => fromRegisters(request, registers), { rtu: true });
  cleanups.push(() => server.close());
  const { code, text } = await run({
    profile: gensetProfile,
    modbus: `127.0.0.1:${server.port}/3`,
    rtu: true,
    json: true,
  });
  expect(code).toBe(0);
  const rows = z.array(rowSchema).parse(JSON.parse(text));
  expect(rows.map(({ quantity, value }) => [quantity, value])).toEqual([
    ['oil-pressure', 420],
    ['coolant-temperature', 81],
    ['fuel-level', null],
  ]);
});

test('a unit that its gateway cannot reach is told in words, with the remedy', async () => {
  const server = await startModbusServer((request) => exception(request, 11));
  cleanups.push(() => server.close());
  expect(await run({ profile: gensetProfile, modbus: `127.0.0.1:${server.port}/5` })).toEqual({
    code: 1,
    text: 'exception 11 (gateway target failed to respond) to holding 15+3 of unit 5: the gateway answers, unit 5 does not: check unit id and wiring\n',
  });
});

test('a gateway that says nothing to TCP frames may want RTU, and that is said', async () => {
  const server = await startModbusServer(() => undefined);
  cleanups.push(() => server.close());
  const { code, text } = await run({ profile: gensetProfile, modbus: `127.0.0.1:${server.port}` });
  expect(code).toBe(1);
  expect(text).toBe(
    'no answer within 3000 ms: holding 15+3 of unit 1\na serial gateway that passes RTU frames through TCP wants --rtu\n',
  );
});

test('a register that the device refuses is told below the table, once', async () => {
  const server = await startModbusServer((request) => exception(request, 1));
  cleanups.push(() => server.close());
  const { code, text } = await run({ profile: gensetProfile, modbus: `127.0.0.1:${server.port}` });
  expect(code).toBe(1);
  expect(text).toContain('nothing of this profile answers here');
  const told =
    'exception 1 (illegal function): the device does not know this kind of register: check `function` in the profile';
  expect(text.split(told)).toHaveLength(2);
  expect(text).toContain('0 of 3 values good');
});

test('a profile that the server would refuse is refused here too', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'pantau-profile-'));
  cleanups.push(() => rm(folder, { recursive: true }));
  const head =
    'protocol: snmp\nkind: ups\nmaker: none\nmodel: test\nsource: made up\nidentify: { answers: [1.3.6.1.4.1.9.9] }\n';
  const refused = async (points: string) => {
    const profile = path.join(folder, 'ups.yaml');
    await writeFile(profile, head + points);
    return await run({ profile, snmp: '127.0.0.1:1' });
  };
  const twice = '{ quantity: power, unit: kW, oid: 1.3.6.1.4.1.9.9.1.0 }';
  expect(await refused(`points: [${twice}, ${twice}]\n`)).toMatchObject({
    code: 78,
    text: expect.stringContaining('has "power" twice'),
  });
  expect(
    await refused(
      "points: [{ quantity: temperature, unit: °C, oid: 1.3.6.1.4.1.9.9.1.0, states: { '1': on } }]\n",
    ),
  ).toMatchObject({ code: 78, text: expect.stringContaining('no states with unit "°C"') });
});

test('a table that the agent does not have says so', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'pantau-profile-'));
  cleanups.push(() => rm(folder, { recursive: true }));
  const profile = path.join(folder, 'none.yaml');
  await writeFile(
    profile,
    "protocol: snmp\nkind: ups\nmaker: none\nmodel: test\nsource: made up\nidentify: { answers: [1.3.6.1.4.1.9.9] }\ntables: [{ group: t, entry: 1.3.6.1.4.1.9.9.2.1, part: 'l{index}', points: [{ quantity: power, unit: kW, column: 2 }] }]\n",
  );
  const { code, text } = await run({ profile, snmp: await replay() });
  expect(code).not.toBe(0);
  expect(text).toContain('no row in any table of this profile');
  expect(text).not.toContain('0 of 0');
});
