import { assert, constantFrom, property, subarray, uniqueArray } from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Model } from '../../../config/model.ts';
import { consequencesOf, hallCooling, type Surroundings } from '../../../server/capacity/consequences.ts';
import { elementsOf, type Element } from '../../../server/capacity/elements.ts';
import { loadPoints, loadsNow } from '../../../server/capacity/loads.ts';
import { supplyPlan } from '../../../server/capacity/plan.ts';
import { readingsOf } from '../../../server/capacity/readings.ts';
import { countsOf, type Counts } from '../../../server/capacity/counts.ts';
import { allScenarios } from '../../../server/capacity/scenarios.ts';
import { scenarioOf } from '../../../server/capacity/solver.ts';
import type { AllScenarios } from '../../../server/capacity/worst.ts';
import { shippedModel } from '../support/server.ts';
import { modelWith, replace } from '../../config/support.ts';
import { present, type Present } from './support.ts';

interface Site extends Surroundings {
  readonly elements: readonly Element[];
  readonly find: (...ids: string[]) => Element[];
  readonly counts: (...ids: string[]) => Counts;
}

function siteOf(model: Model, site: string, values: Partial<Present> = {}): Site {
  const plan = supplyPlan(model, site);
  const points = loadPoints(model, plan);
  const readings = readingsOf(present(model, values));
  const elements = elementsOf(model, plan);
  const around = {
    model,
    plan,
    points,
    readings,
    loads: loadsNow(plan, points, readings),
    halls: hallCooling(model, plan, readings),
  };
  const find = (...ids: string[]): Element[] =>
    ids.map((id) => {
      const found = elements.find(({ key }) => key === `${site}/${id}`);
      if (found === undefined) throw new Error(`no element ${site}/${id}`);
      return found;
    });
  return { ...around, elements, find, counts: (...ids) => countsOf(scenarioOf(around, find(...ids))) };
}

function all(site: Site): AllScenarios {
  const run = allScenarios(site);
  for (let step = run.next(); ; step = run.next()) if (step.done === true) return step.value;
}

const of = (counts: Partial<Counts>): Counts => ({
  survives: 0,
  losesRedundancy: 0,
  overloads: 0,
  dark: 0,
  unknown: 0,
  ...counts,
});

let model: Model;
beforeAll(() => {
  model = shippedModel();
});

