import type { Model } from '../../config/model.ts';
import type { Clock } from '../../core/clock.ts';
import type { AlarmEngine, StandingAlarm } from '../alarms/engine.ts';
import type { IncidentSummary, IncidentView } from '../contracts/incidents.ts';
import { eventRow, type EventDetails, type IncidentBook, type OpenIncident } from './book.ts';
import type { Outbox } from './outbox.ts';
import type { IncidentRepository, ListFilter, Touch } from './repository.ts';
import { childNumber, type AlarmRow, type IncidentRecord, type IncidentRow } from './record.ts';
import { incidentSummary, incidentView } from './view.ts';

/** The access tickets whose place and window are touched; from `server/access`. */
export type TicketsTouching = (touch: Touch) => Promise<IncidentView['tickets']>;

/** A standing alarm and the incident that holds it. */
export interface HeldAlarm extends StandingAlarm {
  readonly incident: IncidentRow;
  /** The occurrence. */
  readonly row: AlarmRow;
}

/** Nothing of the incident can be reset: not latched, or the value is still beyond. */
export class NothingToReset extends Error {
  override readonly name = 'NothingToReset';
}

/**
 * The incidents and what people do to them. Changes resolve once they are durable and reject when the store fails
 * (they are then kept and tried again); those on an unknown incident resolve to undefined.
 */
export interface IncidentService {
  /** Sorted by priority, then by when it is due. */
  list(filter: ListFilter): Promise<IncidentSummary[]>;
  get(id: string): Promise<IncidentView | undefined>;
  acknowledge(id: string, user: string): Promise<IncidentView | undefined>;
  note(id: string, user: string, text: string): Promise<IncidentView | undefined>;
  /** Lets go of latched alarms after inspection; rejects with NothingToReset. */
  reset(id: string, user: string): Promise<IncidentView | undefined>;
  /** Standing alarms, by priority of the incident and then by `rule@point`. */
  alarms(): HeldAlarm[];
  /** Called with the incident as it is after every change. Returns the way to stop. */
  onChange(listener: (summary: IncidentSummary) => void): () => void;
  openCount(): number;
  incidentsTouching(touch: Touch): Promise<IncidentRow[]>;
  /** What health shows: undefined when well. */
  problem(): string | undefined;
  close(): Promise<void>;
}

/** What the desk stands on. */
interface Parts {
  readonly model: Model;
  readonly clock: Clock;
  readonly ticketsTouching: TicketsTouching;
  readonly repository: IncidentRepository;
  readonly book: IncidentBook;
  readonly outbox: Outbox;
  readonly engine: AlarmEngine;
  readonly listeners: Set<(summary: IncidentSummary) => void>;
}

export function createIncidentDesk({
  model,
  clock,
  ticketsTouching,
  repository,
  book,
  outbox,
  engine,
  listeners,
}: Parts): IncidentService {
  const rooms = new Map(model.rooms.map((room) => [room.key, room]));

  /** Everything that was decided is in the store, or the store fails and what it holds is what we can show. */
  async function settled(): Promise<void> {
    await outbox.flush().catch(() => undefined);
  }

  async function view(record: IncidentRecord): Promise<IncidentView> {
    const { id, site, room, opened_at: from, resolved_at: to } = record.incident;
    const touch = { site, rooms: room === null ? [] : [room], from, to: to ?? clock.now() };
    const [alarms, events, tickets] = await Promise.all([
      repository.alarms(id),
      repository.events(id),
      ticketsTouching(touch),
    ]);
    return incidentView(record, {
      alarms,
      events,
      tickets,
      services: rooms.get(`${site}/${room ?? ''}`)?.services ?? [],
    });
  }

  async function get(id: string): Promise<IncidentView | undefined> {
    await settled();
    const record = await repository.find(id);
    return record === undefined ? undefined : view(record);
  }

  /** Adds to the timeline; `change` may alter the incident's own row. Resolved incidents can still be noted. */
  async function write(
    id: string,
    entry: { readonly kind: 'acknowledged' | 'noted' | 'reset' } & EventDetails,
    change: (incident: IncidentRow, now: number) => IncidentRow,
  ): Promise<IncidentView | undefined> {
    const now = clock.now();
    const open = book.open(id) ?? (await closedIncident(id));
    if (open === undefined) return undefined;
    open.incident = change(open.incident, now);
    open.lastEvent += 1;
    outbox.event(eventRow(id, open.lastEvent, { at: now, ...entry }));
    outbox.incident({ incident: open.incident, worst: open.worst });
    await outbox.flush();
    return get(id);
  }

  /** Two notes at once must count on the same record, or one would take the other's place in the timeline. */
  const closed = new Map<string, Promise<OpenIncident | undefined>>();
  function closedIncident(id: string): Promise<OpenIncident | undefined> {
    const found = closed.get(id) ?? readClosed(id).finally(() => closed.delete(id));
    closed.set(id, found);
    return found;
  }

  async function readClosed(id: string): Promise<OpenIncident | undefined> {
    await settled();
    const record = await repository.find(id);
    if (record === undefined) return undefined;
    return { ...record, alarms: new Map(), lastEvent: childNumber(await repository.lastEvent(id)) };
  }

  return {
    async list(filter) {
      await settled();
      return (await repository.list(filter)).map(incidentSummary);
    },
    get,
    acknowledge(id, user) {
      engine.acknowledge(book.open(id)?.alarms.keys() ?? []);
      return write(id, { kind: 'acknowledged', actor: user }, (incident, now) => ({
        ...incident,
        acknowledged_at: incident.acknowledged_at ?? now,
        acknowledged_by: incident.acknowledged_by ?? user,
      }));
    },
    note: (id, user, text) => write(id, { kind: 'noted', actor: user, note: text }, (incident) => incident),
    async reset(id, user) {
      const open = book.open(id);
      if (open === undefined) {
        if ((await get(id)) === undefined) return undefined;
        throw new NothingToReset('the incident is resolved already');
      }
      const ready = [...open.alarms].filter(([, row]) => row.latched === 1 && row.until_at !== null);
      if (ready.length === 0) throw new NothingToReset('no latched alarm has returned yet');
      // First who did it, then what came of it.
      const written = write(id, { kind: 'reset', actor: user }, (incident) => incident);
      engine.reset(ready.map(([key]) => key));
      await written;
      return get(id);
    },
    alarms: () =>
      engine
        .active()
        .flatMap((standing) => {
          const held = book.holding(standing.alarm.key);
          const row = held?.alarms.get(standing.alarm.key);
          return held === undefined || row === undefined
            ? []
            : [{ ...standing, incident: held.incident, row }];
        })
        .sort(byPriority),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    openCount: () => [...book.all()].length,
    async incidentsTouching(touch) {
      await settled();
      return repository.touching(touch);
    },
    problem: () => outbox.problem(),
    close: () => outbox.close(),
  };
}

function byPriority(a: HeldAlarm, b: HeldAlarm): number {
  const [left, right] = [a, b].map(({ incident, alarm }) => `${incident.priority} ${alarm.key}`);
  return left === right ? 0 : (left ?? '') < (right ?? '') ? -1 : 1;
}
