import type { Logger } from 'pino';
import type { Model } from '../../config/model.ts';
import { trialRule } from '../../config/schema/trial.ts';
import { ruleOfAlarm } from '../../core/alarm-key.ts';
import type { Clock } from '../../core/clock.ts';
import type { AlarmFacts } from '../alarms/facts.ts';
import { shelvingOf } from '../alarms/shelving.ts';
import { fits } from '../../domain/incident-filter.ts';
import type { IncidentAlarmView, IncidentSummary, IncidentView } from '../contracts/incidents.ts';
import { isOpen } from './live.ts';
import type { OpenIncidents } from './open-incidents.ts';
import {
  becauseOf,
  occurrenceId,
  type EventRow,
  type IncidentRecord,
  type IncidentRow,
  type LinkRow,
} from './record.ts';
import type { Label } from '../../config/schema/common.ts';
import type { Explanation } from './grouping.ts';
import {
  searchedTexts,
  type IncidentRepository,
  type LinkedOccurrence,
  type ListFilter,
  type Touch,
} from './repository.ts';
import type { BoundAlarm } from '../../config/alarms/bind.ts';
import type { Names } from '../../config/names.ts';
import { pathBetween } from './reach.ts';
import type { RiskFinder } from './risk.ts';
import { seatOf } from './seat.ts';
import type { TicketsTouching } from './service.ts';
import { incidentView } from './view.ts';
import type { IncidentWriter } from './writer.ts';

export interface IncidentReader {
  list(filter: ListFilter): Promise<IncidentSummary[]>;
  get(id: string): Promise<IncidentView | undefined>;
  /** As it is now, in memory or in the store. */
  record(id: string): Promise<IncidentRecord | undefined>;
  /** A note came with this key before. */
  isNoted(id: string, key: string): Promise<boolean>;
  /** The record, or a newer one that is not written yet. */
  newest(record: IncidentRecord): IncidentRecord;
  /** Its occurrences, without those that were moved away. */
  linked(id: string): Promise<LinkedOccurrence[]>;
  /** For each place and time its incidents, earliest first; all of them in few queries. */
  touching(touches: readonly Touch[]): Promise<IncidentRow[][]>;
}

