import { beforeAll, describe, expect, test } from 'vitest';
import { findCycle, type Topology } from '../../config/topology/graph.ts';
import { modelWith, problemsWith, replace } from './support.ts';

const site = 'sites/alpha.yaml';
let topology: Topology;
beforeAll(() => {
  topology = modelWith().model.topology;
});

const ids = (nodes: readonly { readonly id: string }[]): string[] => nodes.map(({ id }) => id);

describe('the topology of a site', () => {
  test('leads from PLN and the gensets over ATS, UPS, panel and PDU to each feed of a rack', () => {
    const way = (path: string): string[] => path.split(' ').map((id) => `alpha/${id}`);
    expect(topology.paths('alpha/rack-a01', 'supplies', 'B')).toEqual([
      way('grid:pln-a pln-a ats-a ups-a panel:B pdu-a01-b rack-a01'),
      way('genset-1 ats-a ups-a panel:B pdu-a01-b rack-a01'),
    ]);
  });

  test('hangs racks that share a gateway behind the panel, metered by the gateway', () => {
    expect(
      topology.into('alpha/rack-c03', 'supplies').map(({ from, feed, meter }) => [from, feed, meter]),
    ).toEqual([
      ['alpha/panel:A', 'A', 'alpha/gateway-c'],
      ['alpha/panel:B', 'B', 'alpha/gateway-c'],
    ]);
    expect(topology.meters('alpha/rack-c03', 'A')).toEqual(['alpha/gateway-c']);
    expect(topology.meters('alpha/rack-a01', 'A')).toEqual(['alpha/meter-a01-a']);
  });

  test('knows what depends on a thing, nearest first', () => {
    const below = ids(topology.downstream('alpha/ups-a', 'supplies'));
    expect(below.slice(0, 2)).toEqual(['panel:A', 'panel:B']);
    expect(below.filter((id) => id.startsWith('rack-'))).toHaveLength(6);
    expect(ids(topology.upstream('alpha/rack-a01', 'contains'))).toEqual(['row:A', 'hall', 'alpha']);
  });

  test('carries devices by their broker, a gateway that several share, or the collector', () => {
    const carrier = (device: string): string[] =>
      topology.into(`alpha/${device}`, 'carries').map((edge) => edge.from);
    expect(carrier('env-a01')).toEqual(['alpha/broker:main']);
    expect(carrier('meter-a01-a')).toEqual(['alpha/gateway:10.0.1.1:502']);
    expect(carrier('ups-a')).toEqual(['alpha/collector:site']);
  });

  test('has no cycle, and no edges of what is unknown', () => {
    for (const type of ['supplies', 'cools', 'carries', 'contains'] as const)
      expect(findCycle(topology, type)).toBeUndefined();
    expect(topology.into('alpha/nothing', 'supplies')).toEqual([]);
    expect(topology.upstream('alpha/nothing', 'supplies')).toEqual([]);
  });

  test('follows fedBy in place of the defaults, and tells so', () => {
    const changed = modelWith({
      [site]: (text) => text.replace('profile: pdu/phases,', 'profile: pdu/phases, fedBy: [ups-a],'),
    }).model.topology;
    expect(changed.into('alpha/pdu-a01-b', 'supplies')).toEqual([
      { type: 'supplies', from: 'alpha/ups-a', to: 'alpha/pdu-a01-b', feed: 'B', why: 'configured' },
    ]);
  });
});

/** What is changed, and the whole of what is said about it. */
// prettier-ignore
const mistakes: readonly [string, (text: string) => string, string][] = [
  ['an unknown name', replace('device: ups-a\n', 'device: ups-a\n    fedBy: [ats-b]\n'), 'config/sites/alpha.yaml:51 devices.ups-a.fedBy.0: "ats-b" is unknown; expected a device that feeds others, or A or B; did you mean "ats-a"?'],
  ['a device that cannot feed', replace('device: ups-a\n', 'device: ups-a\n    fedBy: [tank]\n'), 'config/sites/alpha.yaml:51 devices.ups-a.fedBy.0: "tank" is of kind "fuel-tank"; expected a device that feeds others, or A or B'],
  ['a device that feeds itself', replace('device: ups-a\n', 'device: ups-a\n    fedBy: [ups-a]\n'), 'config/sites/alpha.yaml:51 devices.ups-a.fedBy.0: "ups-a" is the device itself; expected a device that feeds others, or A or B'],
  ['a source that is fed', replace('device: genset-1\n', 'device: genset-1\n    fedBy: [ups-a]\n'), 'config/sites/alpha.yaml:56 devices.genset-1.fedBy: is set on a genset; expected none: a genset is a source itself'],
  ['a cycle', replace('device: ups-a\n', 'device: ups-a\n    fedBy: [A]\n'), 'config/sites/alpha.yaml:51 devices.ups-a.fedBy: makes a cycle: ups-a → panel:A → ups-a; expected a supply that begins at PLN or a genset'],
  ['racks without a source', replace('profile: pdu/phases,', 'profile: pdu/phases, fedBy: [],'), 'config/sites/alpha.yaml:19 rows.A-B.feeds.B: ends at "pdu-a01-b", which nothing feeds; expected a chain of fedBy that begins at PLN or a genset'],
  ['a way through what is no router', replace('device: ups-a\n', 'device: ups-a\n    via: [tank]\n'), 'config/sites/alpha.yaml:51 devices.ups-a.via.0: "tank" is of kind "fuel-tank"; expected a router or switch of this site'],
  ['cooling by what is no PAC', replace('    kind: data-hall\n', '    kind: data-hall\n    cooledBy: [ups-a]\n'), 'config/sites/alpha.yaml:10 rooms.hall.cooledBy.0: "ups-a" is of kind "ups"; expected a PAC of this site'],
];

test.each(mistakes)('%s is refused with its line and the remedy', (_name, change, expected) => {
  expect(problemsWith({ [site]: change })).toEqual([expected]);
});

test('a meter before the PDU of the same rack and feed is not counted twice', () => {
  const { model } = modelWith({
    [site]: (text) =>
      text
        .replace('profile: pdu/phases,', 'profile: pdu/phases, fedBy: [pre-meter],')
        .replace(
          'devices:\n',
          'devices:\n  - { device: pre-meter, profile: meter/modbus, address: 10.0.9.99, room: hall, rack: rack-a01, feed: B }\n',
        ),
  });
  expect(model.topology.meters('alpha/rack-a01', 'B')).toEqual(['alpha/pdu-a01-b']);
});
