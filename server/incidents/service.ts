import { trialRule } from '../../config/schema/trial.ts';
import type { Clock } from '../../core/clock.ts';
import type { AlarmEngine } from '../alarms/engine.ts';
import { quiet } from '../alarms/facts.ts';
import type { IncidentSummary, IncidentView } from '../contracts/incidents.ts';
import type { Pager } from '../notify/pager.ts';
import type { Handling } from './handling.ts';
import type { Merge, Move, Split } from './by-hand.ts';
import { isOpen, unseenIn, type LiveIncident } from './live.ts';
import type { OpenIncidents } from './open-incidents.ts';
import type { IncidentReader } from './reader.ts';
import type { IncidentRow } from './record.ts';
import { createRepeated } from './repeated.ts';
import type { IncidentRepository, ListFilter, Touch } from './repository.ts';
import type { IncidentWriter } from './writer.ts';

/** The access tickets whose place and window are touched; from `server/access`. */
export type TicketsTouching = (touch: Touch) => Promise<IncidentView['tickets']>;

/** Nothing of the incident can be reset: not latched, or the value is still beyond. */
export class NothingToReset extends Error {
  override readonly name = 'NothingToReset';
}

/**
 * The incidents and what people do to them. Memory is the truth: lists and views show what the store has not written
 * yet, marked `durable: false`, and what people did is kept and written once the store is back. Commands on an unknown
 * incident resolve to undefined.
 */
export interface IncidentService {
  /** By priority and then by when they are due; resolved ones latest first. */
  list(filter: ListFilter): Promise<IncidentSummary[]>;
  get(id: string): Promise<IncidentView | undefined>;
  /** What people do with it from its opening to its end. */
  readonly handling: Handling;
  /** The incident and every alarm in it that waits for it. */
  acknowledge(id: string, actor: string): Promise<IncidentView | undefined>;
  /** Each of them, as by `acknowledge`; those that do not exist are named and stop nothing. */
  acknowledgeMany(
    ids: readonly string[],
    actor: string,
  ): Promise<{ acknowledged: string[]; unknown: string[] }>;
  /** Rejects with StoreBehind when it cannot be kept. `key`: of the request; what comes with it again is the same note. */
  note(id: string, note: Note): Promise<IncidentView | undefined>;
  /** Releases latched alarms after inspection; rejects with NothingToReset. */
  reset(id: string, actor: string): Promise<IncidentView | undefined>;
  /** Links an active alarm to another open incident; grouping leaves it there. Rejects with MoveRefused. */
  move(move: Move): Promise<void>;
  /** Makes one incident of two; grouping leaves the alarms there. Rejects with MoveRefused. */
  merge(merge: Merge): Promise<void>;
  /** Makes an incident of its own of some active alarms and resolves to its id. Rejects with MoveRefused. */
  split(split: Split): Promise<string>;
  /** Called with the incident as it is after every change. Returns the way to stop. */
  onChange(listener: (summary: IncidentSummary) => void): () => void;
  /** `of`: only those it holds for. */
  openCount(of?: (incident: { readonly site: string }) => boolean): number;
  /** Open incidents of the server's own trial, which no list has. */
  trials(): readonly string[];
  /** Deletes trials that are long over. */
  forgetTrials(): Promise<void>;
  /** For each place and time its incidents, earliest first. */
  incidentsTouching(touches: readonly Touch[]): Promise<IncidentRow[][]>;
  /** What health shows: undefined when well. */
  problem(): string | undefined;
  close(): Promise<void>;
}

interface Note {
  readonly actor: string;
  readonly text: string;
  readonly key?: string | undefined;
}

/** Long enough to look into one that went wrong. */
const forgetTrialsAfterMs = 600_000;

function isTrial({ incident }: LiveIncident): boolean {
  return incident.rule === trialRule;
}

interface Parts {
  readonly clock: Clock;
  readonly engine: AlarmEngine;
  readonly open: OpenIncidents;
  readonly writer: IncidentWriter;
  readonly reader: IncidentReader;
  readonly settled: () => Promise<void>;
  readonly handling: Handling;
  readonly listeners: Set<(summary: IncidentSummary) => void>;
  readonly repository: IncidentRepository;
  readonly pager: Pick<Pager, 'waiting'>;
}

