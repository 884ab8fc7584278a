import { describe, expect, it } from 'vitest';
import { faults } from '../../simulator/physics/faults.ts';
import { buildPlant, type Plant } from '../../simulator/physics/plant.ts';
import { initialState, stepSite, type SiteState } from '../../simulator/physics/site.ts';
import { at } from '../../simulator/physics/noise.ts';
import { relativeHumidity } from '../../simulator/values/climate.ts';
import { morning, shippedModel } from './support.ts';

const model = shippedModel();
const plants = model.sites.map(({ id }) => buildPlant(model, id, 1));
const none = faults();

function live(
  plant: Plant,
  {
    seconds,
    from = initialState(plant, morning),
    broken = none,
  }: { seconds: number; from?: SiteState; broken?: typeof none },
): SiteState {
  let state = from;
  for (let s = 0; s < seconds; s++) state = stepSite(plant, state, { dtS: 1, faults: broken });
  return state;
}

const allLost = (plant: Plant): typeof none => faults({ sourceLost: plant.incomers.map(({ key }) => key) });
const fuelOf = (state: SiteState): number => state.fuel.tanksL.reduce((sum, litres) => sum + litres, 0);

describe('the same seed', () => {
  it('gives the same site to the last digit', () => {
    const [plant] = plants;
    if (plant === undefined) throw new Error('no plant');
    expect(live(buildPlant(model, plant.site, 7), { seconds: 120 })).toEqual(
      live(buildPlant(model, plant.site, 7), { seconds: 120 }),
    );
  });

  it('gives another site when it is another', () => {
    const [a, b] = [1, 2].map((seed) => initialState(buildPlant(model, 'dc', seed), morning));
    expect(a?.rackKw.A).not.toEqual(b?.rackKw.A);
  });
});

describe.each(plants)('$site when all is well', (plant) => {
  it('carries every rack on two feeds, together less than one may carry', () => {
    const state = live(plant, { seconds: 60 });
    for (const [index, { rack }] of plant.racks.entries()) {
      const [a, b] = [at(state.rackKw.A, index), at(state.rackKw.B, index)];
      expect(Math.min(a, b)).toBeGreaterThan(0.1 * rack.limitKw);
      expect(a + b).toBeLessThan(0.75 * rack.limitKw);
    }
  });

  it('keeps every inlet between 22 and 25 °C, at 42 to 53 %RH', () => {
    const state = live(plant, { seconds: 1_800 });
    expect(Math.min(...state.thermal.inletC)).toBeGreaterThan(22);
    expect(Math.max(...state.thermal.inletC)).toBeLessThan(25.3);
    for (const inlet of state.thermal.inletC) {
      expect(relativeHumidity(inlet, 11.8)).toBeGreaterThan(42);
      expect(relativeHumidity(inlet, 11.8)).toBeLessThan(53);
    }
  });

  it('counts on its meters the energy that flowed', () => {
    const before = initialState(plant, morning);
    const after = live(plant, { seconds: 3_600, from: before });
    const sum = (state: SiteState): number =>
      [...state.rackKwh.A, ...state.rackKwh.B].reduce((total, kwh) => total + kwh, 0);
    expect((sum(after) - sum(before)) / ((before.itKw + after.itKw) / 2)).toBeCloseTo(1, 1);
  });
});

