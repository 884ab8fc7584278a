import type { Priority } from '../../config/schema/common.ts';
import { changesOf, type RosterChanges } from './on-call.ts';
import { answerFor, type Missed, type People, type Reach, type StepAnswer } from './roster.ts';
import { shiftsBetween } from './shift.ts';

/** What must reach somebody at every moment. */
const provedPriorities = ['P1', 'P2'] as const satisfies readonly Priority[];

/** A time in which an incident of that site and priority would reach nobody, or nobody at the step where it should. */
export interface Hole {
  readonly site: string;
  readonly priority: Priority;
  /** `late`: a step reaches nobody, and somebody is told by a later one. */
  readonly kind: 'nobody' | 'late';
  /** Epoch ms, [from, to); `to` at the end of what was proved may not be its end. */
  readonly from: number;
  readonly to: number;
  /** Each reason once, those at the beginning first. */
  readonly reasons: readonly Missed[];
}

export interface Proof {
  readonly from: number;
  readonly to: number;
  /** How many moments were asked about: each at which an answer can change. */
  readonly instants: number;
  readonly holes: readonly Hole[];
}

export interface ProofQuestion {
  readonly people: People;
  readonly changes: RosterChanges;
  readonly sites: readonly string[];
  readonly reach: Reach;
  /** Epoch ms, [from, to). */
  readonly from: number;
  readonly to: number;
}

/**
 * Asks for every site, at every moment at which the answer can change, whom a P1 and a P2 would be told to. Between two such moments the
 * answer is the same, so nothing is missed. Pure.
 */
export function proveRoster(question: ProofQuestion): Proof {
  const { people, changes, sites, reach, from, to } = question;
  const holes: Hole[] = [];
  let instants = 0;
  for (const priority of provedPriorities) {
    // Without steps, nobody is paged by intent.
    if (people.escalation[priority].length === 0) continue;
    const moments = momentsOf(question, priority);
    instants += moments.length;
    for (const site of sites) {
      let open: OpenHole | undefined;
      for (const at of moments) {
        const answer = answerFor(people, changes, { site, priority, at, reach });
        const kind = verdict(answer);
        if (open?.kind !== kind) {
          if (open !== undefined) holes.push(closed(open, { site, priority, to: at }));
          open = kind === 'reached' ? undefined : { kind, from: at, reasons: new Map() };
        }
        for (const missed of answer.flatMap((step) => step.missed)) open?.reasons.set(JSON.stringify(missed), missed);
      }
      if (open !== undefined) holes.push(closed(open, { site, priority, to }));
    }
  }
  return { from, to, instants, holes: holes.toSorted((a, b) => a.from - b.from) };
} // prettier-ignore

/** What an incident's escalation comes to. Steps that mean nobody at this site, by intent, do not count. */
export function verdict(answer: readonly StepAnswer[]): Hole['kind'] | 'reached' {
  const meant = answer.filter(({ recipients, missed }) => recipients.length + missed.length > 0);
  const first = meant.findIndex(({ recipients }) => recipients.length > 0);
  if (first === -1) return 'nobody';
  return first === 0 ? 'reached' : 'late';
}

/** The earliest time from now at which a hole is open, at one site; undefined: none in what was proved. */
export function firstHoleAt({ holes }: Pick<Proof, 'holes'>, site: string, now: number): number | undefined {
  const coming = holes.filter((hole) => hole.site === site && hole.to > now);
  return coming.length === 0 ? undefined : Math.max(now, Math.min(...coming.map(({ from }) => from)));
}

/** The first hole that is open at a time when none of its site and priority was before; undefined: it became no worse. */
export function newHole(before: Pick<Proof, 'holes'>, after: Pick<Proof, 'holes'>): Hole | undefined {
  return after.holes.find((hole) => {
    const known = before.holes.filter(
      ({ site, priority, kind }) =>
        site === hole.site && priority === hole.priority && (kind === hole.kind || kind === 'nobody'),
    );
    let covered = hole.from;
    for (const { from, to } of known.toSorted((a, b) => a.from - b.from))
      if (from <= covered && to > covered) covered = to;
    return covered < hole.to;
  });
}

/** Steps are taken after a delay: what changes at noon changes the answer of an incident that opens that much earlier. */
function momentsOf({ people, changes, from, to }: ProofQuestion, priority: Priority): number[] {
  const delays = [...new Set(people.escalation[priority].map(({ after }) => after))];
  const span = { from, to: to + Math.max(...delays) + 1 };
  const isTold = people.escalation[priority].some(({ notify }) => notify.includes('shift'));
  const edges = [
    ...people.onCall.flatMap((layer) => changesOf(layer, changes, span)),
    ...changes.timeOff.flatMap((each) => [each.from, each.to]),
    ...(isTold && people.shifts !== undefined ? shiftsBetween(people.shifts, span.from, span.to).map((shift) => shift.from) : []),
  ];
  const moments = new Set([from]);
  for (const edge of edges)
    for (const delay of delays) if (edge - delay > from && edge - delay < to) moments.add(edge - delay);
  return [...moments].toSorted((a, b) => a - b);
} // prettier-ignore

interface OpenHole {
  readonly kind: Hole['kind'];
  readonly from: number;
  readonly reasons: Map<string, Missed>;
}

function closed({ kind, from, reasons }: OpenHole, place: Pick<Hole, 'site' | 'priority' | 'to'>): Hole {
  return { ...place, kind, from, reasons: [...reasons.values()] };
}
