import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import {
  discover,
  type DiscoveryRequest,
  type Finding,
  addressKey,
} from '../../collectors/discovery/discover.ts';
import { entryLines } from '../../collectors/discovery/entry.ts';
import { mqttFinding } from '../../collectors/discovery/mqtt-entry.ts';
import { matchTopics } from '../../collectors/discovery/mqtt-match.ts';
import { guessPlace, placesOf, type SitePlaces } from '../../collectors/discovery/place.ts';
import { hostsOf } from '../../collectors/discovery/range.ts';
import { systemClock } from '../../core/clock.ts';
import { serveWalk } from '../../simulator/walk/serve.ts';
import { modelWith, problemsWith } from '../config/support.ts';
import { shippedProfile } from '../support/field.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const profiles = ['ups/rfc1628', 'pdu/apc-rpdu2', 'genset/dse-gencomm'].map(shippedProfile);
const access = { version: '2c', community: 'public' } as const;

describe('the hosts of a range', () => {
  test.each([
    [['10.0.0.0/30'], ['10.0.0.1', '10.0.0.2']],
    [['10.0.0.7/32'], ['10.0.0.7']],
    [['10.0.0.254-10.0.1.1'], ['10.0.0.254', '10.0.0.255', '10.0.1.0', '10.0.1.1']],
    [
      ['10.0.0.3', '10.0.0.1-3'],
      ['10.0.0.1', '10.0.0.2', '10.0.0.3'],
    ],
  ])('%j', (ranges, hosts) => {
    expect(hostsOf(ranges)).toEqual(hosts);
  });

  test.each([
    ['10.0.0.0/16', 'has 65534 hosts; at most 1024'],
    ['10.0.0.300', 'is no range of IPv4 addresses'],
    ['10.0.0.0/33', 'has no prefix from 0 to 32'],
    ['10.0.0.9-3', 'ends before it begins'],
    ['ups-a1', 'is no range of IPv4 addresses; say 10.0.0.0/24'],
  ])('%s is refused', (range, message) => {
    expect(() => hostsOf([range])).toThrow(message);
  });
});

const places: SitePlaces = {
  site: 'dc',
  rooms: ['hall-1', 'ups-a'],
  places: [
    { room: 'hall-1', rack: 'rack-a01', names: ['rack-a01', 'A-01'] },
    { room: 'hall-1', names: ['hall-1', 'Ruang data 1', 'Data hall 1'] },
    { room: 'ups-a', names: ['ups-a', 'Ruang UPS A', 'UPS room A'] },
  ],
  taken: new Set(['ups-a']),
};

test.each([
  ['Lt. 2, Ruang UPS A', { room: 'ups-a' }],
  ['Data Hall 1 / A-01', { room: 'hall-1' }],
  ['rack A-01', { room: 'hall-1', rack: 'rack-a01' }],
])('"%s" names a place of the site', (text, expected) => {
  expect(guessPlace([text], places)).toEqual({ ...expected, because: text });
});

test('a text that names no place leaves it open', () => {
  expect(guessPlace(['Unknown', 'edit /etc/snmpd.conf'], places)).toBeUndefined();
});

test('what a device says of itself cannot leave its comment', () => {
  const proposed = {
    kind: 'ups' as const, profile: 'ups/rfc1628', address: '10.0.0.5', name: 'GEN-9\n- device: evil', location: 'here\r\nroom: x',
    evidence: ['12 good values'], doubt: null,
  }; // prettier-ignore
  const lines = entryLines(proposed, places, new Set());
  expect(lines).toHaveLength(4);
  expect(lines[0]).toBe('  - device: gen-9-device-evil # calls itself "GEN-9 - device: evil"');
  expect(lines[3]).toBe('    # room: ? # it says "here room: x"; one of hall-1, ups-a');
});

async function found(request: DiscoveryRequest, configured = new Set<string>()) {
  const findings: Finding[] = [];
  const summary = await discover(request, {
    profiles,
    configured,
    clock: systemClock,
    signal: new AbortController().signal,
    onFinding: (finding) => findings.push(finding),
    onProgress: () => undefined,
    timing: { knockMs: 200 },
  });
  return { findings, summary };
}

