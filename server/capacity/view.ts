import type { Model } from '../../config/model.ts';
import type { Label } from '../../config/schema/common.ts';
import { feedNames } from '../../config/topology/graph.ts';
import { iso } from '../../core/time.ts';
import type { ElementView, ScenarioView, SingleView, WhatIfView } from '../contracts/capacity.ts';
import { namesOf } from '../../config/names.ts';
import { consequencesOf, type Consequences, type Surroundings } from './consequences.ts';
import type { Element } from './elements.ts';
import { countsOf } from './counts.ts';
import { scenarioOf, type Scenario } from './solver.ts';
import { dark, overloads, survives } from './supply.ts';
import type { Missing } from './readings.ts';

/** How a hall warms once it has lost PACs; from the thermal models. */
export type HallWarming = (
  hall: string,
  left: number,
) => Pick<SingleView['halls'][number], 'minutesTo27' | 'minutesTo32' | 'errorC' | 'why'>;

/** Names that are listed in one answer; an estate with nothing read has thousands. */
const mostMissing = 50;

export function elementView(model: Model, { key, kind }: Pick<Element, 'key' | 'kind'>): ElementView {
  return { key, kind, name: nameOf(model, key) };
}

/** Of the things with these keys, as people call them. */
export function namesByKey(model: Model, keys: Iterable<string>): Record<string, Label> {
  return Object.fromEntries([...keys].map((key) => [key, nameOf(model, key)]));
}

function nameOf(model: Model, key: string): Label {
  // All gensets of a site together are no node of the topology.
  if (key.endsWith('/gensets')) return { id: 'Genset', en: 'Gensets' };
  const node = model.topology.node(key);
  if (node?.kind === 'panel') return { id: `Panel ${node.feed}`, en: `Panel ${node.feed}` };
  return namesOf(model).node(key);
}

export function missingView(model: Model, missing: readonly Missing[]): SingleView['missing'] {
  const names = namesOf(model);
  return missing.slice(0, mostMissing).map((each) => {
    const point = model.pointById.get(each.id);
    const [key = ''] = each.id.split(' ');
    return { ...each, name: point === undefined ? names.node(key) : names.point(point) };
  });
}

export function scenarioView(
  model: Model,
  site: string,
  { elements, racks, hotHalls }: Scenario,
): ScenarioView {
  return { site, elements: elements.map((element) => elementView(model, element)), racks, hotHalls };
}

type ConsequencesView = Omit<SingleView, 'site' | 'element'>;

function consequencesView(
  { model }: Surroundings,
  found: Consequences,
  {
    racks,
    warming,
    missing,
  }: {
    readonly racks: ConsequencesView['racks'];
    readonly warming: HallWarming;
    readonly missing: readonly Missing[];
  },
): ConsequencesView {
  const keys = [...found.batteries.map(({ ups }) => ups), ...found.switchedOff.map(({ key }) => key), ...found.near.map(({ key }) => key)]; // prettier-ignore
  return {
    names: namesByKey(model, keys),
    racks,
    batteries: found.batteries.map(({ ups, until, loadKw, minutes, by, neededMinutes }) => ({
      ups, until,
      loadKw: loadKw ?? null, minutes: minutes ?? null, by: by ?? null, neededMinutes: neededMinutes ?? null,
    })), // prettier-ignore
    gensets:
      found.gensets === undefined
        ? null
        : {
            loadKw: found.gensets.loadKw ?? null,
            ratedKw: finite(found.gensets.ratedKw),
            sets: found.gensets.sets,
            fuelHours: found.gensets.fuelHours ?? null,
          },
    switchedOff: found.switchedOff.map(({ feed, load, ...each }) => ({
      ...each,
      feed: feed ?? null,
      load: finite(load),
    })),
    near: found.near.map((each) => ({ ...each })),
    halls: found.halls.map(({ hall, lost, left, needed }) => ({
      hall,
      name: nameOf(model, hall),
      lost: [...lost],
      left,
      needed: needed ?? null,
      ...warming(hall, left),
    })),
    unseen: found.unseen,
    missing: missingView(model, [
      ...new Map([...found.missing, ...missing].map((each) => [each.id, each])).values(),
    ]),
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** What one failure of the plant does. */
export function singleView(around: Surroundings, element: Element, warming: HallWarming): SingleView {
  const racks = countsOf(scenarioOf(around, [element]));
  return {
    site: around.plan.site,
    element: elementView(around.model, element),
    ...consequencesView(around, consequencesOf(around, [element]), {
      racks,
      warming,
      missing: racks.unknown > 0 ? around.loads.missing : [],
    }),
  };
}

/** Any number of failures at once, with every rack that does not stay as it is. */
export function whatIfView(
  around: Surroundings,
  elements: readonly Element[],
  { warming, at }: { readonly warming: HallWarming; readonly at: number },
): WhatIfView {
  const { model, plan, loads } = around;
  const states = scenarioOf(around, elements);
  const { least, most } = states;
  const racks = countsOf(states);
  const affected = plan.racks.flatMap(({ rack }, index): WhatIfView['affected'] => {
    const code = least.racks[index] ?? survives;
    const isKnown = code === most.racks[index];
    if (isKnown && code === survives) return [];
    const isMetered = loads.least.isUnknown[0][index] !== 1 && loads.least.isUnknown[1][index] !== 1;
    return [
      {
        rack: rack.key,
        label: rack.label,
        state: isKnown ? stateOf(code) : 'unknown',
        feeds: feedNames.filter((_feed, feed) => least.feedLive[feed === 0 ? 0 : 1][index] === 1),
        kw: isMetered ? (loads.least.rackKw[0][index] ?? 0) + (loads.least.rackKw[1][index] ?? 0) : null,
        limitKw: rack.limitKw,
        missing: isKnown ? [] : missingView(model, loads.missingOf.get(index) ?? loads.missing),
      },
    ];
  });
  return {
    site: plan.site,
    at: iso(at),
    elements: elements.map((element) => elementView(model, element)),
    ...consequencesView(around, consequencesOf(around, elements), {
      racks,
      warming,
      missing: racks.unknown > 0 ? loads.missing : [],
    }),
    affected: affected.sort((a, b) => severity(b.state) - severity(a.state)),
  };
}

function stateOf(code: number): Exclude<WhatIfView['affected'][number]['state'], 'unknown'> {
  if (code === dark) return 'dark';
  return code === overloads ? 'overloads' : 'loses-redundancy';
}

function severity(state: WhatIfView['affected'][number]['state']): number {
  return ['loses-redundancy', 'unknown', 'overloads', 'dark'].indexOf(state);
}
