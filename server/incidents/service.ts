import type { Logger } from 'pino';
import type { Model } from '../../config/model.ts';
import type { Channel } from '../../config/schema/people.ts';
import { trialRule } from '../../config/schema/trial.ts';
import type { Clock } from '../../core/clock.ts';
import { bindRules, type BoundAlarm } from '../../config/alarms/bind.ts';
import type { Priority } from '../../config/schema/common.ts';
import { createAlarmEngine, type AlarmEngine, type StandingAlarm } from '../alarms/engine.ts';
import { isActive, isUnseen, quiet } from '../alarms/facts.ts';
import { createAlarmRecorder } from '../alarms/journal.ts';
import { readAlarms, type RestoredAlarms } from '../alarms/repository.ts';
import { createAlarmService, type AlarmService } from '../alarms/service.ts';
import type { IsDeclared } from '../alarms/suppression.ts';
import type { IncidentSummary, IncidentView } from '../contracts/incidents.ts';
import { sortableId, type RandomBytes } from '../db/id.ts';
import type { Database } from '../db/schema.ts';
import type { ChannelDriver } from '../notify/channel.ts';
import { createPager, type Pager } from '../notify/pager.ts';
import { readNotifications } from '../notify/repository.ts';
import { createNotifyService, type NotifyService } from '../notify/service.ts';
import type { RosterChanges } from '../people/on-call.ts';
import { trialPlan } from '../notify/trial.ts';
import { escalationFor, type EscalationPlan, type Question } from '../people/roster.ts';
import { createDisasterWatch } from './disaster.ts';
import { createHandling, type Handling } from './handling.ts';
import {
  createOpenIncidents,
  type IncidentOutput,
  isOpen,
  type LiveIncident,
  type Merge,
  type Move,
  type OpenIncidents,
  type Split,
} from './open-incidents.ts';
import { priorityOf } from './priority.ts';
import { createRiskFinder } from './risk.ts';
import { seatOf } from './seat.ts';
import { createNames } from './names.ts';
import { createIncidentReader } from './reader.ts';
import type { IncidentRecord, IncidentRow } from './record.ts';
import {
  createIncidentRepository,
  type IncidentRepository,
  type ListFilter,
  type Touch,
} from './repository.ts';
import { createSituations, type ReadNow } from './situation.ts';
import type { SlaRules } from './sla.ts';
import { createSlaWatch, slaNotices } from './sla-watch.ts';
import { incidentSummary } from './view.ts';
import { createWriter } from './writer.ts';

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
  /** Rejects with StoreBehind when it cannot be kept. */
  note(id: string, actor: string, text: string): Promise<IncidentView | undefined>;
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
  openCount(): number;
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

export interface IncidentOptions {
  readonly model: Model;
  readonly db: Database;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  readonly log: Logger;
  readonly ticketsTouching: TicketsTouching;
  /** For titles, which say the value of now. */
  readonly readNow: ReadNow;
  /** For suppression by design. */
  readonly isDeclared?: IsDeclared;
  /** Channels that are set up, whom an incident is told to, and the secret that links in messages are signed with. Absent: nobody is told. */
  readonly notify?: NotifyOptions;
}

interface NotifyOptions {
  readonly channels: ReadonlyMap<Channel, ChannelDriver>;
  /** Overrides and time off, as they are now. */
  readonly roster: () => RosterChanges;
  readonly publicUrl: string;
  readonly secret: string;
}

/** Worse values of active alarms are written this often; everything else at once. */
const worstEveryMs = 10_000;
/** Titles follow the values this often. */
const titleEveryMs = 5_000;
/** How long a request waits for its write; then it is answered with `durable: false`. */
const patienceMs = 1_000;

/**
 * Alarms and incidents on one store, with what was active when the process ended: a condition that is still active is the same
 * occurrence in the same incident. Rejects when the store cannot be read. Feed readings to `alarms.accept`, call
 * `alarms.tick` once a second.
 */