describe('the shipped estate', () => {
  it.each([
    ['ups-a1', { survives: 264 }],
    ['pln-a', { survives: 264 }],
    ['genset-1', { survives: 264 }],
    ['pac-03', { survives: 264 }],
    ['router-1', { survives: 264 }],
    ['panel:A', { losesRedundancy: 264 }],
    ['ats-b', { losesRedundancy: 264 }],
    ['pdu-a01-a', { survives: 263, losesRedundancy: 1 }],
  ] as const)('without %s', (id, counts) => {
    expect(siteOf(model, 'dc').counts(id)).toEqual(of(counts));
  });

  it('loses one feed with both of its UPSs, and all racks with both panels', () => {
    const dc = siteOf(model, 'dc');
    expect(dc.counts('ups-a1', 'ups-a2')).toEqual(of({ losesRedundancy: 264 }));
    expect(dc.counts('panel:A', 'panel:B')).toEqual(of({ dark: 264 }));
    expect(dc.counts('ats-a', 'pdu-c07-b')).toEqual(of({ losesRedundancy: 263, dark: 1 }));
  });

  it('rides through a loss of both PLN sources on batteries, then on gensets', () => {
    const dc = siteOf(model, 'dc');
    const { batteries, gensets } = consequencesOf(dc, dc.find('pln-a', 'pln-b'));
    expect(batteries.map(({ ups, until, minutes, by }) => [ups, until, minutes, by])).toEqual(
      ['a1', 'a2', 'b1', 'b2'].map((name) => [`dc/ups-${name}`, 'until-gensets', 10, 'measured']),
    );
    // 528 kW of racks, 1.4 times that in all; three sets of 1,000 kW at 24.64 % each burn 71.71 L/h; 2,700 L are in three tanks.
    expect(gensets?.loadKw).toBeCloseTo(739.2, 6);
    expect(gensets?.fuelHours).toBeCloseTo(2_700 / (3 * (42 + (30 * (0.2464 - 0.1)) / 0.15)), 3);
  });

  it('moves the load of a lost feed to the batteries of the other', () => {
    const dc = siteOf(model, 'dc');
    const { batteries } = consequencesOf(dc, dc.find('panel:A', 'pln-b'));
    // 264 kW a feed before, 528 kW after, on two UPSs: twice the load, so at most half of ten minutes.
    expect(batteries.map(({ ups, loadKw, minutes, by }) => [ups, loadKw, minutes, by])).toEqual([
      ['dc/ups-b1', 264, 5, 'at-most'],
      ['dc/ups-b2', 264, 5, 'at-most'],
    ]);
  });

  it('cascades: one UPS of a feed cannot carry what two did, so the other feed takes it', () => {
    // 3 kW a feed: 792 kW a panel, more than one UPS of 700 kW carries; then 1,584 kW on feed B, more than its two.
    const dc = siteOf(model, 'dc', { feedKw: 3 });
    expect(dc.counts('ups-a1')).toEqual(of({ dark: 264 }));
    const { switchedOff } = consequencesOf(dc, dc.find('ups-a1'));
    expect(switchedOff.map(({ key, load, limit, step }) => [key, load, limit, step])).toEqual([
      ['dc/ups-a2', 792, 700, 1],
      ['dc/ups-b1', 792, 700, 2],
      ['dc/ups-b2', 792, 700, 2],
    ]);
  });

  it('overloads racks whose two feeds together exceed the limit of one', () => {
    expect(siteOf(model, 'smart-dc', { feedKw: 1.2 }).counts('panel:B')).toMatchObject({ dark: 0 });
    const one = siteOf(model, 'dc', { values: { 'dc/pdu-a01-a/power': 3, 'dc/pdu-a01-b/power': 3 } });
    expect(one.counts('pdu-a01-a')).toEqual(of({ survives: 263, overloads: 1 }));
  });

  it('judges breakers by phase: 80 % for long, the rating trips', () => {
    const amps = (a: number, b: number): Record<string, number> => ({
      'dc/pdu-a01-a/l2/current': a,
      'dc/pdu-a01-b/l2/current': b,
    });
    expect(siteOf(model, 'dc', { values: amps(6, 7) }).counts('pdu-a01-a')).toEqual(
      of({ survives: 263, overloads: 1 }),
    );
    expect(siteOf(model, 'dc', { values: amps(8, 8.5) }).counts('pdu-a01-a')).toEqual(
      of({ survives: 263, dark: 1 }),
    );
    expect(siteOf(model, 'dc', { values: amps(6, 6) }).counts('pdu-a01-a')).toEqual(
      of({ survives: 263, losesRedundancy: 1 }),
    );
  });

  it('knows that PACs are too few', () => {
    const dc = siteOf(model, 'dc', {
      values: { 'dc/hall-1/pacs/units-needed': 8, 'dc/hall-2/pacs/units-needed': 8 },
    });
    const { singles } = all(dc);
    expect(singles.filter(({ hotHalls }) => hotHalls > 0).map(({ elements: [{ key }] }) => key)).toEqual(
      Array.from({ length: 16 }, (_, at) => `dc/pac-${String(at + 1).padStart(2, '0')}`),
    );
    expect(consequencesOf(dc, dc.find('pac-02')).halls).toEqual([
      { hall: 'dc/hall-1', lost: ['dc/pac-02'], left: 7, needed: 8 },
    ]);
  });

  it('loses sight of everything without its routers, and of nothing without one', () => {
    const dc = siteOf(model, 'dc');
    expect(consequencesOf(dc, dc.find('router-1')).unseen).toBe(0);
    expect(consequencesOf(dc, dc.find('router-1', 'router-2')).unseen).toBeGreaterThan(800);
  });
});

describe('what is not known', () => {
  it('makes one rack unknown when its meter is frozen, and names the point', () => {
    const dc = siteOf(model, 'dc', { values: { 'dc/pdu-b02-a/power': null } });
    expect(dc.counts('panel:B')).toEqual(of({ losesRedundancy: 263, unknown: 1 }));
    expect(dc.loads.missing).toEqual([{ what: 'point', id: 'dc/pdu-b02-a/power', reason: 'stale' }]);
    const rack = dc.plan.racks.findIndex((each) => each.rack.id === 'rack-b02');
    expect([...dc.loads.missingOf.keys()]).toEqual([rack]);
  });

  it('does not make a rack unknown that is dark whatever it draws', () => {
    const dc = siteOf(model, 'dc', { values: { 'dc/pdu-b02-a/power': null } });
    expect(dc.counts('pdu-b02-a', 'pdu-b02-b')).toEqual(of({ survives: 263, dark: 1 }));
  });

  it('makes everything behind a UPS unknown when its state is', () => {
    const dc = siteOf(model, 'dc', { feedKw: 2, values: { 'dc/ups-a1/output-source': null } });
    // 528 kW a panel: one UPS carries it, so the state of the other does not matter …
    expect(dc.counts()).toEqual(of({ survives: 264 }));
    // … until the one is lost as well.
    expect(dc.counts('ups-a2')).toEqual(of({ unknown: 264 }));
  });

  it('does not guess what a UPS without a rating carries', () => {
    const small = modelWith().model;
    const alpha = siteOf(small, 'alpha');
    expect(alpha.loads.missing.map(({ id }) => id)).toContain('alpha/ups-a rating.kw');
  });

  it('follows a rating that is given for a panel', () => {
    const panels = (kw: number): Model =>
      modelWith({ 'sites/alpha.yaml': replace('rows:\n', `panels: { A: { kw: ${kw} } }\nrows:\n`) }).model;
    const tripped = (kw: number): string[] => {
      const alpha = siteOf(panels(kw), 'alpha');
      return consequencesOf(alpha, []).switchedOff.map(({ key }) => key);
    };
    expect(tripped(100)).not.toContain('alpha/panel:A');
    expect(tripped(3)).toContain('alpha/panel:A');
  });
});

