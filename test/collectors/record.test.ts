import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { recordDevice } from '../../cli/record.ts';
import { rootsOf } from '../../collectors/probe/record.ts';
import type { SnmpProfile } from '../../config/schema/profile.ts';
import { serveWalk } from '../../simulator/walk/serve.ts';
import { shippedProfile } from '../support/field.ts';

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
