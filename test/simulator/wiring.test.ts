import { describe, expect, test } from 'vitest';
import type { Model } from '../../config/model.ts';
import { createTopology, type TopologyEdge } from '../../config/topology/graph.ts';
import { faults, type Faults } from '../../simulator/physics/faults.ts';
import { buildPlant } from '../../simulator/physics/plant.ts';
import { initialState, stepSite, type SiteState } from '../../simulator/physics/site.ts';
import { modelWith } from '../config/support.ts';
import { morning, shippedModel } from './support.ts';

/** kW of each rack on each feed, half a minute after something broke. */
function racksAfter(
  model: Model,
  broken: Faults,
): { state: SiteState; kw: Record<string, [number, number]> } {
  const plant = buildPlant(model, 'alpha', 1);
  let state = initialState(plant, morning);
  for (let s = 0; s < 30; s++) state = stepSite(plant, state, { dtS: 1, faults: broken });
  const kw = Object.fromEntries(
    plant.racks.map(({ rack }, index): [string, [number, number]] => [
      rack.id,
      [state.rackKw.A[index] ?? Number.NaN, state.rackKw.B[index] ?? Number.NaN],
    ]),
  );
  return { state, kw };
}

const secondUps =
  'devices:\n  - { device: ups-b, profile: ups/phases, address: 10.0.9.6, room: panel, feed: B }\n';
const twoUps = (pduFedBy: string): Model =>
  modelWith({
    'sites/alpha.yaml': (text) =>
      text
        .replace('devices:\n', secondUps)
        .replace('profile: pdu/phases,', `profile: pdu/phases,${pduFedBy}`),
  }).model;

describe('what a UPS supplies follows the topology', () => {
  const broken = faults({ upsFailed: ['alpha/ups-b'] });

  test('two UPSs on one panel stand in for each other', () => {
    const { kw } = racksAfter(twoUps(''), broken);
    expect(
      Object.values(kw)
        .flat()
        .every((one) => one > 0),
    ).toBe(true);
  });

  test('a rack feed that hangs on one of them alone is dead without it, and its other feed carries all', () => {
    const model = twoUps(' fedBy: [ups-b],');
    const well = racksAfter(model, faults()).kw;
    const { kw } = racksAfter(model, broken);
    expect(kw['rack-a01']?.[1]).toBe(0);
    expect(kw['rack-a01']?.[0]).toBeCloseTo((well['rack-a01']?.[0] ?? 0) + (well['rack-a01']?.[1] ?? 0), 6);
    expect(kw['rack-c03']).toEqual(well['rack-c03']);
  });

  test('the load moves with it', () => {
    const load = (model: Model): readonly number[] =>
      racksAfter(model, faults()).state.ups.map(({ kw }) => kw);
    const [shared, alone] = [load(twoUps('')), load(twoUps(' fedBy: [ups-b],'))];
    expect(shared.reduce((sum, kw) => sum + kw, 0)).toBeCloseTo(
      alone.reduce((sum, kw) => sum + kw, 0),
      6,
    );
    expect(shared).not.toEqual(alone);
  });
});

test('a row with PACs of its own stays cool when those of the rest of the hall stop', () => {
  const model = shippedModel();
  const pacs = model.devices.filter(
    ({ kind, room, site }) => kind === 'pac' && site === 'dc' && room === 'hall-1',
  );
  const own = pacs.at(-1);
  const row = model.racks.find(({ site, room }) => site === 'dc' && room === 'hall-1')?.row ?? '';
  if (own === undefined || pacs.length < 2) throw new Error('hall-1 has no two PACs');
  const edge: TopologyEdge = {
    type: 'cools', from: own.key, to: `dc/row:${row}`, feed: null, why: 'configured',
  }; // prettier-ignore
  const topology = createTopology(model.topology.nodes, [...model.topology.edges, edge]);
  const plant = buildPlant({ ...model, topology }, 'dc', 1);
  const stopped = faults({ stopped: pacs.filter((pac) => pac !== own).map(({ key }) => key) });
  let state = initialState(plant, morning);
  const before = state.thermal.inletC;
  for (let s = 0; s < 240; s++) state = stepSite(plant, state, { dtS: 1, faults: stopped });
  const warmest = (inRow: boolean): number =>
    Math.max(
      ...plant.racks.flatMap(({ rack }, index) =>
        rack.room === 'hall-1' && (rack.row === row) === inRow
          ? [(state.thermal.inletC[index] ?? 0) - (before[index] ?? 0)]
          : [],
      ),
    );
  expect(warmest(false)).toBeGreaterThan(4);
  expect(warmest(true)).toBeLessThan(warmest(false) / 2);
});
