import type { Database } from '../../server/db/schema.ts';
import { inChunks } from '../../server/db/rows.ts';
import type { IncidentRow } from '../../server/incidents/record.ts';

const priorities = ['P2', 'P3', 'P4', 'P5'] as const;
const disciplines = ['power', 'cooling', 'network', 'water', 'access'] as const;
const sites = ['dc', 'drc', 'smart-dc'] as const;

/** Incidents whose condition is over and that nobody has acknowledged: they stay in the list. */
export async function fillIncidents(db: Database, count: number, now: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, number) => incidentRow(number, now));
  await inChunks(rows, (some) => db.insertInto('incident').values(some).execute());
}

function incidentRow(number: number, now: number): IncidentRow {
  const pick = <Item>(list: readonly [Item, ...Item[]]): Item => list[number % list.length] ?? list[0];
  const opened = now - (number + 1) * 60_000;
  return {
    id: `banyak-${String(number).padStart(4, '0')}`,
    group_key: `banyak ${number}`,
    site: pick(sites), room: null, rule: 'temperature-high', name_id: 'Suhu tinggi', name_en: 'Temperature high',
    discipline: pick(disciplines), urgency: 'sedang', impact: 'sedang', priority: pick(priorities), clause: 'BAB IV.1.4',
    opened_at: opened, due_at: opened + 8 * 3_600_000, acknowledged_at: null, acknowledged_by: null,
    returned_at: opened + 30_000, resolved_at: null, merged_into: null,
    reopened_at: null, pauses: '[]', sla_stage: 0, assigned_to: null, found_cause: null, remedy: null, disaster: null,
    title_id: `Suhu rak R-${number} tinggi, 28,${number % 10} °C di depan rak`,
    title_en: `Temperature of rack R-${number} is high, 28.${number % 10} °C at the front`,
    causes: '[]', life_safety: 0, active: 0, unacknowledged: 0, total: 1, worst_alarm: null, worst_occurrence: null, version: 1,
  }; // prettier-ignore
}