export async function openIncidents(
  options: IncidentOptions,
): Promise<{ alarms: AlarmService; incidents: IncidentService; notify: NotifyService }> {
  const { model, db, clock, log } = options;
  const repository = createIncidentRepository(db);
  const restored = await readAlarms(db);
  const names = createNames(model);
  const risk = createRiskFinder(model);
  const slaRules: SlaRules = { resolve: model.standard.priorities.resolve, calendars: model.calendars };
  const summaryOf = (record: IncidentRecord, durable: boolean): IncidentSummary =>
    incidentSummary(record, {
      durable,
      nameOf: (node) => names.node(node),
      sla: slaRules,
      now: clock.now(),
    });
  const listeners = new Set<(summary: IncidentSummary) => void>();
  const writer = createWriter({
    write: (batch, details) => repository.write(batch, details),
    announce(record, durable) {
      if (record.incident.rule === trialRule) return;
      const summary = summaryOf(record, durable);
      for (const listener of listeners) listener(summary);
    },
    attempted: () => notify.kick(),
    lastEvent: await repository.lastEvent(),
    clock,
    log,
  });
  const told = await readNotifications(db);
  const people = model.people;
  const {
    channels = new Map<Channel, ChannelDriver>(),
    roster = () => ({ overrides: [], timeOff: [] }),
    publicUrl = '',
    secret = '',
  } = options.notify ?? {};
  const usable = new Set([...channels.keys()].filter((each) => each !== 'test'));
  const newId = (now: number): string => sortableId(now, options.randomBytes);
  const escalate = (question: Omit<Question, 'usable'>): EscalationPlan =>
    people === undefined ? noEscalation : escalationFor(people, roster(), { ...question, usable });
  const pager = createPager({
    escalationFor: ({ rule, site, priority }, at) =>
      rule === trialRule ? trialPlan : escalate({ site, priority, at }),
    newId,
    output: writer,
    restored: told,
    clock,
  });
  /** Decides who is told within the transaction of the change. */
  const output: IncidentOutput = {
    incident(record, matters) {
      pager.follow(record.incident, clock.now());
      writer.incident(record, matters);
    },
    link: (row) => writer.link(row),
    event: (incident, event) => writer.event(incident, event),
  };
  const recorder = createAlarmRecorder(restored);
  const bound = bindRules(model);
  const open = createOpenIncidents({
    model,
    alarms: bound.alarms,
    newId,
    restored: await readLive(repository, restored),
    occurrenceOf: (key) => recorder.occurrence(key),
    situationOf: createSituations({
      model,
      alarms: bound.alarms,
      names,
      readNow: options.readNow,
      monotonic: () => clock.monotonic(),
    }),
    risk,
    output,
    clock,
    regrouped: () => writer.flushSoon(),
  });
  const { reAlarm = {} } = model.standard.priorities;
  const incidentOf = (key: string): IncidentRow | undefined => open.holding(key)?.incident;
  const ownPriority = (alarm: BoundAlarm): Priority =>
    priorityOf(model, alarm.rule.urgency, risk.impactAt(alarm.point.site, [seatOf(alarm)]));
  const engine = createAlarmEngine({
    bound,
    clock,
    log,
    restored: restored.facts,
    ...(options.isDeclared === undefined ? {} : { isDeclared: options.isDeclared }),
    reAlarmAfterMs: (alarm) => reAlarm[incidentOf(alarm.key)?.priority ?? ownPriority(alarm)],
    onChanges(changes) {
      for (const change of changes) writer.alarm(recorder.record(change));
      try {
        open.apply(changes);
      } catch (error) {
        // Alarms continue; the incidents are rebuilt from them.
        log.error(
          { err: error },
          'incidents could not follow a change of alarms and are rebuilt from what stands',
        );
        open.reconcile(engine.notable(), clock.now());
      }
      if (changes.some(({ why }) => why !== 'worsen')) writer.flushSoon();
    },
  });
  engine.retireUnknown();
  open.reconcile(engine.notable(), clock.now());
  writer.flushSoon();

  /** Everything that was decided is in the store, or the store is late and memory is shown. */
  async function settled(): Promise<void> {
    open.settle();
    await writtenSoon();
  }

  async function writtenSoon(): Promise<void> {
    if (writer.hangs()) return;
    const waiting = new AbortController();
    const written = writer.flush().catch(() => undefined);
    await Promise.race([written, clock.sleep(patienceMs, waiting.signal)]);
    waiting.abort();
  }

  const slaWatch = createSlaWatch({
    rules: slaRules,
    open,
    writer,
    tell({ incident: { id, rule, site, priority } }, stage, at) {
      if (rule === trialRule) return;
      const notices = slaNotices(escalate({ site, priority, at }), { incident: id, stage, at, newId });
      for (const row of notices) pager.update(row, at);
    },
  });

  const disasterWatch = createDisasterWatch({
    periods: model.standard.disaster.infrastructure,
    open,
    writer,
  });

  let titledAt = clock.monotonic();
  let worstSavedAt = clock.monotonic();
  const isReal = ({ alarm }: StandingAlarm): boolean => alarm.rule.rule !== trialRule;
  const watched: AlarmEngine = {
    ...engine,
    active: () => engine.active().filter(isReal),
    notable: () => engine.notable().filter(isReal),
    tick() {
      engine.tick();
      if (pager.tick(clock.now())) writer.flushSoon();
      if (slaWatch.tick(clock.now())) writer.flushSoon();
      if (disasterWatch.tick(clock.now())) writer.flushSoon();
      if (clock.monotonic() - titledAt >= titleEveryMs) {
        titledAt = clock.monotonic();
        if (open.retitle()) writer.flushSoon();
      }
      if (clock.monotonic() - worstSavedAt < worstEveryMs) return;
      worstSavedAt = clock.monotonic();
      writer.flushSoon();
    },
  };
  const alarms = createAlarmService({
    engine: watched,
    clock,
    db,
    pendingJournal: () => writer.pending().journal,
    isDurable: (key) => writer.isAlarmDurable(key),
    settled,
    occurrenceOf: (key) => recorder.occurrence(key),
    incidentOf,
    priorityOf: ownPriority,
  });
  const reader = createIncidentReader({
    ...options,
    repository,
    writer,
    open,
    settled,
    factsOf: (key) => engine.find(key)?.facts,
    alarmOf: (key) => bound.byKey.get(key),
    names,
    summaryOf,
    risk,
  });
  const handling = createHandling({
    clock,
    rules: slaRules,
    mayPause: model.sla?.pauses ?? false,
    reopenWithinDays: model.standard.reopen.withinDays,
    open,
    writer,
    reader,
    engine,
  });
  const notify = createNotifyService({
    model,
    db,
    clock,
    log,
    random: Math.random,
    secret,
    publicUrl,
    pager,
    channels,
    incidentOf: (id) => open.find(id)?.incident ?? pager.incidentOf(id),
    sampledAt(id) {
      const [first] = open.find(id)?.links ?? [];
      if (first === undefined) return undefined;
      const [key, { occurrence }] = first;
      return occurrence.since_at + (bound.byKey.get(key)?.rule.onDelay ?? 0);
    },
    servicesOf: (incident) => risk.servicesOf(incident),
    isReady: ({ id }) => writer.isNotificationDurable(id) || writer.problem() !== undefined,
    save: () => writer.flushSoon(),
    written: () => writtenSoon(),
  });
  notify.kick();
  return {
    alarms,
    incidents: createIncidentService({
      clock,
      engine,
      open,
      writer,
      reader,
      settled,
      listeners,
      handling,
      repository,
      pager,
    }),
    notify,
  };
}

