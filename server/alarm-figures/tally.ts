import { inWib, wibDay } from '../../core/wib.ts';
import { isAnnunciation, type JournalEntry } from './annunciation.ts';
import { watchBehaviour, type AlarmBehaviour, type BehaviourWatch } from './behaviour.ts';
import { createFloodMeter, type Flood } from './flood.ts';

const periodMs = 600_000;
const crowdedAbove = 10;

interface OperatorTally {
  readonly actor: string;
  readonly acknowledged: number;
  /** From the annunciation, mean. */
  readonly meanMs: number;
}

/** What the journal of one operating position says of a period. */
export interface PositionTally {
  readonly annunciated: number;
  /** Of the fixed 10-minute periods: how many had an alarm over 10, and the fullest. */
  readonly crowded: number;
  readonly peak: { readonly at: number; readonly count: number } | undefined;
  readonly floods: readonly Flood[];
  readonly alarms: readonly AlarmBehaviour[];
  readonly operators: readonly OperatorTally[];
  /** Day (WIB, `2026-11-29`) → annunciations. */
  readonly perDay: ReadonlyMap<string, number>;
}

/** Counts the journal of one site, entry by entry in the order of server time. Memory grows with alarms and days, not with entries. */
export interface Tally {
  add(entry: JournalEntry): void;
  end(to: number): PositionTally;
}

export function createTally(): Tally {
  const watches = new Map<string, BehaviourWatch>();
  const flood = createFloodMeter();
  const perDay = new Map<string, number>();
  const operators = new Map<string, { acknowledged: number; totalMs: number }>();
  let annunciated = 0;
  let crowded = 0;
  let peak: { at: number; count: number } | undefined;
  let period = { at: Number.NaN, count: 0 };
  let day = { number: Number.NaN, name: '' };

  function annunciate(at: number): void {
    annunciated += 1;
    flood.add(at);
    const start = Math.floor(at / periodMs) * periodMs;
    period = start === period.at ? { at: start, count: period.count + 1 } : { at: start, count: 1 };
    if (period.count === crowdedAbove + 1) crowded += 1;
    if (period.count > (peak?.count ?? 0)) peak = period;
    const number = wibDay(at);
    if (number !== day.number) day = { number, name: inWib(at).toISOString().slice(0, 10) };
    perDay.set(day.name, (perDay.get(day.name) ?? 0) + 1);
  }

  function acknowledge({ actor, server_at: at }: JournalEntry, since: number | undefined): void {
    if (actor === null || since === undefined) return;
    const known = operators.get(actor) ?? { acknowledged: 0, totalMs: 0 };
    known.acknowledged += 1;
    known.totalMs += at - since;
    operators.set(actor, known);
  }

  return {
    add(entry) {
      let watch = watches.get(entry.alarm);
      if (watch === undefined) {
        watch = watchBehaviour(entry.alarm, entry.site);
        watches.set(entry.alarm, watch);
      }
      if (entry.why === 'acknowledge') acknowledge(entry, watch.waitingSince());
      watch.add(entry);
      if (isAnnunciation(entry)) annunciate(entry.server_at);
    },
    end: (to) => ({
      annunciated,
      crowded,
      peak,
      floods: flood.end(to),
      alarms: [...watches.values()].map(({ behaviour }) => behaviour),
      operators: [...operators]
        .map(([actor, { acknowledged, totalMs }]) => ({
          actor,
          acknowledged,
          meanMs: Math.round(totalMs / acknowledged),
        }))
        .sort((a, b) => b.acknowledged - a.acknowledged || a.actor.localeCompare(b.actor)),
      perDay,
    }),
  };
}