describe('pairs', () => {
  it('agree with the same scenario computed from scratch, near the limits too', () => {
    for (const feedKw of [1, 2.64, 2.66]) {
      const dc = siteOf(model, 'dc', { feedKw });
      const { singles, worstPairs } = all(dc);
      for (const { elements, racks } of [...singles.slice(0, 40), ...worstPairs])
        expect(racks, elements.map(({ key }) => key).join(' + ')).toEqual(countsOf(scenarioOf(dc, elements)));
    }
  });

  it('agree with the same pairs computed from scratch while meters are silent', () => {
    // Silent on both sides, one rack on both of its feeds; little is left on the UPSs, so that a silent feed may trip one.
    const silent = ['a01-a', 'a02-b', 'b03-a', 'b03-b'].map((id) => [`dc/pdu-${id}/power`, null] as const);
    for (const [feedKw, upsKw] of [
      [1, 140],
      [2.2, 330],
      [2.6, 400],
    ] as const) {
      const outputs = ['a1', 'a2', 'b1', 'b2'].map((id) => [`dc/ups-${id}/output-power`, upsKw] as const);
      const whole = siteOf(model, 'dc', { feedKw, values: Object.fromEntries([...silent, ...outputs]) });
      const some = whole.elements.filter(
        ({ key, leaf }) => leaf === undefined || /pdu-(a01|a02|b03|c04)-/.test(key),
      );
      const { pairsDark, pairsOverloaded, pairsUnknown } = all({ ...whole, elements: some });
      const scratch = some.flatMap((one, at) =>
        some.slice(at + 1).map((another) => countsOf(scenarioOf(whole, [one, another]))),
      );
      const counted = (pick: 'dark' | 'overloads' | 'unknown'): number =>
        scratch.filter((racks) => racks[pick] > 0).length;
      expect([feedKw, pairsDark, pairsOverloaded, pairsUnknown]).toEqual([
        feedKw,
        counted('dark'),
        counted('overloads'),
        counted('unknown'),
      ]);
    }
  });

  it('counts every pair once', () => {
    const drc = siteOf(model, 'drc');
    expect(all(drc).pairs).toBe((drc.elements.length * (drc.elements.length - 1)) / 2);
  });
});

describe('properties', () => {
  it('more failures never make a rack better while nothing trips', () => {
    const dc = siteOf(model, 'dc', { feedKw: 0.5 });
    const plant = dc.elements.filter(({ leaf, kind }) => leaf === undefined && kind !== 'genset');
    assert(
      property(subarray(plant, { maxLength: 4 }), constantFrom(...dc.elements), (some, one) => {
        const [fewer, more] = [scenarioOf(dc, some).least, scenarioOf(dc, [...some, one]).least];
        expect(more.trips).toEqual([]);
        for (const [rack, code] of fewer.racks.entries())
          expect(more.racks[rack]).toBeGreaterThanOrEqual(code);
      }),
      { numRuns: 60 },
    );
  });

  it('the load is conserved when nothing goes dark', () => {
    const dc = siteOf(model, 'dc', { feedKw: 0.8 });
    assert(
      property(uniqueArray(constantFrom(...dc.elements), { maxLength: 3 }), (some) => {
        const { least } = scenarioOf(dc, some);
        if (least.racks.includes(3)) return;
        const panels = dc.plan.nodes.flatMap(({ kind }, index) =>
          kind === 'panel' ? (least.loadKw[index] ?? 0) : [],
        );
        expect(panels.reduce((sum, kw) => sum + kw, 0)).toBeCloseTo(264 * 2 * 0.8, 6);
      }),
      { numRuns: 60 },
    );
  });
});
