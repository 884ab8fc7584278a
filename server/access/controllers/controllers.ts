import { accessAttributes, parseAccessEvent, type AccessEvent } from '../../../core/access-event.ts';
import type { FieldEvent } from '../../../core/field-event.ts';
import { follow, missing, type Gap, type Numbering } from './numbering.ts';
import type { ControllerKey, StoredNumbering } from './repository.ts';

/** What is known of one controller; counters since the start of this process. Times are epoch ms. */
export interface ControllerState extends ControllerKey {
  readonly events: number;
  readonly lastAt: number | undefined;
  readonly lastReceivedAt: number | undefined;
  /** The highest number of the present run. */
  readonly highest: number | undefined;
  readonly gaps: readonly Gap[];
  readonly missing: number;
  readonly restarts: number;
  /** Its clock minus ours, ms, as last measured. */
  readonly clockOffsetMs: number | undefined;
  /** How often that has changed by more than `jumpMs`. */
  readonly clockJumps: number;
  /** Events that named a door which the configuration does not know. */
  readonly unknownDoors: { readonly events: number; readonly last: string | undefined };
}

/** What the events that are stored now mean for their controllers; `commit` when they are durable. */
export interface Judged {
  /** To be stored with them. */
  readonly found: readonly FieldEvent[];
  readonly changed: readonly StoredNumbering[];
  commit(): void;
}

export interface Controllers {
  judge(added: readonly FieldEvent[], now: number): Judged;
  /** Gaps that stayed open for `graceMs`: each is reported once. */
  overdue(now: number, monotonic: number): Judged;
  states(): readonly ControllerState[];
}

type Draft = { -readonly [Key in keyof ControllerState]: ControllerState[Key] };

/** What was on its way in another order is there by then; a bridge fetches what it missed within seconds. */
export const graceMs = 30_000;
/** Less is drift. */
const jumpMs = 5_000;
/** Names of controllers come from outside: more than these are not kept apart. */
const mostControllers = 2_000;

export function createControllers(stored: readonly StoredNumbering[]): Controllers {
  const numberings = new Map(stored.map((each) => [keyOf(each), each]));
  const states = new Map<string, Draft>();
  /** Since when an unreported gap is open, monotonic ms; by controller and first number. */
  const openSince = new Map<string, number>();
  for (const each of stored) stateOf(each);

  function stateOf(key: ControllerKey): Draft | undefined {
    const name = keyOf(key);
    const known = states.get(name);
    if (known !== undefined || states.size >= mostControllers) return known;
    const fresh: Draft = {
      source: key.source, controller: key.controller, events: 0, lastAt: undefined, lastReceivedAt: undefined, highest: undefined,
      gaps: [], missing: 0, restarts: 0, clockOffsetMs: undefined, clockJumps: 0, unknownDoors: { events: 0, last: undefined },
    }; // prettier-ignore
    states.set(name, fresh);
    return fresh;
  }

  function count(event: AccessEvent, now: number): void {
    const state = stateOf(controllerOf(event));
    if (state === undefined) return;
    state.events += 1;
    state.lastAt = Math.max(state.lastAt ?? 0, event.at);
    state.lastReceivedAt = now;
    const { clockOffsetMs, part, door } = event;
    if (clockOffsetMs !== undefined) {
      if (state.clockOffsetMs !== undefined && Math.abs(clockOffsetMs - state.clockOffsetMs) > jumpMs)
        state.clockJumps += 1;
      state.clockOffsetMs = clockOffsetMs;
    }
    if (part === undefined && door !== undefined && door !== '0')
      state.unknownDoors = { events: state.unknownDoors.events + 1, last: door };
  }

  return {
    judge(added, now) {
      const changed = new Map<string, StoredNumbering>();
      const found: FieldEvent[] = [];
      const restarted: ControllerKey[] = [];
      const events = added.flatMap((event) => parseAccessEvent(event) ?? numberedOnly(event) ?? []);
      for (const event of events) {
        if (event.number === undefined || event.kind === 'events-missed') continue;
        const key = controllerOf(event);
        const name = keyOf(key);
        const before = (changed.get(name) ?? numberings.get(name))?.numbering;
        const { numbering, as, lost } = follow(before, { number: event.number, at: event.at, now });
        if (before === undefined && numberings.size + changed.size >= mostControllers) continue;
        changed.set(name, { ...key, numbering });
        found.push(...lost.map((gap) => missedEvent(key, gap, now)));
        if (as === 'restarted') {
          found.push(restartedEvent(event, before));
          restarted.push(key);
        }
      }
      return {
        found,
        changed: [...changed.values()],
        commit() {
          for (const [name, each] of changed) numberings.set(name, each);
          for (const event of events) count(event, now);
          for (const key of restarted) {
            const state = stateOf(key);
            if (state !== undefined) state.restarts += 1;
          }
        },
      };
    },
    overdue(now, monotonic) {
      const found: FieldEvent[] = [];
      const changed: StoredNumbering[] = [];
      const open = new Set<string>();
      for (const each of numberings.values()) {
        const due = each.numbering.gaps.filter((gap) => {
          if (gap.reported) return false;
          const name = `${keyOf(each)} ${gap.from}`;
          open.add(name);
          const since = openSince.get(name) ?? monotonic;
          openSince.set(name, since);
          return monotonic - since >= graceMs;
        });
        if (due.length === 0) continue;
        found.push(...due.map((gap) => missedEvent(each, gap, now)));
        const gaps = each.numbering.gaps.map((gap) => (due.includes(gap) ? { ...gap, reported: true } : gap));
        changed.push({ ...each, numbering: { ...each.numbering, gaps } });
      }
      for (const name of openSince.keys()) if (!open.has(name)) openSince.delete(name);
      return {
        found,
        changed,
        commit() {
          for (const each of changed) numberings.set(keyOf(each), each);
        },
      };
    },
    states: () =>
      [...states.values()].map((state) => {
        const numbering = numberings.get(keyOf(state))?.numbering;
        return {
          ...state,
          highest: numbering?.highest,
          gaps: numbering?.gaps ?? [],
          missing: missing(numbering ?? { gaps: [] }),
        };
      }),
  };
}

function keyOf({ source, controller }: ControllerKey): string {
  return JSON.stringify([source, controller]);
}

function controllerOf({ source, controller }: Pick<AccessEvent, 'source' | 'controller'>): ControllerKey {
  return { source, controller: controller ?? '' };
}

/** Also an event of a kind that is not judged has taken its number. */
function numberedOnly(event: FieldEvent): AccessEvent | undefined {
  return parseAccessEvent({ ...event, kind: 'tamper' });
}

function missedEvent(
  { source, controller }: ControllerKey,
  { from, to, foundAt }: Gap,
  now: number,
): FieldEvent {
  return {
    id: `${source}#missed,${encodeURIComponent(controller)},${from}-${to},${foundAt}`,
    source,
    at: now,
    kind: 'events-missed',
    attributes: {
      [accessAttributes.controller]: controller,
      [accessAttributes.from]: from,
      [accessAttributes.to]: to,
      [accessAttributes.count]: to - from + 1,
    },
  };
}

function restartedEvent(event: AccessEvent, before: Numbering | undefined): FieldEvent {
  return {
    id: `${event.source}#restarted,${encodeURIComponent(event.controller ?? '')},${event.number ?? 0},${event.at}`,
    source: event.source,
    at: event.at,
    kind: 'controller-restarted',
    attributes: {
      [accessAttributes.controller]: event.controller ?? '',
      [accessAttributes.reason]: `numbers again from ${event.number ?? 0}; the last one was ${before?.highest ?? 0}`,
    },
  };
}