describe.each(plants)('$site without PLN', (plant) => {
  const [second, minute] = [1, 60];

  it('stands on its batteries at once and on its gensets within a minute', () => {
    const dark = live(plant, { seconds: 5 * second, broken: allLost(plant) });
    expect(dark.ups.map(({ source }) => source)).toEqual(plant.ups.map(() => 'battery'));
    expect(dark.live).toEqual({ A: true, B: true });
    const carried = live(plant, { seconds: minute, from: dark, broken: allLost(plant) });
    expect(carried.supply.position).toBe('source-2');
    expect(carried.ups.map(({ source }) => source)).toEqual(plant.ups.map(() => 'normal'));
    expect(carried.supply.gensets.reduce((sum, { kw }) => sum + kw, 0)).toBeCloseTo(carried.supply.busKw, 0);
    expect(carried.itKw).toBeCloseTo(dark.itKw, -1);
  });

  it('burns by the fuel curve what its tanks lose', () => {
    let state = initialState(plant, morning);
    const before = fuelOf(state);
    let burnt = 0;
    for (let s = 0; s < 3_600; s++) {
      state = stepSite(plant, state, { dtS: 1, faults: allLost(plant) });
      burnt += state.supply.gensets.reduce((sum, { litresPerHour }) => sum + litresPerHour, 0) / 3_600;
    }
    expect(burnt).toBeGreaterThan(50);
    expect(before - fuelOf(state)).toBeCloseTo(burnt, 3);
    const dayTanks = plant.tanks.flatMap((tank, index) =>
      tank.role === 'day-tank' ? [at(state.fuel.tanksL, index) / tank.litres] : [],
    );
    expect(Math.min(...dayTanks)).toBeGreaterThan(0.7);
  });

  it('returns to a grid that stayed for half a minute, and its gensets cool down and stop', () => {
    const onGensets = live(plant, { seconds: 2 * minute, broken: allLost(plant) });
    const waiting = live(plant, { seconds: 20 * second, from: onGensets });
    expect(waiting.supply.position).toBe('source-2');
    const back = live(plant, { seconds: 20 * second, from: waiting });
    expect(back.supply.position).toBe('source-1');
    expect(back.supply.gensets.map(({ phase }) => phase)).toEqual(plant.gensets.map(() => 'cooling-down'));
    const later = live(plant, { seconds: 2 * minute, from: back });
    expect(later.supply.gensets.map(({ phase }) => phase)).toEqual(plant.gensets.map(() => 'stopped'));
    const [genset, first] = [later.supply.gensets[0], initialState(plant, morning).supply.gensets[0]];
    expect((genset?.starts ?? 0) - (first?.starts ?? 0)).toBe(1);
  });

  it('goes dark after about nine minutes on battery when no genset finds fuel', () => {
    const empty = {
      ...initialState(plant, morning),
      fuel: { tanksL: plant.tanks.map(() => 0), pumping: plant.tanks.map(() => false) },
    };
    const late = live(plant, { seconds: 7 * minute, from: empty, broken: allLost(plant) });
    expect(late.ups.map(({ source }) => source)).toEqual(plant.ups.map(() => 'battery'));
    const dark = live(plant, { seconds: 5 * minute, from: late, broken: allLost(plant) });
    expect(dark.live).toEqual({ A: false, B: false });
    expect(dark.itKw).toBe(0);
    expect(live(plant, { seconds: 5 * second, from: dark }).live).toEqual({ A: true, B: true });
  });
});

it('stays on its other source when one incomer is lost', () => {
  const [plant] = plants;
  const [first, other] = plant?.incomers ?? [];
  if (plant === undefined || first === undefined || other === undefined) throw new Error('no incomers');
  const state = live(plant, { seconds: 60, broken: faults({ sourceLost: [first.key] }) });
  expect(state.supply.position).toBe('source-1');
  expect(state.supply.gensets.every(({ phase }) => phase === 'stopped')).toBe(true);
});

describe.each(plants)('$site when a PAC in the middle of its largest hall stops', (plant) => {
  const hall = [...plant.halls].sort((a, b) => b.racks.length - a.racks.length)[0];
  if (hall === undefined) throw new Error('no hall');
  const stopped = plant.pacs[hall.pacs[Math.floor(hall.pacs.length / 2)]?.index ?? -1];
  const broken = faults({ stopped: stopped === undefined ? [] : [stopped.key] });
  const before = live(plant, { seconds: 60 });

  it('heats the racks near it beyond 27 °C in three to six minutes, and leaves the others as they were', () => {
    const early = live(plant, { seconds: 150, from: before, broken });
    expect(Math.max(...early.thermal.inletC)).toBeLessThan(27);
    const hot = live(plant, { seconds: 210, from: early, broken });
    expect(Math.max(...hot.thermal.inletC)).toBeGreaterThan(27);
    const warmed = [...hot.thermal.inletC].filter(
      (inlet, index) => inlet - at(before.thermal.inletC, index) > 1,
    ).length;
    expect(warmed).toBeLessThan(plant.racks.length / 4);
  });

  it('stays N+1: the supply air of the hall stays cool, no rack passes 32 °C, and all recover', () => {
    const settled = live(plant, { seconds: 3_600, from: before, broken });
    expect(Math.max(...settled.thermal.supplyC)).toBeLessThan(19);
    expect(Math.max(...settled.thermal.inletC)).toBeLessThan(32);
    expect(Math.max(...live(plant, { seconds: 1_800, from: settled }).thermal.inletC)).toBeLessThan(25.5);
  });
});

it('warms a whole hall when all of its PACs are without power', () => {
  const [plant] = plants;
  if (plant === undefined) throw new Error('no plant');
  const broken = faults({ stopped: plant.pacs.map(({ key }) => key) });
  expect(Math.min(...live(plant, { seconds: 900, broken }).thermal.inletC)).toBeGreaterThan(27);
});
