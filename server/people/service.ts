import type { PeopleModel } from '../../config/build/people.ts';
import type { Priority } from '../../config/schema/common.ts';
import type { Clock } from '../../core/clock.ts';
import type { Absences } from './time-off.ts';
import type { Override, RosterChanges, TimeOff } from './on-call.ts';
import type { Overrides } from './overrides.ts';
import { newHole, proveRoster, type Hole, type Proof } from './prover.ts';
import { reachLasting, reachNow, type Ways } from './reach.ts';
import { answerFor, type StepAnswer } from './roster.ts';
import { dayMs } from '../../core/wib.ts';

/** An entry that the roster does not take; `field` names what is wrong. */
export class RosterRefused extends Error {
  override readonly name = 'RosterRefused';
  readonly field: 'layer' | 'person' | 'from' | 'to';
  constructor(field: RosterRefused['field'], message: string) {
    super(message);
    this.field = field;
  }
}

/** An entry that would leave a hole in the roster, which nobody has accepted. */
export class RosterHole extends Error {
  override readonly name = 'RosterHole';
  readonly hole: Hole;
  constructor(hole: Hole) {
    super('the roster would have a hole');
    this.hole = hole;
  }
}

/** The entry collides with one that there is. */
export class RosterOverlap extends Error {
  override readonly name = 'RosterOverlap';
  readonly other: Override | TimeOff;
  constructor(other: Override | TimeOff) {
    super('there is an entry for that time already');
    this.other = other;
  }
}

interface Entering {
  readonly actor: string;
  /** Takes the entry although it leaves a hole: somebody who is ill is ill. */
  readonly acceptHole: boolean;
}

export interface Proved extends Proof {
  readonly checkedAt: number;
  /** The field is simulated and no channel is set up: channels are taken as working. */
  readonly assumed: boolean;
}

/** The roster as it is, what people change in it, and the proof that it reaches somebody. */
export interface RosterService {
  changes(): RosterChanges;
  /** Rejects with RosterRefused, RosterOverlap or RosterHole. */
  addOverride(entry: Omit<Override, 'id'>, by: Entering): Promise<Override>;
  endOverride(id: string, by: Entering): Promise<boolean>;
  addTimeOff(entry: Omit<TimeOff, 'id'>, by: Entering): Promise<TimeOff>;
  endTimeOff(id: string, actor: string): Promise<boolean>;
  /** Whom an incident that is opened then would be told to, by channels as they are now. */
  answer(question: { readonly site: string; readonly priority: Priority; readonly at: number }): StepAnswer[];
  /** Of the next 30 days; undefined: there is no people.yaml. */
  prove(): Proved | undefined;
  /** Called after every change. */
  onChange(listener: () => void): void;
}

const provedMs = 30 * dayMs;
/** A longer absence is a change of the rotation in people.yaml. */
const longestMs = 92 * dayMs;
/** An incident is told on for hours after it opened. */
const beforeMs = dayMs;

export function createRosterService(options: {
  readonly people: PeopleModel | undefined;
  readonly sites: readonly string[];
  readonly overrides: Overrides;
  readonly absences: Absences;
  readonly ways: Ways;
  readonly clock: Pick<Clock, 'now'>;
}): RosterService {
  const { people, sites, overrides, absences, ways, clock } = options;
  const listeners: (() => void)[] = [];
  const changes = (): RosterChanges => ({ overrides: overrides.current(), timeOff: absences.current() });
  const changed = (): void => {
    for (const listener of listeners) listener();
  };

  function checkSpan({ from, to }: { readonly from: number; readonly to: number }): void {
    if (from >= to) throw new RosterRefused('to', 'a time after "from"');
    if (to <= clock.now()) throw new RosterRefused('to', 'a time in the future');
    if (to - from > longestMs) throw new RosterRefused('to', 'at most 92 days; change the rotation in people.yaml for longer');
    if (from > clock.now() + 365 * dayMs) throw new RosterRefused('from', 'at most a year ahead');
  } // prettier-ignore

  function checkPerson(person: string): void {
    if (people?.persons.some((each) => each.person === person) !== true)
      throw new RosterRefused('person', `there is no person "${person}" in people.yaml`);
  }

  /** Throws RosterHole when there is one in the span that was not there before. */
  function checkHoles(next: RosterChanges, span: { readonly from: number; readonly to: number }): void {
    if (people === undefined) return;
    const asked = {
      people, sites,
      reach: reachLasting(ways),
      from: Math.max(clock.now(), span.from - beforeMs),
      to: span.to,
    }; // prettier-ignore
    const hole = newHole(
      proveRoster({ ...asked, changes: changes() }),
      proveRoster({ ...asked, changes: next }),
    );
    if (hole !== undefined) throw new RosterHole(hole);
  }

  /** Ids sort by time: the one that is being entered is the newest. */
  const newest = '~';

  return {
    changes,
    onChange: (listener) => void listeners.push(listener),
    async addOverride(entry, { actor, acceptHole }) {
      if (people?.onCall.some(({ layer }) => layer === entry.layer) !== true)
        throw new RosterRefused('layer', `there is no layer "${entry.layer}" in people.yaml`);
      checkPerson(entry.person);
      checkSpan(entry);
      const away = absences.current().find((each) => each.person === entry.person && overlaps(each, entry));
      if (away !== undefined) throw new RosterOverlap(away);
      const now = changes();
      if (!acceptHole) checkHoles({ ...now, overrides: [...now.overrides, { ...entry, id: newest }] }, entry);
      const added = await overrides.add(entry, { actor, at: clock.now() });
      changed();
      return added;
    },
    async endOverride(id, { actor, acceptHole }) {
      const now = changes();
      const entry = now.overrides.find((each) => each.id === id);
      if (entry === undefined) return false;
      if (!acceptHole)
        checkHoles({ ...now, overrides: now.overrides.filter((each) => each !== entry) }, entry);
      const ended = await overrides.end(id, { actor, at: clock.now() });
      changed();
      return ended;
    },
    async addTimeOff(entry, { actor, acceptHole }) {
      checkPerson(entry.person);
      checkSpan(entry);
      const other = absences.current().find((each) => each.person === entry.person && overlaps(each, entry));
      if (other !== undefined) throw new RosterOverlap(other);
      const now = changes();
      if (!acceptHole) checkHoles({ ...now, timeOff: [...now.timeOff, { ...entry, id: newest }] }, entry);
      const added = await absences.add(entry, { actor, at: clock.now() });
      changed();
      return added;
    },
    async endTimeOff(id, actor) {
      const ended = await absences.end(id, { actor, at: clock.now() });
      if (ended) changed();
      return ended;
    },
    answer: (question) =>
      people === undefined ? [] : answerFor(people, changes(), { ...question, reach: reachNow(ways) }),
    prove() {
      if (people === undefined) return undefined;
      const from = clock.now();
      const proof = proveRoster({
        people, sites, from,
        changes: changes(),
        reach: reachNow(ways),
        to: from + provedMs,
      }); // prettier-ignore
      return { ...proof, checkedAt: from, assumed: ways.assumed };
    },
  };
}

interface Span {
  readonly from: number;
  readonly to: number;
}

function overlaps(one: Span, other: Span): boolean {
  return one.from < other.to && other.from < one.to;
}