/** Long enough to look into one that went wrong. */
const forgetTrialsAfterMs = 600_000;

function isTrial({ incident }: LiveIncident): boolean {
  return incident.rule === trialRule;
}

const noEscalation: EscalationPlan = { steps: [], nextChannelAfterMs: 60_000, repeatEveryMs: 900_000 };

interface Parts {
  readonly clock: Clock;
  readonly engine: AlarmEngine;
  readonly open: OpenIncidents;
  readonly writer: ReturnType<typeof createWriter>;
  readonly reader: ReturnType<typeof createIncidentReader>;
  readonly settled: () => Promise<void>;
  readonly handling: Handling;
  readonly listeners: Set<(summary: IncidentSummary) => void>;
  readonly repository: IncidentRepository;
  readonly pager: Pick<Pager, 'waiting'>;
}

function createIncidentService(parts: Parts): IncidentService {
  const { clock, engine, open, writer, reader, settled, listeners, handling, repository, pager } = parts;

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
    note: (id, actor, text) =>
      handling.amend(id, () => ({
        change: {},
        event: { at: clock.now(), kind: 'noted', actor, note: text },
      })),
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
    openCount: () => [...open.all()].filter((live) => isOpen(live) && !isTrial(live)).length,
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
    const waiting = [...live.links].filter(([, linked]) => linked.unseen).map(([key]) => key);
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

async function readLive(repository: IncidentRepository, { facts }: RestoredAlarms): Promise<LiveIncident[]> {
  return (await repository.live()).map(({ record: { incident, worst }, linked }) => {
    const links: LiveIncident['links'] = new Map();
    for (const { link, occurrence } of linked) {
      if (link.moved_to !== null) continue;
      const alarm = facts.get(link.alarm) ?? quiet;
      const isCurrent = alarm.occurrences === link.occurrence;
      links.set(link.alarm, {
        link,
        occurrence,
        active: isCurrent && isActive(alarm),
        unseen: isCurrent && isUnseen(alarm),
      });
    }
    return { incident, worst, links, groups: [] };
  });
}
