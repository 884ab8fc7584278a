import type { Collectors, DeviceDiagnostics } from '../../collectors/collectors.ts';
import type { AlarmEngine } from '../alarms/engine.ts';
import type { HistorianWriter } from '../historian/batching.ts';
import type { Historian } from '../historian/historian.ts';
import type { IncidentService } from '../incidents/service.ts';
import type { Heartbeat } from '../notify/heartbeat.ts';
import type { NotifyService } from '../notify/service.ts';
import type { Trial } from '../notify/trial.ts';
import type { LogService } from '../audit/service.ts';
import type { Verifications } from '../audit/verifications.ts';
import type { AuditTrail } from '../audit/trail.ts';
import type { Controllers } from '../access/controllers/controllers.ts';
import type { PushedControllers } from '../access/controllers/push.ts';
import type { AccessJudgement } from '../access/judgement/service.ts';
import type { PersonalRetention } from '../access/persons/retention.ts';
import type { TicketMails } from '../access/mails.ts';
import type { EventStore } from '../access/event-store.ts';
import type { RemoteCollectors } from '../ingest/remote-collectors.ts';
import { wrongClockS } from '../../core/source-clock.ts';
import type { Device } from '../../config/model.ts';
import { aheadToleranceMs } from '../pipeline/admit.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { HealthPart } from './endpoints/health.ts';

export interface HealthSources {
  readonly deviceDiagnostics: () => readonly DeviceDiagnostics[];
  readonly historian: Pick<Historian, 'problem'>;
  readonly writer: Pick<HistorianWriter, 'problem' | 'stats'>;
  readonly databaseProblem?: (() => string | undefined) | undefined;
  readonly configurationProblem?: (() => string | undefined) | undefined;
  readonly incidents: Pick<IncidentService, 'problem' | 'openCount'>;
  readonly notify: Pick<NotifyService, 'problem'>;
  readonly trial?: Pick<Trial, 'problem' | 'ageMs' | 'passedAt'>;
  readonly heartbeat?: Pick<Heartbeat, 'problem'>;
  /** Nobody need be paged for what is not real. */
  readonly isSimulated: boolean;
  readonly remoteCollectors: Pick<RemoteCollectors, 'members'>;
  readonly alarms: Pick<AlarmEngine, 'active' | 'failing'>;
  readonly pipeline: Pick<Pipeline, 'consumers' | 'ahead'>;
  /** False: this process polls nothing by intent. */
  readonly collect: boolean;
  readonly traps?: Collectors['traps'];
  readonly fieldEvents?: Pick<EventStore, 'state'>;
  readonly auditTrail?: Pick<AuditTrail, 'problem'>;
  readonly provenLog?: Pick<LogService, 'problem'>;
  readonly verifications?: Pick<Verifications, 'problem'>;
  readonly retention?: Pick<PersonalRetention, 'problem'>;
  readonly ticketMails?: Pick<TicketMails, 'problem'>;
  readonly controllers?: Pick<Controllers, 'states'>;
  readonly pushed?: Pick<PushedControllers, 'refusals'>;
  readonly judgement?: Pick<AccessJudgement, 'problem'> | undefined;
  /** Epoch ms. */
  readonly now?: () => number;
}

/** A hall's worth of silent devices is a fault of ours, or of the network; a few are theirs, and each has its incident. */
const manyLost = 0.5;

