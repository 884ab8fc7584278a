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
import type { IncidentSummary } from '../contracts/incidents.ts';
import { sortableId, type RandomBytes } from '../db/id.ts';
import type { Database } from '../db/schema.ts';
import type { ChannelDriver } from '../notify/channel.ts';
import { createPager } from '../notify/pager.ts';
import { readNotifications } from '../notify/repository.ts';
import { createNotifyService, type NotifyService } from '../notify/service.ts';
import type { RosterChanges } from '../people/on-call.ts';
import { trialPlan } from '../notify/trial.ts';
import { escalationFor, type EscalationPlan, type Question } from '../people/roster.ts';
import { createDisasterWatch } from './disaster.ts';
import { createHandling } from './handling.ts';
import type { IncidentOutput } from './book.ts';
import type { LiveIncident } from './live.ts';
import { createOpenIncidents } from './open-incidents.ts';
import { priorityOf } from './priority.ts';
import { createRiskFinder } from './risk.ts';
import { seatOf } from './seat.ts';
import { namesOf } from '../../config/names.ts';
import { createIncidentReader } from './reader.ts';
import type { IncidentRecord, IncidentRow } from './record.ts';
import { createIncidentRepository, type IncidentRepository } from './repository.ts';
import { createSituations, type ReadNow } from './situation.ts';
import type { SlaRules } from './sla.ts';
import { createSlaWatch, slaNotices } from './sla-watch.ts';
import { createIncidentService, type IncidentService, type TicketsTouching } from './service.ts';
import { incidentSummary } from './view.ts';
import { createWriter } from './writer.ts';

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
  const names = namesOf(model);
  const risk = createRiskFinder(model);
  const slaRules: SlaRules = { resolve: model.standard.priorities.resolve, calendars: model.calendars };
  const summaryOf = (record: IncidentRecord, durable: boolean): IncidentSummary =>
    incidentSummary(record, {
      durable,
      nameOf: names.node,
      ownerOfPoint: names.ownerOfPoint,
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
  const bound = bindRules(model);
  const pagingAtOnce = new Set(bound.alarms.flatMap(({ key, rule }) => (rule.pagesAtOnce ? key : [])));
  /** Decides who is told within the transaction of the change. */
  const output: IncidentOutput = {
    incident(record, matters) {
      pager.follow(record.incident, clock.now());
      writer.incident(record, matters);
    },
    link(row) {
      if (row.moved_to === null && pagingAtOnce.has(row.alarm)) pager.urge(row.incident);
      writer.link(row);
    },
    event: (incident, event) => writer.event(incident, event),
  };
  const recorder = createAlarmRecorder(restored);
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
    ownerOfPoint: names.ownerOfPoint,
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

const noEscalation: EscalationPlan = { steps: [], nextChannelAfterMs: 60_000, repeatEveryMs: 900_000 };

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
