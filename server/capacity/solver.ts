import { changed, countsFrom, countsOf, tallyOf, unknown, type Bounds, type Counts } from './counts.ts';
import type { Element } from './elements.ts';
import type { LoadsNow } from './loads.ts';
import { aloneCodes, absorbing, slack } from './margins.ts';
import type { SupplyPlan } from './plan.ts';
import { dark, settle } from './supply.ts';

export interface Scenario {
  /** One element, or what is maintained and what fails; their order does not matter. */
  readonly elements: readonly [Element] | readonly [Element, Element];
  readonly racks: Counts;
  /** Halls whose PACs that are left do not suffice for the present heat. */
  readonly hotHalls: number;
  /** Of a pair: it is worse than both alone, taken together. */
  readonly isWorse: boolean;
}

/** A hall, its PACs in the plan, and how many of them the present heat needs; undefined: not known. */
export interface HallCooling {
  readonly hall: string;
  readonly pacs: readonly number[];
  readonly needed: number | undefined;
}

export interface ScenarioInputs {
  readonly plan: SupplyPlan;
  readonly elements: readonly Element[];
  readonly loads: LoadsNow;
  readonly halls: readonly HallCooling[];
}

/** One scenario of any number of elements, from scratch. */
export function scenarioOf(
  { plan, loads }: Pick<ScenarioInputs, 'plan' | 'loads'>,
  elements: readonly Element[],
): Bounds {
  const out = elements.flatMap(({ node }) => node ?? []);
  const least = settle(plan, loads.least, { out });
  return { least, most: loads.most === loads.least ? least : settle(plan, loads.most, { out }) };
}

/** A state that pairs are built on. */
interface Base extends Bounds {
  readonly tally: readonly number[];
  /** By node: how much more it, and all that feeds it, can carry before something trips, kW. */
  readonly slackKw: Float64Array;
  /** By node: 1 it, and all that feeds it, is counted with everything that silent feeds may carry already, so one more adds nothing. */
  readonly absorbs: Uint8Array;
}

/** Finds what becomes of the racks, from scratch only where it must be. */
export interface Solver {
  /** Scenarios settled from scratch so far. */
  settled(): number;
  /** With nothing out but what is out now. */
  readonly present: Counts;
  single(element: Element): Scenario;
  pair(one: Element, another: Element): Omit<Scenario, 'isWorse'>;
  /** Both supply one rack alone, not the same one, and the load they move together trips nothing. */
  areIndependent(one: Element, another: Element): boolean;
}

/**
 * What supplies one rack alone is not computed from scratch: the rest of the site changes only where the load it moves would trip something.
 */