/** What the store holds, with what is not written yet laid over it. Open incidents are read from memory alone. */
export function createIncidentReader(options: {
  readonly model: Model;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Logger;
  readonly ticketsTouching: TicketsTouching;
  readonly repository: IncidentRepository;
  readonly writer: IncidentWriter;
  readonly open: OpenIncidents;
  /** Gives the store a moment to write what was decided. */
  readonly settled: () => Promise<void>;
  readonly factsOf: (key: string) => AlarmFacts | undefined;
  /** By `rule@point`; undefined when the configuration no longer has it. */
  readonly alarmOf: (key: string) => BoundAlarm | undefined;
  readonly names: Names;
  readonly summaryOf: (record: IncidentRecord, durable: boolean) => IncidentSummary;
  readonly risk: RiskFinder;
}): IncidentReader {
  const { model, clock, log, repository, writer, open, settled, factsOf, alarmOf, names, risk } = options;

  const summary = (record: IncidentRecord): IncidentSummary =>
    options.summaryOf(record, writer.isDurable(record.incident.id));

  function newest(record: IncidentRecord): IncidentRecord {
    const { id, version } = record.incident;
    const known = open.find(id) ?? writer.pending().incidents.get(id);
    return known !== undefined && known.incident.version >= version ? known : record;
  }

  /** In memory: what is live, and what is over but not written yet. */
  function inMemory(): IncidentRecord[] {
    const records = new Map<string, IncidentRecord>(writer.pending().incidents);
    for (const live of open.all()) records.set(live.incident.id, live);
    return [...records.values()];
  }

  async function isNoted(id: string, key: string): Promise<boolean> {
    const waits = writer.pending().events.some(({ incident, request }) => incident === id && request === key);
    return waits || (await repository.isNoted(id, key));
  }

  async function record(id: string): Promise<IncidentRecord | undefined> {
    const known = open.find(id) ?? writer.pending().incidents.get(id);
    if (known !== undefined) return known;
    const stored = await repository.find(id);
    return stored === undefined ? undefined : newest(stored);
  }

  /** If the store cannot be read, what is in memory is still returned. */
  async function readable<Item>(read: Promise<Item[]>): Promise<Item[]> {
    try {
      return await read;
    } catch (error) {
      log.warn({ err: error }, 'an incident is shown without what cannot be read from the store');
      return [];
    }
  }

  async function linkedTo(id: string): Promise<LinkedOccurrence[]> {
    const found = new Map<string, LinkedOccurrence>();
    for (const linked of await readable(repository.linked(id)))
      found.set(occurrenceId(linked.link.alarm, linked.link.occurrence), linked);
    const { links, occurrences } = writer.pending();
    for (const { link, occurrence } of open.find(id)?.links.values() ?? [])
      found.set(occurrenceId(link.alarm, link.occurrence), { link, occurrence });
    for (const link of links.values()) {
      const key = occurrenceId(link.alarm, link.occurrence);
      const occurrence = occurrences.get(key) ?? found.get(key)?.occurrence;
      if (link.incident === id && occurrence !== undefined) found.set(key, { link, occurrence });
    }
    return [...found]
      .map(([key, linked]) => ({ ...linked, occurrence: occurrences.get(key) ?? linked.occurrence }))
      .filter(({ link }) => link.moved_to === null)
      .sort((a, b) => a.link.position - b.link.position);
  }

  async function eventsOf(id: string): Promise<EventRow[]> {
    const events = new Map<number, EventRow>();
    for (const event of await readable(repository.events(id))) events.set(event.sequence, event);
    for (const event of writer.pending().events) if (event.incident === id) events.set(event.sequence, event);
    return [...events.values()].sort((a, b) => a.sequence - b.sequence);
  }

  /** Rows of the store, replaced by newer ones in memory. */
  function overlay(
    stored: readonly IncidentRecord[],
    fits: (incident: IncidentRow) => boolean,
  ): IncidentRecord[] {
    const records = new Map(stored.map((each) => [each.incident.id, each]));
    for (const each of inMemory()) records.set(each.incident.id, each);
    return [...records.values()].filter(({ incident }) => incident.rule !== trialRule && fits(incident));
  }

  function ruleOf({
    alarm: key,
  }: LinkRow): Pick<IncidentAlarmView, 'rule' | 'name' | 'clause' | 'side' | 'shelving'> {
    const rule = ruleOfAlarm(key);
    const alarm = alarmOf(key);
    if (alarm === undefined)
      return { rule, name: { id: rule, en: rule }, clause: null, side: null, shelving: {} };
    const { kind } = alarm.test;
    const side = kind === 'above' || kind === 'below' ? kind : null;
    return { rule, name: alarm.rule.name, clause: alarm.clause, side, shelving: shelvingOf(alarm.rule) };
  }

  function explanation(link: LinkRow): (Explanation & { path: Label[] }) | null {
    const because = becauseOf(link);
    const alarm = alarmOf(link.alarm);
    if (because === null) return null;
    const path = alarm === undefined ? [because.node] : pathBetween(model.topology, seatOf(alarm), because);
    return { ...because, path: path.map((node) => names.node(node)) };
  }

  return {
    isNoted,
    record,
    newest,
    linked: linkedTo,
    async list(filter) {
      await settled();
      const { limit } = filter;
      // Rows replaced from memory may drop out of the page; enough extra rows are read to fill it.
      const wanted = limit + writer.pending().incidents.size;
      const stored = filter.state === 'open' ? [] : await repository.list({ ...filter, limit: wanted });
      return overlay(stored, (incident) => matches(incident, filter))
        .sort((a, b) => compare(a.incident, b.incident, filter))
        .slice(0, limit)
        .map(summary);
    },
    async get(id) {
      await settled();
      const found = await record(id);
      if (found === undefined) return undefined;
      const { site, room, opened_at: from, returned_at: to } = found.incident;
      const touch = { site, rooms: room === null ? [] : [room], from, to: to ?? clock.now() };
      const [linked, events, tickets] = await Promise.all([
        linkedTo(id),
        eventsOf(id),
        readable(options.ticketsTouching(touch)),
      ]);
      const latest = newest(found);
      return incidentView(summary(latest), {
        ownerOfPoint: names.ownerOfPoint,
        incident: latest.incident,
        pausable: model.sla?.pauses ?? false,
        checklist: model.standard.disaster.checklist,
        alarms: linked.map(({ link, occurrence }) => {
          const facts = factsOf(link.alarm);
          return {
            occurrence,
            facts: facts?.occurrences === link.occurrence ? facts : undefined,
            rule: ruleOf(link),
            because: explanation(link),
          };
        }),
        events,
        tickets,
        services: risk.servicesOf(found.incident),
      });
    },
    async touching(touches) {
      await settled();
      const stored = (await repository.touching(touches)).map((incident) => ({ incident, worst: null }));
      const incidents = overlay(stored, (incident) => touches.some((touch) => isTouched(incident, touch)))
        .map(({ incident }) => incident)
        .sort((a, b) => a.opened_at - b.opened_at);
      return touches.map((touch) => incidents.filter((incident) => isTouched(incident, touch)));
    },
  };
}

