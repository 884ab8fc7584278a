import { beforeAll, describe, expect, test } from 'vitest';
import type { Topology } from '../../config/topology/graph.ts';
import { outageOf } from '../../config/topology/outage.ts';
import { loadConfig } from '../../config/load.ts';
import { fileURLToPath } from 'node:url';

let topology: Topology;
beforeAll(() => {
  const loaded = loadConfig(fileURLToPath(new URL('../../config', import.meta.url)));
  if (!loaded.ok) throw new Error(loaded.problems.map((problem) => JSON.stringify(problem)).join('\n'));
  topology = loaded.model.topology;
});

function outcome(...out: string[]): { dark: number; withoutRedundancy: number; withoutSource: string[] } {
  const { dark, withoutRedundancy, withoutSource } = outageOf(topology, new Set(out));
  return {
    dark: dark.length,
    withoutRedundancy: withoutRedundancy.length,
    withoutSource: withoutSource.filter((key) => !/pac-|pdu-/.test(key)),
  };
}

describe('the shipped estate', () => {
  test('has every rack on two feeds while nothing is out', () => {
    expect(outcome()).toEqual({ dark: 0, withoutRedundancy: 0, withoutSource: [] });
  });

  test.each(['dc/ups-a1', 'dc/pln-a', 'dc/genset-2', 'smart-dc/ups-b2', 'drc/grid:pln-b'])(
    'keeps both feeds of every rack without %s',
    (key) => {
      expect(outcome(key)).toMatchObject({ dark: 0, withoutRedundancy: 0 });
    },
  );

  test('keeps one feed of every rack of the site without an ATS, a panel or both UPSs of a feed', () => {
    expect(outcome('dc/ats-a')).toEqual({
      dark: 0,
      withoutRedundancy: 264,
      withoutSource: ['dc/ups-a1', 'dc/ups-a2', 'dc/panel:A'],
    });
    expect(outcome('drc/panel:B')).toMatchObject({ dark: 0, withoutRedundancy: 292, withoutSource: [] });
    expect(outcome('smart-dc/ups-a1', 'smart-dc/ups-a2')).toMatchObject({ dark: 0, withoutRedundancy: 172 });
  });

  test('loses the racks of a site with both feeds, and one rack with both of its PDUs', () => {
    expect(outcome('dc/panel:A', 'dc/panel:B')).toMatchObject({ dark: 264, withoutRedundancy: 0 });
    expect(outageOf(topology, new Set(['dc/pdu-a01-a', 'dc/pdu-a01-b']))).toMatchObject({
      dark: ['dc/rack-a01'],
      withoutRedundancy: [],
    });
    const one = outageOf(topology, new Set(['dc/pdu-a01-a']));
    expect([...one.feeds]).toEqual([['dc/rack-a01', ['B']]]);
  });

  test('runs on gensets without PLN, and on nothing without both', () => {
    expect(outcome('dc/pln-a', 'dc/pln-b')).toMatchObject({ dark: 0, withoutRedundancy: 0 });
    const all = ['dc/pln-a', 'dc/grid:pln-b', 'dc/genset-1', 'dc/genset-2', 'dc/genset-3'];
    expect(outcome(...all)).toMatchObject({ dark: 264 });
  });
});

test('a PAC has no source once both of its ATSs are out', () => {
  const { withoutSource } = outageOf(topology, new Set(['dc/ats-a', 'dc/ats-b']));
  expect(withoutSource).toContain('dc/pac-01');
});

test('keys that the topology does not know take nothing out', () => {
  expect(outcome('dc/nothing')).toEqual({ dark: 0, withoutRedundancy: 0, withoutSource: [] });
});