/** Which part is unwell, and how. */
export function healthParts({
  deviceDiagnostics,
  historian,
  writer,
  databaseProblem,
  configurationProblem,
  incidents,
  notify,
  trial,
  heartbeat,
  isSimulated,
  remoteCollectors,
  alarms,
  pipeline,
  collect,
  traps,
  fieldEvents,
  auditTrail,
  provenLog,
  verifications,
  retention,
  ticketMails,
  controllers,
  pushed,
  judgement,
  now = () => Number.POSITIVE_INFINITY,
}: HealthSources): HealthPart[] {
  return [
    () => {
      const devices = deviceDiagnostics();
      const lost = devices.filter((device) => device.state === 'lost').length;
      const status = !collect || lost === 0 ? 'ok' : lost > devices.length * manyLost ? 'down' : 'degraded';
      const detail = collect ? `${devices.length} devices, ${lost} lost` : 'not started in this process';
      return { part: 'collectors', status, detail };
    },
    ...(traps === undefined ? [] : [() => trapPart(traps)]),
    () => {
      const problem = notify.problem();
      const status = problem === undefined || isSimulated ? 'ok' : 'degraded';
      return { part: 'messages', status, detail: problem ?? 'every channel answers' };
    },
    ...(ticketMails === undefined ? [] : [() => ticketMailPart(ticketMails)]),
    ...(trial === undefined ? [] : [() => trialPart(trial)]),
    ...(heartbeat === undefined ? [] : [() => heartbeatPart(heartbeat)]),
    () => {
      const problem =
        provenLog?.problem() ?? verifications?.problem() ?? retention?.problem() ?? auditTrail?.problem();
      const status = problem === undefined ? 'ok' : 'degraded';
      return { part: 'audit log', status, detail: problem ?? 'every command and access event is in it' };
    },
    () => {
      const members = remoteCollectors.members();
      const silent = members.filter((member) => member.silent).map(({ name }) => name);
      const detail = silent.length === 0 ? `${members.length} with a token` : `silent: ${silent.join(', ')}`;
      return { part: 'remote collectors', status: silent.length === 0 ? 'ok' : 'degraded', detail };
    },
    () => {
      // As the rules judge it: no second opinion on what is too late.
      const standing = alarms.active().filter(({ alarm }) => alarm.point.source.from === 'collector');
      const sites = [...new Set(standing.map(({ alarm }) => alarm.point.site))];
      const slow = deviceDiagnostics().filter(({ state, stretch }) => state === 'ok' && stretch > 1);
      const detail =
        [
          ...(sites.length === 0 ? [] : [`behind: ${sites.join(', ')}`]),
          ...(slow.length === 0
            ? []
            : [`not read in their interval: ${named(slow, ({ stretch }) => `${stretch} of it`)}`]),
        ].join('; ') || null;
      return { part: 'polling', status: detail === null ? 'ok' : 'degraded', detail };
    },
    () => consumersPart(pipeline),
    () => rulesPart(alarms),
    () => clocksPart({ pipeline, remoteCollectors, deviceDiagnostics, judgement }),
    () => {
      // The writer first: it also says how many readings wait, and since when.
      const detail = writer.problem() ?? historian.problem() ?? null;
      return { part: 'historian', status: detail === null ? 'ok' : 'degraded', detail };
    },
    () => {
      const detail = databaseProblem?.() ?? null;
      return { part: 'operations database', status: detail === null ? 'ok' : 'degraded', detail };
    },
    ...(fieldEvents === undefined ? [] : [() => eventsPart(fieldEvents)]),
    ...(controllers === undefined ? [] : [() => controllersPart(controllers, pushed, now())]),
    ...(configurationProblem === undefined ? [] : [() => configurationPart(configurationProblem())]),
    () => {
      const detail = incidents.problem() ?? null;
      return { part: 'incidents', status: detail === null ? 'ok' : 'down', detail };
    },
  ];
}

/** What a mail server answers often repeats an address, and health is for everybody. */
function ticketMailPart(mails: Pick<TicketMails, 'problem'>): ReturnType<HealthPart> {
  const problem = mails.problem()?.replaceAll(/[^\s<>,;:]+@[^\s<>,;:]+/g, '•••');
  return {
    part: 'mails about tickets',
    status: problem === undefined ? 'ok' : 'degraded',
    detail: problem ?? null,
  };
}

function trialPart(trial: NonNullable<HealthSources['trial']>): ReturnType<HealthPart> {
  const problem = trial.problem();
  const age = `${Math.round(trial.ageMs() / 60_000)} min ago`;
  const detail = trial.passedAt() === null ? 'not since the start' : `got through ${age}`;
  return {
    part: 'trial alarm',
    status: problem === undefined ? 'ok' : 'degraded',
    detail: problem === undefined ? detail : `${problem}; ${detail}`,
  };
}

function heartbeatPart(heartbeat: Pick<Heartbeat, 'problem'>): ReturnType<HealthPart> {
  const problem = heartbeat.problem();
  return {
    part: 'heartbeat',
    status: problem === undefined ? 'ok' : 'degraded',
    detail: problem ?? null,
  };
}

function consumersPart(pipeline: HealthSources['pipeline']): ReturnType<HealthPart> {
  const failing = pipeline.consumers().filter(({ problem }) => problem !== undefined);
  const detail = failing
    .map(({ name, failures, problem }) => `${name}: ${problem} (${failures} times)`)
    .join('; ');
  return { part: 'pipeline', status: failing.length === 0 ? 'ok' : 'degraded', detail: detail || null };
}

function rulesPart(alarms: HealthSources['alarms']): ReturnType<HealthPart> {
  const failing = alarms.failing();
  const [first] = failing;
  if (first === undefined) return { part: 'alarms', status: 'ok', detail: null };
  const more = failing.length === 1 ? '' : ` and ${failing.length - 1} more`;
  const detail = `rules that cannot judge their point, their alarms hold: ${first.key} (${first.reason}, ${first.times} times)${more}`;
  return { part: 'alarms', status: 'degraded', detail };
}

/** A time server that is off makes all of them wrong. */
const mostNamed = 10;

function named<Row extends { readonly device: Pick<Device, 'key'> }>(
  rows: readonly Row[],
  what: (row: Row) => string,
): string {
  const first = rows.slice(0, mostNamed).map((row) => `${row.device.key} (${what(row)})`);
  return first.join(', ') + (rows.length > mostNamed ? ` and ${rows.length - mostNamed} more` : '');
}

