import type { Effect } from '../../config/schema/rule.ts';
import type { Topology } from '../../config/topology/graph.ts';
import type { Cause, Explained, Group, Member, Seated } from './grouping.ts';
import type { Inferred } from './inference.ts';
import { suppliersOf, supplyReach } from './reach.ts';
import { subjectOf } from './seat.ts';

/** Cuts of the network that begin within this time of each other are one cut, seen in several rooms. */
const sameCutMs = 120_000;

/** Joins what is explained with its cause, and causes that are one event. Everything in `seated` is of one site, in order of time. */
export function assemble(
  topology: Topology,
  seated: readonly Seated[],
  { explained, inferred }: { readonly explained: Explained; readonly inferred: readonly Inferred[] },
): Group[] {
  const sets = createSets();
  const subjects = new Map<string, string>();
  for (const { alarm, seat } of seated) {
    const because = explained.get(alarm.key);
    if (because !== undefined) {
      const cause = because.alarm ?? inferredAt(inferred, because.node);
      if (cause !== undefined) sets.join(alarm.key, cause);
      continue;
    }
    const subject = subjectOf(alarm, seat);
    const first = subjects.get(subject);
    if (first === undefined) subjects.set(subject, alarm.key);
    else sets.join(alarm.key, first);
  }
  joinCuts(topology, inferred, sets.join);
  joinLostSupplies(topology, { seated, inferred }, sets.join);

  const groups = new Map<string, Seated[]>();
  for (const each of seated) {
    const root = sets.find(each.alarm.key);
    const list = groups.get(root);
    if (list === undefined) groups.set(root, [each]);
    else list.push(each);
  }
  return [...groups].map(([root, list]) => {
    const members = list.map((each): Member => ({ ...each, because: explained.get(each.alarm.key) ?? null }));
    const roots = members.filter(({ because }) => because === null);
    const causes = [
      ...roots.map(({ seat, since, alarm: { rule } }) => ({
        since,
        cause: { node: seat, effect: rule.effect ?? null, inferred: false },
        kind: rule.effect ?? rule.rule,
      })),
      ...inferred
        .filter((each) => sets.find(inferredKey(each)) === root)
        .map(({ node, effect, since }) => ({
          since,
          cause: { node, effect, inferred: true },
          kind: effect,
        })),
    ].sort((a, b) => a.since - b.since);
    const [first] = causes;
    return {
      key: first === undefined ? root : `${first.kind}@${first.cause.node}`,
      causes: distinct(causes.map(({ cause }) => cause)),
      members: [...roots, ...members.filter(({ because }) => because !== null)],
    };
  });
}

function distinct(causes: readonly Cause[]): Cause[] {
  const seen = new Map<string, Cause>();
  for (const cause of causes) {
    const key = `${cause.effect ?? ''} ${cause.node}`;
    if (!seen.has(key)) seen.set(key, cause);
  }
  return [...seen.values()];
}

function inferredKey({ node, effect }: Pick<Inferred, 'node' | 'effect'>): string {
  return `inferred ${effect} ${node}`;
}

function inferredAt(inferred: readonly Inferred[], node: string): string | undefined {
  const cause = inferred.find((each) => each.node === node);
  return cause === undefined ? undefined : inferredKey(cause);
}

type Join = (a: string, b: string) => void;

/** One cut of the network leaves several rooms silent. */
function joinCuts(topology: Topology, inferred: readonly Inferred[], join: Join): void {
  const rooms = inferred
    .filter(({ node }) => topology.node(node)?.kind === 'room')
    .sort((a, b) => a.since - b.since);
  for (const [place, cut] of rooms.entries()) {
    const before = rooms[place - 1];
    if (before !== undefined && cut.since - before.since <= sameCutMs)
      join(inferredKey(before), inferredKey(cut));
  }
}

const supplyEffects: readonly Effect[] = ['supply-lost', 'output-lost'];

/** Sources of one kind that only together leave something without supply are one event: both PLN sources, both UPSs of a feed. */
function joinLostSupplies(
  topology: Topology,
  { seated, inferred }: { readonly seated: readonly Seated[]; readonly inferred: readonly Inferred[] },
  join: Join,
): void {
  const site = seated[0]?.alarm.point.site;
  for (const effect of supplyEffects) {
    const failed = new Map<string, string>();
    for (const { alarm, seat } of seated)
      if (alarm.rule.effect === effect && !failed.has(seat)) failed.set(seat, alarm.key);
      else if (alarm.rule.effect === effect) join(failed.get(seat) ?? alarm.key, alarm.key);
    for (const each of inferred)
      if (each.effect === effect && !failed.has(each.node)) failed.set(each.node, inferredKey(each));
    if (failed.size < 2) continue;
    const reach = supplyReach(topology, new Set(failed.keys()));
    for (const node of topology.nodes) {
      if (node.site !== site || failed.has(node.key) || suppliersOf(topology, node.key).length < 2) continue;
      if (!reach.isDown(node.key)) continue;
      const byKind = new Map<string, string>();
      for (const key of reach.failedBehind(node.key)) {
        const { kind, device } = topology.node(key) ?? { kind: key, device: null };
        const alarm = failed.get(key) ?? key;
        const first = byKind.get(`${kind} ${device ?? ''}`);
        if (first === undefined) byKind.set(`${kind} ${device ?? ''}`, alarm);
        else join(first, alarm);
      }
    }
  }
}

interface Sets {
  find(item: string): string;
  join: Join;
}

/** Disjoint sets; the representative is the first item of a set in the order of joining. */
function createSets(): Sets {
  const parents = new Map<string, string>();
  const find = (item: string): string => {
    let root = item;
    for (let up = parents.get(root); up !== undefined; up = parents.get(root)) root = up;
    for (let each = item; each !== root;) {
      const up = parents.get(each) ?? root;
      parents.set(each, root);
      each = up;
    }
    return root;
  };
  return {
    find,
    join(a, b) {
      const [rootA, rootB] = [find(a), find(b)];
      if (rootA !== rootB) parents.set(rootA, rootB);
    },
  };
}
