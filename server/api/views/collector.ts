import type { CollectorView } from '../../contracts/collectors.ts';
import type { CollectedDiagnostics, Member } from '../../ingest/remote-collectors.ts';
import { iso, isoOrNull } from '../../../core/time.ts';

/** More readings than this wait only after an outage; a moment's are on their way. */
const catchingUp = 5_000;

type Devices = Pick<CollectorView, 'devices' | 'devicesLost'>;

function devicesOf(collector: string, health: readonly CollectedDiagnostics[]): Devices {
  const own = health.filter((row) => row.collector === collector);
  return { devices: own.length, devicesLost: own.filter(({ state }) => state === 'lost').length };
}

/** The server's own collectors; without sites they are off. */
export function localCollector(
  sites: readonly string[],
  { version, startedAt, now, health }: {
    readonly version: string; readonly startedAt: number; readonly now: number; readonly health: readonly CollectedDiagnostics[];
  },
): CollectorView {
  const on = sites.length > 0;
  return {
    name: 'local',
    sites: [...sites],
    state: on ? 'reporting' : 'off',
    lastContactAt: on ? iso(now) : null,
    startedAt: iso(startedAt),
    version,
    skewMs: on ? 0 : null,
    roundTripMs: on ? 0 : null,
    ...devicesOf('local', health),
    readings: { live: 0, late: 0, refused: 0, repeated: 0 },
    spool: null,
  };
} // prettier-ignore

export function collectorView(member: Member, health: readonly CollectedDiagnostics[]): CollectorView {
  const { name, sites, lastContactAt, report, counters } = member;
  const { live, late, refused, repeated } = counters;
  return {
    name,
    sites: [...sites],
    state: stateOf(member),
    lastContactAt: isoOrNull(lastContactAt),
    startedAt: isoOrNull(report?.startedAt),
    version: report?.version ?? null,
    skewMs: report?.skewMs ?? null,
    roundTripMs: report?.roundTripMs ?? null,
    ...devicesOf(name, health),
    readings: { live, late, refused, repeated },
    spool: report === undefined ? null : spoolView(report.spool),
  };
}

function stateOf({ lastContactAt, silent, report }: Member): CollectorView['state'] {
  if (lastContactAt === undefined) return 'never-seen';
  if (silent) return 'silent';
  return (report?.spool.readings ?? 0) > catchingUp ? 'catching-up' : 'reporting';
}

function spoolView(spool: NonNullable<Member['report']>['spool']): CollectorView['spool'] {
  const { lost } = spool;
  return {
    ...spool,
    oldestAt: isoOrNull(spool.oldestAt),
    lost: { ...lost, from: isoOrNull(lost.from), to: isoOrNull(lost.to) },
  };
}