/** What sends times of its own: collectors, devices (the rule `device-clock` judges them), and whatever else came from the future. */
function clocksPart({
  pipeline,
  remoteCollectors,
  deviceDiagnostics,
  judgement,
}: Pick<
  HealthSources,
  'pipeline' | 'remoteCollectors' | 'deviceDiagnostics' | 'judgement'
>): ReturnType<HealthPart> {
  const collectors = remoteCollectors
    .members()
    .map(({ name, report }) => ({ device: { key: `collector ${name}` }, byMs: report?.skewMs ?? 0 }))
    .filter(({ byMs }) => byMs > aheadToleranceMs);
  const devices = deviceDiagnostics()
    .map(({ device, clockOffsetMs = 0 }) => ({ device, byMs: clockOffsetMs }))
    .filter(({ byMs }) => Math.abs(byMs) > wrongClockMs);
  const others = pipeline
    .ahead()
    .filter(({ isRecent, source }) => isRecent && devices.every(({ device }) => device.key !== source))
    .map(({ source, byMs }) => ({ device: { key: source }, byMs }));
  const wrong = [...collectors, ...devices, ...others];
  const text = named(wrong, ({ byMs }) => `${Math.round(byMs / 1_000)} s`);
  const faults = [
    judgement?.problem() ?? [],
    wrong.length === 0 ? [] : `off: ${text}; set them, or the server, by NTP`,
  ].flat();
  return {
    part: 'clocks',
    status: faults.length === 0 ? 'ok' : 'degraded',
    detail: faults.join('; ') || null,
  };
}

function configurationPart(problem: string | undefined): ReturnType<HealthPart> {
  const status = problem === undefined ? 'ok' : 'degraded';
  return { part: 'configuration', status, detail: problem ?? null };
}

function trapPart(traps: NonNullable<Collectors['traps']>): ReturnType<HealthPart> {
  const { received, obeyed, polled, ...ignored } = traps.counters();
  const { unknownSender, refused, malformed, dropped } = ignored;
  const figures = `${received} received, ${obeyed} obeyed, ${polled} only polled for; ${unknownSender} of unknown senders, ${refused} refused, ${malformed} malformed, ${dropped} dropped`;
  const problem = traps.problem();
  return {
    part: 'snmp traps',
    status: problem === undefined ? 'ok' : 'degraded',
    detail: problem ?? figures,
  };
}

function eventsPart(fieldEvents: Pick<EventStore, 'state'>): ReturnType<HealthPart> {
  const { waiting, lost, problem, failing } = fieldEvents.state();
  const faults = [
    ...(problem === null ? [] : [`the queue is only in memory: ${problem}`]),
    ...(failing ? [`${waiting} wait for the database`] : []),
    ...(lost === 0 ? [] : [`${lost} lost`]),
  ];
  return {
    part: 'field events',
    status: faults.length === 0 ? 'ok' : 'degraded',
    detail: faults.join('; ') || null,
  };
}

/** After a day a gap or a refusal is history, and no longer what is unwell now. */
const newsMs = 86_400_000;
const wrongClockMs = wrongClockS * 1_000;

function controllersPart(
  controllers: Pick<Controllers, 'states'>,
  pushed: Pick<PushedControllers, 'refusals'> | undefined,
  now: number,
): ReturnType<HealthPart> {
  const states = controllers.states();
  const recent = (at: number): boolean => now - at < newsMs;
  const gaps = states.flatMap((state) => state.gaps.filter(({ foundAt }) => recent(foundAt)));
  const lost = gaps.reduce((sum, { from, to }) => sum + to - from + 1, 0);
  const refused = (pushed?.refusals() ?? []).filter(({ lastAt }) => recent(lastAt));
  const strange = states.filter(({ unknownDoors }) => unknownDoors.events > 0);
  const wrong = states.filter(({ clockOffsetMs = 0 }) => Math.abs(clockOffsetMs) > wrongClockMs);
  const faults = [
    ...(lost === 0 ? [] : [`${lost} events never arrived`]),
    ...strange.map(
      ({ source, unknownDoors }) =>
        `${source}: door ${unknownDoors.last ?? ''} is unknown (${unknownDoors.events} events)`,
    ),
    ...wrong.map(
      ({ source, clockOffsetMs = 0 }) => `${source}: its clock is ${Math.round(clockOffsetMs / 1_000)} s off`,
    ),
    ...refused.map(({ sender, why, count }) => `${sender} refused: ${why} (${count} times)`),
  ];
  return {
    part: 'door controllers',
    status: faults.length === 0 ? 'ok' : 'degraded',
    detail: faults.slice(0, 10).join('; ') || `${states.length} with events`,
  };
}