test('agents of a network are found, what is configured is skipped', async () => {
  const file = (name: string): string =>
    fileURLToPath(new URL(`../profiles/${name}.snmprec`, import.meta.url));
  const first = await serveWalk(file('ups/rfc1628'), { host: '127.0.9.3' });
  const { port } = first;
  const others = await Promise.all(
    (['127.0.9.5', '127.0.9.6'] as const).map((host) => serveWalk(file('pdu/apc-rpdu2'), { host, port })),
  );
  for (const agent of [first, ...others]) cleanups.push(() => agent.close());
  const request = { hosts: hostsOf(['127.0.9.1-8']), snmp: { access, port } };
  const { findings, summary } = await found(request, new Set([addressKey('snmp', '127.0.9.6', port)]));
  expect(findings.map(({ address, proposed }) => [address, proposed[0]?.profile])).toEqual([
    [`127.0.9.3:${port}`, 'ups/rfc1628'],
    [`127.0.9.5:${port}`, 'pdu/apc-rpdu2'],
  ]);
  expect(summary).toEqual({ hosts: 8, answered: 3, skipped: 1, problems: [] });
});

test('entries of what was found are accepted in a site’s file as they are', async () => {
  const walk = fileURLToPath(new URL('../profiles/ups/rfc1628.snmprec', import.meta.url));
  const agent = await serveWalk(walk, { host: '127.0.9.9' });
  cleanups.push(() => agent.close());
  const { findings } = await found({ hosts: ['127.0.9.9'], snmp: { access, port: agent.port } });
  const names = ['env/mqtt-climate', 'generic/tasmota'];
  const topics = new Map<string, unknown>([
    ['zigbee/hall/climate-3', { temperature: 21.5, humidity: 44, battery: 90, linkquality: 80 }],
    ['tele/panel-plug/SENSOR', { ENERGY: { Power: 12, Voltage: 229, Total: 3.1 } }],
  ]);
  const heard = matchTopics(names.map(shippedProfile), { topics });
  const { model } = modelWith();
  const taken = new Set<string>();
  const lines = [...findings, ...heard.map((match) => mqttFinding(match, 'main'))]
    .flatMap(({ proposed }) => proposed)
    .map((each) => ({ ...each, location: each.location === '' ? 'Panel' : each.location }))
    .flatMap((each) => entryLines(each, placesOf(model, 'alpha'), taken));
  expect(lines.filter((line) => line.includes('profile:'))).toHaveLength(3);
  const shipped = Object.fromEntries(
    ['ups/rfc1628', ...names].map((name) => {
      const file = new URL(`../../config/library/profiles/${name}.yaml`, import.meta.url);
      return [`profiles/${name}.yaml`, () => readFileSync(file, 'utf8')];
    }),
  );
  const site = (text: string): string => `${text}\n${lines.join('\n')}\n`;
  expect(problemsWith({ ...shipped, 'sites/alpha.yaml': site })).toEqual([]);
});

/** Unit 1 identifies itself with these texts (function 43/14), late if wanted; nobody else is behind the gateway. */
async function startIdentified(texts: readonly string[], lateMs = 0): Promise<number> {
  const objects = texts.map((each, index) =>
    Buffer.concat([Buffer.from([index, each.length]), Buffer.from(each)]),
  );
  const identification = Buffer.concat([Buffer.from([0x2b, 0x0e, 1, 1, 0, 0, texts.length]), ...objects]);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('data', (request) => {
      const pdu = request[6] === 1 ? identification : Buffer.from([(request[7] ?? 0) | 0x80, 11]);
      const head = Buffer.from(request.subarray(0, 7));
      head.writeUInt16BE(pdu.length + 1, 4);
      setTimeout(() => socket.write(Buffer.concat([head, pdu])), lateMs);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

test('a slow gateway is waited for, longer than for somebody who may not be there', async () => {
  const port = await startIdentified(['Acme Controls'], 300);
  const { findings } = await found({ hosts: ['127.0.0.1'], modbus: { port, units: [1] } });
  expect(findings.map(({ address }) => address)).toEqual([`127.0.0.1:${port}/1`]);
});

test('a Modbus unit is found by what it says of itself, its neighbours that are not there are not', async () => {
  const port = await startIdentified(['Acme Controls', 'X-9', '1.2']);
  const { findings } = await found({ hosts: ['127.0.0.1'], modbus: { port, units: [1, 2, 3] } });
  expect(findings.map(({ address, summary }) => [address, summary])).toEqual([
    [`127.0.0.1:${port}/1`, 'no profile fits: Acme Controls, X-9, 1.2'],
  ]);
  expect(findings[0]?.proposed[0]?.doubt).toContain('Modbus does not tell what it is');
});