function matches(incident: IncidentRow, { state, after, order, within, ...filter }: ListFilter): boolean {
  const { site, priority, discipline } = incident;
  const waiting = incident.unacknowledged > 0 || (isOpen({ incident }) && incident.acknowledged_at === null);
  if (!fits({ site, priority, discipline, waiting, texts: searchedTexts(incident) }, filter)) return false;
  if (state !== undefined && isOpen({ incident }) !== (state === 'open')) return false;
  if (within !== undefined && !lastedWithin(incident, within)) return false;
  if (after === undefined) return true;
  if (after.length === 2 && order === 'due')
    return compareDue(incident, { due_at: after[0], id: after[1] }) > 0;
  if (after.length === 2) return compareResolved(incident, { resolved_at: after[0], id: after[1] }) > 0;
  const [lifeSafety, worst, dueAt, id] = after;
  return compareUrgency(incident, { life_safety: lifeSafety, priority: worst, due_at: dueAt, id }) > 0;
}

function lastedWithin(
  { opened_at: opened, resolved_at: resolved }: IncidentRow,
  { from, to }: NonNullable<ListFilter['within']>,
): boolean {
  return opened < to && (resolved === null || resolved >= from);
}

function compare(a: IncidentRow, b: IncidentRow, { state, order }: ListFilter): number {
  if (order === 'due') return compareDue(a, b);
  return state === 'resolved' ? compareResolved(a, b) : compareUrgency(a, b);
}

type Urgency = Pick<IncidentRow, 'life_safety' | 'priority' | 'due_at' | 'id'>;
function compareUrgency(a: Urgency, b: Urgency): number {
  return (
    b.life_safety - a.life_safety ||
    compareText(a.priority, b.priority) ||
    a.due_at - b.due_at ||
    compareText(a.id, b.id)
  );
}

type Due = Pick<IncidentRow, 'due_at' | 'id'>;
function compareDue(a: Due, b: Due): number {
  return a.due_at - b.due_at || compareText(a.id, b.id);
}

type Resolved = Pick<IncidentRow, 'resolved_at' | 'id'>;
function compareResolved(a: Resolved, b: Resolved): number {
  return (b.resolved_at ?? 0) - (a.resolved_at ?? 0) || compareText(b.id, a.id);
}

/** By code unit, as SQLite compares; ids and priorities are plain ASCII. */
function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function isTouched(incident: IncidentRow, { site, rooms, from, to }: Touch): boolean {
  const { room, opened_at: opened, returned_at: returned } = incident;
  return (
    incident.site === site &&
    opened < to &&
    (returned === null || returned >= from) &&
    (rooms.length === 0 || room === null || rooms.includes(room))
  );
}
