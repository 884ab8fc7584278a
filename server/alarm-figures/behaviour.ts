import { isAnnunciation, type JournalEntry } from './annunciation.ts';

const chatteringTimes = 3;
const chatteringWithinMs = 60_000;
const fleetingWithinMs = 60_000;

/** Delays that a rule could have; what each would have spared is counted. */
export const triedDelays = [5, 10, 30, 60, 120, 300, 600] as const;

/** What one alarm did in a period. Bounded: it does not grow with what happens. */
export interface AlarmBehaviour {
  readonly alarm: string;
  readonly site: string;
  annunciated: number;
  /** Episodes of three or more within a minute. */
  chattering: number;
  fleeting: number;
  /** Of the latest annunciation, server time. */
  lastAt: number;
  /** Conditions that lasted less than each of `triedDelays`: an on-delay of that length would have spared them. */
  readonly shorter: number[];
  /** Raised again in less than each of `triedDelays` after its end: an off-delay would have joined the two. */
  readonly rejoined: number[];
  /** Conditions seen from begin to end. */
  ended: number;
}

export interface BehaviourWatch {
  readonly behaviour: AlarmBehaviour;
  add(entry: JournalEntry): void;
  /** Since when the present annunciation waits for somebody; undefined: it does not. */
  waitingSince(): number | undefined;
}

export function watchBehaviour(alarm: string, site: string): BehaviourWatch {
  const behaviour: AlarmBehaviour = {
    alarm, site, annunciated: 0, chattering: 0, fleeting: 0, lastAt: 0, ended: 0,
    shorter: triedDelays.map(() => 0),
    rejoined: triedDelays.map(() => 0),
  }; // prettier-ignore
  /** The latest annunciations, oldest first. */
  const recent: number[] = [];
  let isChattering = false;
  let waiting: number | undefined;
  let raisedAt: number | undefined;
  let endedAt: number | undefined;

  function annunciate(at: number): void {
    behaviour.annunciated += 1;
    behaviour.lastAt = at;
    waiting = at;
    recent.push(at);
    if (recent.length > chatteringTimes) recent.shift();
    const dense = recent.length === chatteringTimes && at - (recent[0] ?? at) <= chatteringWithinMs;
    if (dense && !isChattering) behaviour.chattering += 1;
    isChattering = dense;
  }

  function begin(at: number): void {
    if (endedAt !== undefined) countBelow(behaviour.rejoined, at - endedAt);
    raisedAt = at;
  }

  function end({ from_state: from, server_at: at }: JournalEntry, until: number): void {
    if (from === 'unacknowledged' && waiting !== undefined && at - waiting < fleetingWithinMs)
      behaviour.fleeting += 1;
    if (raisedAt !== undefined) {
      behaviour.ended += 1;
      countBelow(behaviour.shorter, until - raisedAt);
    }
    raisedAt = undefined;
    endedAt = until;
  }

  return {
    behaviour,
    waitingSince: () => waiting,
    add(entry) {
      const { why, source_at: sourceAt, server_at: at } = entry;
      if (isAnnunciation(entry)) annunciate(at);
      if (why === 'raise') begin(sourceAt ?? at);
      else if (why === 'return' || why === 'retire') end(entry, sourceAt ?? at);
      else if (why === 'acknowledge' || why === 'reset') waiting = undefined;
    },
  };
}

function countBelow(counts: number[], ms: number): void {
  triedDelays.forEach((seconds, place) => {
    // A clock that was set back gives a negative time: nothing is known then.
    if (ms >= 0 && ms < seconds * 1_000) counts[place] = (counts[place] ?? 0) + 1;
  });
}
