import type { IncidentAlarmView, IncidentSummary } from '../../server/contracts/incidents.ts';
import type { DeviceView, RackView, SiteView } from '../../server/contracts/sites.ts';
import type { Get, PointValue } from '../../domain/value.ts';

/** A site with one of what the wall looks at per feed; no values. */
export function exampleSite(): SiteView {
  return {
    id: 'dc', name: 'DC', building: 'Gedung', clause: 'BAB IV.1', racks: [], impact: 'tinggi', rooms: [], access: null,
    limits: {
      temperature: { min: 18, max: 27, clause: 'BAB IV.1.4' },
      humidity: { min: 30, max: 60, clause: 'BAB IV.1.4' },
      endurance: { hours: 12, clause: 'BAB IV.1.6' },
      rackPower: { clause: 'BAB IV.1.2' },
      capacityKw: 10,
    },
    devices: [
      device('pln-a', 'meter', { feed: 'A', role: 'incomer', points: [numbers('voltage', 'V', 'l1'), numbers('voltage', 'V', 'l2'), numbers('voltage', 'V', 'l3')] }),
      device('pln-b', 'meter', { feed: 'B', role: 'incomer', points: [numbers('voltage', 'V', 'l1'), numbers('voltage', 'V', 'l2'), numbers('voltage', 'V', 'l3')] }),
      ...(['A', 'B'] as const).flatMap((feed) => {
        const letter = feed.toLowerCase();
        return [
          device(`ats-${letter}`, 'ats', { feed, points: [states('position', ['off', 'source-1', 'source-2']), states('source-1', ['lost', 'available']), states('fault', ['normal', 'fault'])] }),
          device(`ups-${letter}1`, 'ups', { feed, points: [states('output-source', ['none', 'normal', 'battery', 'bypass']), numbers('output-power', 'kW'), numbers('autonomy', 's')] }),
          device(`ups-${letter}2`, 'ups', { feed, points: [states('output-source', ['none', 'normal', 'battery', 'bypass']), numbers('output-power', 'kW'), numbers('autonomy', 's')] }),
        ];
      }),
      device('genset-1', 'genset', { points: [states('engine-state', ['stopped', 'running'])] }),
      device('genset-2', 'genset', { points: [states('engine-state', ['stopped', 'running'])] }),
      device('pac-01', 'pac', { points: [states('system-state', ['off', 'on', 'standby'])] }),
      device('pac-02', 'pac', { points: [states('system-state', ['off', 'on', 'standby'])] }),
      device('vesda-1', 'vesda', { points: [states('alarm-level', ['normal', 'alert', 'fire-1'])] }),
      device('leak-1', 'leak', { points: [states('leak', ['normal', 'leak'], 'zone-1'), states('leak', ['normal', 'leak'], 'zone-2')] }),
      device('door-1', 'door', { points: [states('door-state', ['closed', 'open', 'forced'], 'door-1')] }),
    ],
    supply: (['A', 'B'] as const).flatMap((feed) => supplyOf(feed)),
  }; // prettier-ignore
}

/** As the defaults of the topology say: grid and gensets → ATS → two UPSs → panel. */
function supplyOf(feed: 'A' | 'B'): SiteView['supply'] {
  const letter = feed.toLowerCase();
  const ups = [`ups-${letter}1`, `ups-${letter}2`];
  return [
    ...ups.map((from) => ({ from, to: `panel:${feed}` })),
    ...ups.map((to) => ({ from: `ats-${letter}`, to })),
    ...[`pln-${letter}`, 'genset-1', 'genset-2'].map((from) => ({ from, to: `ats-${letter}` })),
    { from: `grid:pln-${letter}`, to: `pln-${letter}` },
  ];
}

type Row = { quantity: string; unit: string; part: string | null; names: string[] | null };
function numbers(quantity: string, unit: string, part: string | null = null): Row {
  return { quantity, unit, part, names: null };
}
function states(quantity: string, names: string[], part: string | null = null): Row {
  return { quantity, unit: 'state', part, names };
}

