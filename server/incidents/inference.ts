import type { Effect, ExplanationEntry } from '../../config/schema/rule.ts';
import type { Topology } from '../../config/topology/graph.ts';
import type { BoundAlarm } from '../../config/alarms/bind.ts';
import type { Seated } from './grouping.ts';
import { seatOf } from './seat.ts';

/** A cause that no alarm reports: nearly everything behind it is in alarm at once. */
export interface Inferred {
  readonly node: string;
  readonly effect: Effect;
  /** When the first of its consequences began, epoch ms. */
  readonly since: number;
}

/** This share of what is behind a thing, and this many, must be in alarm; of a room more, for it carries nothing itself. */
const minShare = 0.8;
const minCount = 2;
const minInRoom = 3;
/** One thing behind a candidate that works speaks against it as much as this many that do not speak for it. */
const counterWeight = 50;

type Infer = (unexplained: readonly Seated[], known: readonly Inferred[]) => readonly Inferred[];

/** `alarms`: all there can be. The result names one cause at a time: what it explains must not count for another. */
export function createInference(topology: Topology, alarms: readonly BoundAlarm[]): Infer {
  const candidates = createCandidates(topology);
  /** By what is to be inferred and where: everything that would be in alarm. */
  const behind = new Map<string, Set<string>>();
  for (const alarm of alarms)
    for (const entry of alarm.rule.explainedBy)
      for (const node of candidates(alarm, seatOf(alarm), entry)) {
        const key = keyOf(entry, alarm, node);
        const seats = behind.get(key) ?? new Set();
        behind.set(key, seats.add(seatOf(alarm)));
      }

  return (unexplained, known) => {
    const isKnown = new Set(known.map(({ node, effect }) => `${effect} ${node}`));
    const found = new Map<string, Candidate>();
    for (const { alarm, seat, since } of unexplained)
      for (const entry of alarm.rule.explainedBy) {
        const [effect] = entry.effects;
        if (effect === undefined) continue;
        for (const [depth, node] of candidates(alarm, seat, entry).entries()) {
          if (isKnown.has(`${effect} ${node}`)) continue;
          const key = keyOf(entry, alarm, node);
          const candidate = found.get(key);
          if (candidate === undefined)
            found.set(key, { node, effect, since, depth, key, seats: new Set([seat]) });
          else {
            candidate.seats.add(seat);
            candidate.since = Math.min(candidate.since, since);
          }
        }
      }
    let best: Candidate | undefined;
    for (const candidate of found.values())
      if (isLikely(candidate) && (best === undefined || isBetter(candidate, best))) best = candidate;
    return best === undefined ? [] : [{ node: best.node, effect: best.effect, since: best.since }];
  };

  function isLikely({ node, key, seats }: Candidate): boolean {
    const least = topology.node(node)?.kind === 'room' ? minInRoom : minCount;
    return seats.size >= least && seats.size >= minShare * total(key);
  }

  function isBetter(a: Candidate, b: Candidate): boolean {
    return score(a) - score(b) > 0 || (score(a) === score(b) && a.depth < b.depth);
  }

  function score({ key, seats }: Candidate): number {
    return seats.size - counterWeight * (total(key) - seats.size);
  }

  function total(key: string): number {
    return behind.get(key)?.size ?? 0;
  }
}

interface Candidate extends Inferred {
  since: number;
  readonly key: string;
  /** Steps from the alarms, nearest first, or from the source. */
  readonly depth: number;
  readonly seats: Set<string>;
}

function keyOf({ through, effects }: ExplanationEntry, { rule }: BoundAlarm, node: string): string {
  return `${rule.effect ?? rule.rule} ${through} ${effects[0] ?? ''} ${node}`;
}

/** Where a cause may be inferred for an alarm: the most likely first among those that explain the same. */
function createCandidates(
  topology: Topology,
): (alarm: BoundAlarm, seat: string, entry: ExplanationEntry) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return ({ point }, seat, { through, infer }) => {
    if (infer === undefined) return [];
    const key = `${through} ${infer} ${seat} ${point.room ?? ''}`;
    let nodes = known.get(key);
    if (nodes === undefined) {
      nodes = through === 'carries' ? carriers() : suppliers();
      known.set(key, nodes);
    }
    return nodes;

    function suppliers(): string[] {
      const upstream = topology.upstream(seat, 'supplies').filter(({ device }) => device !== 'genset');
      const likely = infer === 'source' ? upstream.filter(({ kind }) => kind === 'grid') : upstream;
      return likely.map((node) => node.key);
    }
    function carriers(): string[] {
      const own = new Set(topology.into(seat, 'carries').map(({ from }) => from));
      // Routers that carry everything do so side by side: one of them alone cuts off nothing.
      const upstream = topology
        .upstream(seat, 'carries')
        .filter(({ key: carrier, device }) => device !== 'router' || own.has(carrier))
        .map((node) => node.key);
      return point.room === undefined ? upstream : [...upstream, `${point.site}/${point.room}`];
    }
  };
}
