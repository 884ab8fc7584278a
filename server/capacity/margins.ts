import type { SupplyPlan } from './plan.ts';
import {
  activeSuppliers,
  continuousShare,
  dark,
  losesRedundancy,
  overloads,
  type Loads,
  type SupplyState,
} from './supply.ts';

/** What becomes of a rack that a feed carries alone. */
export function aloneCodes({ racks }: SupplyPlan, loads: Loads): readonly [Uint8Array, Uint8Array] {
  const of = (feed: 0 | 1): Uint8Array =>
    Uint8Array.from(racks, ({ rack, feeds }, index) => {
      const amps = loads.aloneAmps[feed][index] ?? 0;
      const breaker = feeds[feed]?.breakerAmps ?? Number.POSITIVE_INFINITY;
      if (amps > breaker) return dark;
      const kw = (loads.rackKw[0][index] ?? 0) + (loads.rackKw[1][index] ?? 0);
      return kw > rack.limitKw || amps > breaker * continuousShare ? overloads : losesRedundancy;
    });
  return [of(0), of(1)];
}

/** By node: how much more it, and all that feeds it, can carry before something trips, kW. */
export function slack({ nodes }: SupplyPlan, loads: Loads, state: SupplyState): Float64Array {
  const result = new Float64Array(nodes.length);
  for (const [index, node] of nodes.entries()) {
    if (state.live[index] !== 1) continue;
    if (node.kind === 'grid') result[index] = Number.POSITIVE_INFINITY;
    else if (node.kind === 'genset') result[index] = state.gensetRatedKw - state.gensetKw;
    else {
      // The whole move may reach one supplier: less than what several of them could share, and never too much.
      const above = Math.min(
        ...activeSuppliers(node, nodes, state.live).map((supplier) => result[supplier] ?? 0),
      );
      result[index] = Math.min((loads.capacityKw[index] ?? 0) - (state.loadKw[index] ?? 0), above);
    }
  }
  return result;
}

/** What the meters above silent feeds allow is one sum for all of them. */
export function absorbing({ nodes }: SupplyPlan, loads: Loads, state: SupplyState): Uint8Array {
  const result = new Uint8Array(nodes.length);
  for (const [index, node] of nodes.entries()) {
    if (state.live[index] !== 1) continue;
    const isJudged = node.kind === 'genset' || Number.isFinite(loads.capacityKw[index] ?? 0);
    const isFull = !isJudged || (state.unmeteredKw[index] ?? 0) >= loads.unmeteredKw;
    const above = activeSuppliers(node, nodes, state.live);
    result[index] = isFull && above.every((supplier) => result[supplier] === 1) ? 1 : 0;
  }
  return result;
}