function device(
  id: string,
  kind: DeviceView['kind'],
  more: { feed?: 'A' | 'B'; role?: 'incomer'; points: Row[] },
): DeviceView {
  return {
    id, site: 'dc', kind, role: more.role ?? null, name: { id: plate(id), en: plate(id) }, profile: 'p', maker: 'm', model: 'm', toBeConfirmed: null,
    protocol: 'snmp', room: 'hall-1', rack: null, feed: more.feed ?? null, position: null, rating: { kw: null, litres: null },
    link: `dc/${id}/link`,
    points: more.points.map(({ quantity, unit, part, names }) => ({
      id: ['dc', id, part, quantity].filter((step) => step !== null).join('/'),
      part, quantity, unit,
      states: names === null ? null : Object.fromEntries(names.map((name, code) => [String(code), name])),
    })),
  }; // prettier-ignore
}

/** `pac-01` is PAC 01. */
function plate(id: string): string {
  return id.toUpperCase().replaceAll('-', ' ');
}

/** Everything well, but for what is said; `undefined` is a point that cannot be believed. */
export function values(site: SiteView, changes: Record<string, number | string | undefined> = {}): Get {
  const calm = new Set(['normal', 'source-1', 'available', 'stopped', 'on', 'closed']);
  const found = new Map<string, PointValue>();
  for (const { id, states: names, quantity } of site.devices.flatMap((one) => one.points)) {
    const code = (wanted: (name: string) => boolean): number =>
      Number(Object.entries(names ?? {}).find(([, name]) => wanted(name))?.[0] ?? Number.NaN);
    const change =
      id in changes
        ? changes[id]
        : names === null
          ? quantity === 'voltage'
            ? 230
            : 100
          : code((name) => calm.has(name));
    const value = typeof change === 'string' ? code((name) => name === change) : change;
    found.set(id, { value: value ?? null, at: 1, quality: value === undefined ? 3 : 0, stale: false });
  }
  return (id) => (id === null || id === undefined ? undefined : found.get(id));
}

export function rack(row: string, number: number, room = 'hall-1'): RackView {
  const id = `rack-${row.toLowerCase()}${number}`;
  return {
    id, label: `${row}-${number}`, room, row, number, function: 'server', limitKw: 5,
    points: { temperature: `dc/env-${id}/temperature`, humidity: null, dewPoint: null, feedA: null, feedB: null, power: `dc/${id}/power`, loadAfterLoss: `dc/${id}/load-after-loss` },
  }; // prettier-ignore
}

export function incident(id: string, more: Partial<IncidentSummary> = {}): IncidentSummary {
  return {
    id, site: 'dc', room: null, rule: 'r', name: { id: 'n', en: 'n' }, title: { id: 'n', en: 'n' }, lifeSafety: false,
    causes: [], returnedAt: null, mergedInto: null, discipline: 'power', priority: 'P3', urgency: 'sedang',
    impact: 'sedang', clause: 'c', state: 'open', openedAt: '2026-11-22T00:00:00Z', dueAt: '2026-11-22T08:00:00Z',
    reopenedAt: null, assignedTo: null, disaster: null,
    sla: { clock: 'around-the-clock', state: 'counting', asOf: '2026-11-22T00:00:00Z', remainingMs: 28_800_000, totalMs: 28_800_000, warned: false, breached: false, pause: null },
    acknowledgedAt: null, acknowledgedBy: null, resolvedAt: null, active: 1, unacknowledged: 1, total: 1, worst: null, durable: true, ...more,
  }; // prettier-ignore
}

/** A standing alarm above its limit; `since` is the hour and minute of 22 November, UTC. */
export function alarmView(
  point: string,
  since: string,
  more: Partial<IncidentAlarmView> = {},
): IncidentAlarmView {
  return {
    id: `r@${point}`, occurrence: 1, point, owner: 'x', ownerName: { id: 'X', en: 'X' }, unit: '°C', since: `2026-11-22T0${since}:00Z`, until: null, value: 1, worst: 1,
    state: null, limit: null, alarmState: 'unacknowledged', acknowledged: false, latched: false, shelvedUntil: null, suppressed: false, suppressedBy: null, chattering: false, firstOut: false,
    outOfService: false, shelving: { operator: 28_800_000 }, rule: 'r', name: { id: 'n', en: 'n' }, clause: 'BAB IV.1.4', side: 'above', because: null, ...more,
  }; // prettier-ignore
}
