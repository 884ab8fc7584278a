import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { proposedBy } from '../../collectors/discovery/snmp-entry.ts';
import { entryLines } from '../../collectors/discovery/entry.ts';
import { type Survey, surveyAgent } from '../../collectors/probe/probe.ts';
import { systemClock } from '../../core/clock.ts';
import { serveAgent } from '../../simulator/snmp/agent.ts';
import { sortedSource } from '../../simulator/snmp/source.ts';
import { serveWalk } from '../../simulator/walk/serve.ts';
import { parseSnmprec } from '../../simulator/walk/snmprec.ts';
import { shippedProfile } from '../support/field.ts';
import { requireShared } from '../support/shared.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const candidates = [
  'ups/eaton-xups', 'ups/rfc1628', 'ups/liebert-gp', 'ups/mge-ups', 'pac/liebert-lgpenv', 'pdu/apc-rpdu2', 'pdu/apc-rpdu', 'pdu/liebert-fpc',
  'router/if-mib',
].map(shippedProfile); // prettier-ignore
const access = { version: '2c', community: 'public' } as const;

/** Devices of an agent as `base + completion [instead]`, with how many values are good. */
function devicesOf({ combinations }: Survey): string[] {
  return combinations.map(({ base, completions, rows, doubt }) => {
    const others = completions.map(
      ({ profile, instead }) => ` + ${profile.name}${instead.length === 0 ? '' : ` [${instead.join(', ')}]`}`,
    );
    const good = rows.filter(({ value }) => value !== null).length;
    return `${base.name}${others.join('')}: ${good}${doubt === null ? '' : ' (doubtful)'}`;
  });
}

async function survey(
  agent: { host: string; port: number; close(): Promise<void> },
  among = candidates,
): Promise<Survey> {
  cleanups.push(() => agent.close());
  const address = { protocol: 'snmp', host: agent.host, port: agent.port, access } as const;
  return surveyAgent(among, address, { clock: systemClock });
}

/** One agent that answers several of our recordings. */
async function surveyOf(...names: string[]): Promise<Survey> {
  const varbinds = names.flatMap((name) => {
    const file = fileURLToPath(new URL(`../profiles/${name}.snmprec`, import.meta.url));
    return parseSnmprec(readFileSync(file)).varbinds;
  });
  const unique = new Map(varbinds.map((varbind) => [varbind.oid, varbind]));
  return survey(await serveAgent(sortedSource([...unique.values()], (varbind) => varbind)));
}

test('a card that answers a maker’s MIB and RFC 1628 is one device, the richer map first', async () => {
  const found = await surveyOf('ups/eaton-xups', 'ups/rfc1628');
  expect(devicesOf(found)).toEqual([
    expect.stringMatching(/^ups\/(eaton-xups \+ ups\/rfc1628|rfc1628 \+ ups\/eaton-xups)/),
  ]);
  const [device] = found.combinations;
  const names = device?.rows.map(({ part, quantity }) => `${part} ${quantity}`) ?? [];
  expect(new Set(names).size).toBe(names.length);
});

test('a current of banks is taken beside one of outlets: other things of one device, however they are numbered', async () => {
  const mib = '1.3.6.1.4.1.3808.1.1';
  const lines = [
    `${mib}.3.2.3.1.1.2.1|66|11`, `${mib}.3.2.3.1.1.5.1|2|1`, `${mib}.3.2.3.1.1.6.1|2|2290`,
    `${mib}.6.6.1.4.1.5.1|2|1`, `${mib}.6.6.1.4.1.5.2|2|1`,
    `${mib}.6.6.2.4.1.6.1|66|7`, `${mib}.6.6.2.4.1.6.2|66|4`, `${mib}.6.6.2.4.1.7.1|66|160`, `${mib}.6.6.2.4.1.7.2|66|91`,
    `${mib}.6.6.2.4.1.11.1|66|31`, `${mib}.6.6.2.4.1.11.2|66|13`,
  ]; // prettier-ignore
  const { varbinds } = parseSnmprec(Buffer.from(lines.join('\n')));
  const { combinations } = await survey(await serveAgent(sortedSource(varbinds, (varbind) => varbind)), [
    shippedProfile('pdu/cyberpower'),
    shippedProfile('pdu/cyberpower-epdu2'),
  ]);
  const [device] = combinations;
  expect(device?.base.name).toBe('pdu/cyberpower-epdu2');
  const currents = device?.rows.filter(({ quantity, value }) => quantity === 'current' && value !== null);
  expect(currents?.map(({ part, value }) => `${part} ${value}`).sort()).toEqual([
    'bank-1 1.1',
    'outlet-1 0.7',
    'outlet-2 0.4',
  ]);
  expect(device?.completions[0]?.instead).toContain('bank-1/current');
});

test('a card that is UPS and PDU at once is two devices at one address', async () => {
  const found = await surveyOf('ups/rfc1628', 'pdu/apc-rpdu2');
  expect(found.combinations.map(({ base, doubt }) => [base.kind, doubt])).toEqual([
    ['pdu', null],
    ['ups', null],
  ]);
});

// prettier-ignore
const walks: readonly [string, string[]][] = [
  ['liebert_weblbds', [
    'ups/liebert-gp + ups/rfc1628 [battery-status, autonomy, output-source, output-frequency, bypass-frequency]: 71',
    'pac/liebert-lgpenv: 30',
  ]],
  ['eatonupsm2_9px+empg2', ['ups/eaton-xups + ups/rfc1628: 57', 'router/if-mib: 13 (doubtful)']],
  ['eatonups', ['ups/eaton-xups: 32']],
  ['liebert_web485', ['pdu/liebert-fpc: 42', 'ups/liebert-gp: 34 (doubtful)']],
];

test.for(walks)('%s is combined by what answers', async ([walk, expected], context) => {
  expect(devicesOf(await survey(await serveWalk(`${requireShared(context)}/walks/${walk}.snmprec`)))).toEqual(
    expected,
  );
});

test('the entries of a site’s file name the profiles, what is doubtful is a comment', async () => {
  const found = await surveyOf('ups/eaton-xups', 'ups/rfc1628', 'router/if-mib');
  const address = { protocol: 'snmp', host: '10.0.0.5', port: 161, access } as const;
  const taken = new Set<string>();
  const lines = proposedBy(found, address).flatMap((each) => entryLines(each, undefined, taken));
  expect(lines.filter((line) => /completedBy:|profile:|address:/.test(line))).toEqual([
    expect.stringContaining('    profile: ups/rfc1628 #'),
    expect.stringContaining('    completedBy: ['),
    '    address: 10.0.0.5',
    expect.stringContaining('    # profile: router/if-mib #'),
    '    # address: 10.0.0.5',
  ]);
});