export function createSolver(inputs: ScenarioInputs): Solver {
  const { plan, loads, halls } = inputs;
  const bases = new Map<string, Base>();
  const codes = { least: aloneCodes(plan, loads.least), most: aloneCodes(plan, loads.most) };

  let settled = 0;

  /** Kept for one node, which every other is paired with; a pair comes once, and thousands of them would be megabytes. */
  function baseOf(nodes: readonly number[]): Base {
    const name = nodes.join(' ');
    const known = bases.get(name);
    if (known !== undefined) return known;
    settled += 1;
    const least = settle(plan, loads.least, { out: nodes });
    const most = loads.most === loads.least ? least : settle(plan, loads.most, { out: nodes });
    const base = {
      least,
      most,
      tally: tallyOf({ least, most }),
      slackKw: slack(plan, loads.most, most),
      absorbs: absorbing(plan, loads.most, most),
    };
    if (nodes.length <= 1) bases.set(name, base);
    return base;
  }
  const base0 = baseOf([]);

  function hotHalls(base: Base, elements: readonly Element[]): number {
    let hot = 0;
    for (const { pacs, needed } of halls) {
      if (needed === undefined) continue;
      let left = 0;
      for (const pac of pacs)
        if (base.most.live[pac] === 1 && !elements.some(({ node }) => node === pac)) left += 1;
      if (left < pacs.length && left < needed) hot += 1;
    }
    return hot;
  }

  /** The load that the loss of a feed moves trips nothing, neither there nor above; 0 where nothing moves. */
  function movedBy({ most, slackKw, absorbs }: Base, { rack, feed }: Leaf): Move {
    const to = feed === 0 ? 1 : 0;
    if (most.feedLive[feed][rack] !== 1 || most.feedLive[to][rack] !== 1) return nothingMoves;
    const suppliers = plan.racks[rack]?.feeds[to]?.suppliers ?? [];
    if (loads.most.isUnknown[feed][rack] === 1 && suppliers.every((node) => absorbs[node] === 1))
      return nothingMoves;
    const least = Math.min(...suppliers.map((node) => slackKw[node] ?? 0));
    const kw = loads.most.rackKw[feed][rack] ?? 0;
    return { kw, feed, isSilent: loads.most.isUnknown[feed][rack] === 1, slackKw: least };
  }

  function leafCode(base: Base, leaf: Leaf): number {
    const of = (which: 'least' | 'most'): number => {
      const { feedLive, racks } = base[which];
      const to = leaf.feed === 0 ? 1 : 0;
      if (feedLive[leaf.feed][leaf.rack] !== 1) return racks[leaf.rack] ?? 0;
      return feedLive[to][leaf.rack] === 1 ? (codes[which][to][leaf.rack] ?? 0) : dark;
    };
    const least = of('least');
    return least === of('most') ? least : unknown;
  }

  function solve(elements: readonly Element[]): Pick<Scenario, 'racks' | 'hotHalls'> {
    const leaves = elements.flatMap(({ leaf }) => leaf ?? []);
    const plant = elements.flatMap(({ node, kind, leaf }) =>
      node === undefined || leaf !== undefined || kind === 'pac' ? [] : node,
    );
    const base = baseOf(plant);
    const hot = hotHalls(base, elements);
    if (leaves.length === 0) return { racks: countsFrom(base.tally), hotHalls: hot };
    const [one, another] = leaves;
    if (one !== undefined && another !== undefined && one.rack === another.rack && one.feed !== another.feed)
      return { racks: countsFrom(changed(base, [[one.rack, dark]])), hotHalls: hot };
    const fast = among(base, leaves) ?? besideHeavy(elements, base);
    if (fast !== undefined) return { racks: fast, hotHalls: hot };
    settled += 1;
    const powered = elements.filter(({ kind }) => kind !== 'pac');
    return { racks: countsOf(scenarioOf(inputs, powered)), hotHalls: hot };
  }

  /** Undefined: what these feeds move may trip something. */
  function among(base: Base, leaves: readonly Leaf[]): Counts | undefined {
    const moves = leaves.map((leaf) => movedBy(base, leaf));
    if (!fits(moves)) return undefined;
    return countsFrom(
      changed(
        base,
        leaves.map((leaf): readonly [number, number] => [leaf.rack, leafCode(base, leaf)]),
      ),
    );
  }

  /** Of two feeds, one may trip something by itself (its meter is silent, so it may carry much): the other is judged in what that leaves. */
  function besideHeavy(elements: readonly Element[], base: Base): Counts | undefined {
    const [one, another] = elements;
    if (one?.leaf === undefined || another?.leaf === undefined) return undefined;
    for (const [heavy, light] of [
      [one, another.leaf],
      [another, one.leaf],
    ] as const) {
      if (heavy.node === undefined || heavy.leaf === undefined) continue;
      if (fits([movedBy(base, heavy.leaf)])) continue;
      const found = among(baseOf([heavy.node]), [light]);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Loads that move to the same side add up; silent feeds carry together no more than one of them may. Loads that change sides relieve what they leave. */
  function fits(moves: readonly Move[]): boolean {
    return moves.every(({ feed, slackKw }) => {
      let [known, silent] = [0, 0];
      for (const move of moves) {
        if (move.feed !== feed) continue;
        if (move.isSilent) silent = loads.most.unmeteredKw;
        else known += move.kw;
      }
      return known + silent <= slackKw;
    });
  }

  const moves = new Map<Element, Move>();
  for (const element of inputs.elements)
    if (element.leaf !== undefined) moves.set(element, movedBy(base0, element.leaf));

  return {
    settled: () => settled,
    present: countsFrom(base0.tally),
    single: (element) => ({ elements: [element], ...solve([element]), isWorse: false }),
    pair: (one, another) => ({ elements: [one, another], ...solve([one, another]) }),
    areIndependent(one, another) {
      if (one.leaf === undefined || another.leaf === undefined || one.leaf.rack === another.leaf.rack)
        return false;
      const [a, b] = [moves.get(one), moves.get(another)];
      return a !== undefined && b !== undefined && fits([a, b]);
    },
  };
}

type Leaf = NonNullable<Element['leaf']>;

/** The load that a feed hands over when it is lost, kW, and how much more what takes it can carry. */
interface Move {
  readonly kw: number;
  /** The feed that is lost. */
  readonly feed: 0 | 1 | undefined;
  readonly isSilent: boolean;
  readonly slackKw: number;
}
const nothingMoves: Move = { kw: 0, feed: undefined, isSilent: false, slackKw: Number.POSITIVE_INFINITY };