/** What people do with the incidents, on the parts that `compose.ts` wires. */
export function createIncidentService(parts: Parts): IncidentService {
  const { clock, engine, open, writer, reader, settled, listeners, handling, repository, pager } = parts;
  const repeated = createRepeated<IncidentView | undefined>();

  return {
    list: (filter) => reader.list(filter),
    get: (id) => reader.get(id),
    incidentsTouching: (touches) => reader.touching(touches),
    async acknowledge(id, actor) {
      return (await acknowledgeOne(id, actor)) ? reader.get(id) : undefined;
    },
    async acknowledgeMany(ids, actor) {
      const acknowledged: string[] = [];
      const unknown: string[] = [];
      for (const id of new Set(ids)) ((await acknowledgeOne(id, actor)) ? acknowledged : unknown).push(id);
      await settled();
      return { acknowledged, unknown };
    },
    handling,
    note(id, { actor, text, key }) {
      const add = (): Promise<IncidentView | undefined> =>
        handling.amend(id, () => ({
          change: {},
          event: {
            at: clock.now(),
            kind: 'noted',
            actor,
            note: text,
            ...(key === undefined ? {} : { request: key }),
          },
        }));
      if (key === undefined) return add();
      return repeated(`${id}/${key}`, async () => ((await reader.isNoted(id, key)) ? reader.get(id) : add()));
    },
    async reset(id, actor) {
      const live = open.find(id);
      if (live === undefined || !isOpen(live)) {
        if ((await reader.record(id)) === undefined) return undefined;
        throw new NothingToReset('the incident is resolved already');
      }
      const ready = [...live.links.keys()].filter((key) => {
        const facts = engine.find(key)?.facts ?? quiet;
        return facts.latched && !facts.inAlarm && open.holding(key) === live;
      });
      if (ready.length === 0) throw new NothingToReset('no latched alarm has returned yet');
      // The command first, then its consequences.
      writer.event(id, { at: clock.now(), kind: 'reset', actor });
      engine.command(ready, { kind: 'reset' }, { actor, reason: null, scope: 'incident' });
      writer.flushSoon();
      return reader.get(id);
    },
    async move(move) {
      open.move(move, clock.now());
      writer.flushSoon();
      await settled();
    },
    async merge(merge) {
      open.merge(merge, clock.now());
      writer.flushSoon();
      await settled();
    },
    async split(split) {
      const id = open.split(split, clock.now());
      writer.flushSoon();
      await settled();
      return id;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    openCount: (of = () => true) =>
      [...open.all()].filter((live) => isOpen(live) && !isTrial(live) && of(live.incident)).length,
    trials: () =>
      [...open.all()].filter((live) => isOpen(live) && isTrial(live)).map(({ incident }) => incident.id),
    async forgetTrials() {
      await settled();
      // A row about an incident that is gone would fail every write after it.
      const { incidents, notifications, plans } = writer.pending();
      const about = [...notifications.values(), ...plans.values(), ...pager.waiting()];
      const except = new Set([...incidents.keys(), ...about.map(({ incident }) => incident)]);
      await repository.forgetTrials(clock.now() - forgetTrialsAfterMs, except);
    },
    problem: () => writer.problem(),
    close() {
      open.settle();
      return writer.close();
    },
  };

  /** False: there is no such incident. */
  async function acknowledgeOne(id: string, actor: string): Promise<boolean> {
    const live = open.find(id);
    if (live === undefined) return acknowledgeClosed(id, actor);
    const waiting = unseenIn(live);
    engine.command(waiting, { kind: 'acknowledge' }, { actor, reason: null, scope: 'incident' });
    open.acknowledge(live, { actor, at: clock.now(), first: waiting.length > 0 });
    writer.flushSoon();
    return true;
  }

  /** Nothing is left to acknowledge; records that someone has seen it. */
  async function acknowledgeClosed(id: string, actor: string): Promise<boolean> {
    const found = await reader.record(id);
    if (found === undefined) return false;
    const record = reader.newest(found);
    const at = clock.now();
    const incident = {
      ...record.incident,
      acknowledged_at: record.incident.acknowledged_at ?? at,
      acknowledged_by: record.incident.acknowledged_by ?? actor,
      version: record.incident.version + 1,
    };
    writer.event(id, { at, kind: 'acknowledged', actor });
    writer.incident({ ...record, incident }, true);
    writer.flushSoon();
    return true;
  }
}
