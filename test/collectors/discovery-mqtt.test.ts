import { describe, expect, it, test } from 'vitest';
import { entryLines } from '../../collectors/discovery/entry.ts';
import { missingBroker, searchedBroker } from '../../collectors/discovery/brokers.ts';
import { laidOver } from '../../collectors/discovery/mqtt.ts';
import { mqttFinding, sparkplugFinding, unknownFinding } from '../../collectors/discovery/mqtt-entry.ts';
import {
  isLikely,
  matchTopics,
  sparkplugSources,
  unknownSources,
} from '../../collectors/discovery/mqtt-match.ts';
import type { Finding } from '../../collectors/discovery/discover.ts';
import type { SitePlaces } from '../../collectors/discovery/place.ts';
import { shippedProfile } from '../support/field.ts';
import { sparkplugPayload } from '../support/sparkplug.ts';

const profiles = [
  'env/mqtt-climate', 'env/shelly-climate', 'meter/shelly-3em', 'door/zigbee2mqtt-contact', 'leak/zigbee2mqtt-water-leak',
  'meter/mqtt-rack-gateway', 'generic/tasmota', 'generic/mqtt-json', 'generic/sparkplug',
].map(shippedProfile); // prettier-ignore

const places: SitePlaces = {
  site: 'dc',
  rooms: ['hall-1'],
  places: [{ room: 'hall-1', names: ['hall-1'] }],
  taken: new Set(),
};

function matches(topics: Readonly<Record<string, unknown>>) {
  return matchTopics(profiles, { topics: new Map(Object.entries(topics)) });
}

function entry({ proposed }: Finding): string {
  return proposed.flatMap((each) => entryLines(each, places, new Set())).join('\n');
}

const zigbee = {
  'zigbee/hall-1/climate-3': { temperature: 21.5, humidity: 44, battery: 90, linkquality: 80 },
  'zigbee/hall-1/climate-3/availability': { state: 'online' },
  'zigbee/hall-1/door-1': { contact: true, battery: 97, battery_low: false, tamper: false, linkquality: 102 },
  'zigbee/hall-1/water-1': { water_leak: false, battery: 87, tamper: false, linkquality: 120 },
  'zigbee/bridge/info': { version: 2, permit_join: false },
};

test('wireless sensors are told apart by what they measure, not by what all of them send', () => {
  const found = matches({ ...zigbee, 'zigbee/motion-1': { occupancy: true, battery: 100, linkquality: 60 } });
  expect(found.filter(isLikely).map(({ address, profile }) => [address, profile.name])).toEqual([
    ['zigbee/hall-1/climate-3', 'env/mqtt-climate'],
    ['zigbee/hall-1/door-1', 'door/zigbee2mqtt-contact'],
    ['zigbee/hall-1/water-1', 'leak/zigbee2mqtt-water-leak'],
  ]);
  expect(found.map(({ address }) => address)).not.toContain('zigbee/motion-1');
});

test('Tasmota’s sensors are inputs with the quantities that they are named by', () => {
  const [plug, probes, none] = matches({
    'tele/plug-1/SENSOR': { Time: '2026-11-23T10:28:32', ENERGY: { Power: 12, Voltage: 229, Total: 3.1 } },
    'tele/plug-1/STATE': { Vcc: 3.1, POWER: 'ON' },
    'tele/probes/SENSOR': { 'DS18B20-1': { Temperature: 4 }, 'DS18B20-2': { Temperature: 5 }, TempUnit: 'C' },
    'tele/relay/SENSOR': { Time: '2026-11-23T10:28:32', Switch1: 'ON' },
  });
  expect(none).toBeUndefined();
  expect(plug && entry(mqttFinding(plug, 'main'))).toBe(
    [
      '  - device: plug-1 # calls itself "plug-1"',
      '    profile: generic/tasmota # energy-power, energy-voltage, energy-total in its messages',
      '    address: plug-1',
      '    kind: meter',
      '    broker: main',
      '    inputs: [ { input: energy-power, quantity: power, unit: kW, scale: 0.001 }, { input: energy-voltage, quantity: voltage, unit: V }, { input: energy-total, quantity: energy, unit: kWh } ]',
      '    # room: ? # it says "plug-1"; one of hall-1',
    ].join('\n'),
  );
  expect(probes && entry(mqttFinding(probes, 'main'))).toContain(
    '{ input: ds18b20-1-temperature, quantity: temperature, unit: °C, part: ds18b20-1 }',
  );
});

test('a device that sends only what has changed is known by all its messages together', () => {
  const messages = [
    { method: 'NotifyStatus', params: { ts: 1, 'temperature:0': { tC: 22.6 } } },
    { method: 'NotifyStatus', params: { ts: 2, 'humidity:0': { rh: 40 } } },
  ];
  const document = messages.reduce<unknown>(laidOver, undefined);
  const [shelly, ...others] = matches({ 'shelly-1/events/rpc': document });
  expect(others).toEqual([]);
  expect(shelly).toMatchObject({ address: 'shelly-1', reads: 2, of: 3 });
  expect(shelly?.profile.name).toBe('env/shelly-climate');
});

