import type { Collectors, DeviceDiagnostics } from '../../collectors/collectors.ts';
import type { AlarmEngine } from '../alarms/engine.ts';
import type { HistorianWriter } from '../historian/batching.ts';
import type { Historian } from '../historian/historian.ts';
import type { IncidentService } from '../incidents/service.ts';
import type { Fleet } from '../ingest/fleet.ts';
import type { HealthPart } from './endpoints/health.ts';

export interface HealthSources {
  readonly deviceDiagnostics: () => readonly DeviceDiagnostics[];
  readonly historian: Pick<Historian, 'problem'>;
  readonly writer: Pick<HistorianWriter, 'problem' | 'stats'>;
  readonly databaseProblem?: (() => string | undefined) | undefined;
  readonly incidents: Pick<IncidentService, 'problem' | 'openCount'>;
  readonly fleet: Pick<Fleet, 'members'>;
  readonly alarms: Pick<AlarmEngine, 'active'>;
  /** False: this process polls nothing by intent. */
  readonly collect: boolean;
  readonly traps?: Collectors['traps'];
}

/** A hall's worth of silent devices is a fault of ours, or of the network; a few are theirs, and each has its incident. */
const manyLost = 0.5;

/** Which part is unwell, and how. */
export function healthParts({
  deviceDiagnostics,
  historian,
  writer,
  databaseProblem,
  incidents,
  fleet,
  alarms,
  collect,
  traps,
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
      const members = fleet.members();
      const silent = members.filter((member) => member.silent).map(({ name }) => name);
      const detail = silent.length === 0 ? `${members.length} with a token` : `silent: ${silent.join(', ')}`;
      return { part: 'remote collectors', status: silent.length === 0 ? 'ok' : 'degraded', detail };
    },
    () => {
      // As the rules judge it: no second opinion on what is too late.
      const standing = alarms.active().filter(({ alarm }) => alarm.point.source.from === 'collector');
      const sites = [...new Set(standing.map(({ alarm }) => alarm.point.site))];
      const detail = sites.length === 0 ? null : `behind: ${sites.join(', ')}`;
      return { part: 'polling', status: detail === null ? 'ok' : 'degraded', detail };
    },
    () => {
      // The writer first: it also says how many readings wait, and since when.
      const detail = writer.problem() ?? historian.problem() ?? null;
      return { part: 'historian', status: detail === null ? 'ok' : 'degraded', detail };
    },
    () => {
      const detail = databaseProblem?.() ?? null;
      return { part: 'operations database', status: detail === null ? 'ok' : 'degraded', detail };
    },
    () => {
      const detail = incidents.problem() ?? null;
      return { part: 'incidents', status: detail === null ? 'ok' : 'down', detail };
    },
  ];
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