test('the parts of a gateway are those of its topics', () => {
  const feed = { power: 2_140, apparent_power: 2_210, current: 9.6, voltage: 230, energy: 1, frequency: 50, power_factor: 0.9 };
  const found = matches({ 'power/hall-1/a01-a': feed, 'power/hall-1/a01-b': feed }).filter(isLikely);
  expect(found).toMatchObject([{ address: 'power/hall-1', reads: 14, of: 14 }]);
  expect(found.map((match) => entry(mqttFinding(match, 'main')))[0]).toContain(
    'parts: { rack-feed: [ a01-a, a01-b ] }',
  );
}); // prettier-ignore

test('Sparkplug’s metrics are named by the birth, where one was received', () => {
  const birth = sparkplugPayload(0, [
    { name: 'bdSeq', int: 0, type: 8 },
    { name: 'Temperature', alias: 1, type: 9, float: 21 },
  ]);
  const topics = new Map<string, unknown>([
    ['spBv1.0/plant/NBIRTH/edge-1', birth],
    ['spBv1.0/plant/NDATA/edge-1', Buffer.from('later')],
    ['spBv1.0/plant/DDATA/edge-1/meter-2', Buffer.from([255])],
    ['spBv1.0/plant/DBIRTH/edge-1/broken', Buffer.from([255])],
    ['spBv1.0/plant/edge-1/x', 'no kind of message'],
  ]);
  const sources = sparkplugSources({ topics });
  expect(sources).toEqual([
    { address: 'plant/edge-1', metrics: ['Temperature'] },
    { address: 'plant/edge-1/broken', metrics: [] },
    { address: 'plant/edge-1/meter-2', metrics: [] },
  ]);
  expect(sources.map((source) => sparkplugFinding(source, 'main').summary)).toEqual([
    'Sparkplug B, metrics Temperature',
    'Sparkplug B, no birth was received, which names its metrics',
    'Sparkplug B, no birth was received, which names its metrics',
  ]);
  expect(matchTopics(profiles, { topics })).toEqual([]);
});

test('JSON that no profile names is proposed as a comment, management and what is known already are not', () => {
  const topics = new Map<string, unknown>([
    ...Object.entries(zigbee),
    ['cctv/recorder-1', { 'frame-rate': 25, fault: false, disks: [{ free: 1 }], net: { up: true } }],
    ['homeassistant/sensor/x/config', { expire_after: 60 }],
    ['notes', 'no JSON'],
    ['counter', 7],
  ]);
  const sources = unknownSources({ topics }, matchTopics(profiles, { topics }));
  expect(sources).toEqual([{ topic: 'cctv/recorder-1', members: ['/frame-rate', '/fault', '/net/up'] }]);
  const [source] = sources;
  const lines = source === undefined ? [] : entry(unknownFinding(source, 'main')).split('\n');
  expect(lines.every((line) => line.trimStart().startsWith('#'))).toBe(true);
  expect(lines.join('\n')).toContain('profile: generic/mqtt-json # values /frame-rate, /fault, /net/up');
});

describe('the broker that is searched', () => {
  const known = [{ key: 'dc/main', url: 'mqtt://10.0.0.1:1883', user: 'pantau' }];
  const entries = ['  - device: a', '    broker: main-2'];

  it('is one of the site by its name or address, with its secrets', () => {
    const main = { broker: known[0], name: 'main', isNew: false };
    expect(searchedBroker('main', known, 'dc')).toEqual(main);
    expect(searchedBroker('mqtt://10.0.0.1:1883', known, 'dc')).toEqual(main);
    expect(searchedBroker('other', known, 'dc')).toBeUndefined();
    expect(missingBroker({ broker: { key: 'dc/main', url: 'mqtt://10.0.0.1:1883' }, name: 'main', isNew: false }, ['    broker: main'], 'dc')).toEqual([]);
  });

  it('comes with the entries when the site has none at its address, under a name that is free', () => {
    const added = searchedBroker('mqtt://10.0.0.2', known, 'dc');
    expect(added).toMatchObject({ name: 'main-2', isNew: true });
    expect(searchedBroker('mqtt://10.0.0.2', [], 'dc')).toMatchObject({ name: 'main', isNew: true });
    const lines = added === undefined ? [] : missingBroker(added, entries, 'dc');
    expect(lines).toContain("  main-2: { url: 'mqtt://10.0.0.2' }");
    expect(added === undefined ? [] : missingBroker(added, ['    profile: x'], 'dc')).toEqual([]);
  });
}); // prettier-ignore
