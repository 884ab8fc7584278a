import type { IncidentSummary } from '../../../server/contracts/incidents.ts';
import { incident } from '../../web/support.ts';

/** As long as a name or a sentence may be; of words, as people write. */
export const long = 'Nama yang panjang sekali dengan gelar dan jabatan lengkap '.repeat(4).slice(0, 200);
const sites = ['dc', 'smart-dc', 'drc'];

/** Open incidents of every priority; half of them acknowledged by somebody with a long name. */
export function openIncidents(count: number): IncidentSummary[] {
  const priorities = ['P1', 'P2', 'P3', 'P4', 'P5'] as const;
  return Array.from({ length: count }, (_, number) =>
    incident(`i-${number}`, {
      site: sites[number % 3] ?? 'dc',
      priority: priorities[number % 5] ?? 'P5',
      title: { id: long, en: long },
      acknowledgedBy: number % 2 === 0 ? long : null,
      acknowledgedAt: number % 2 === 0 ? '2026-11-22T00:00:00Z' : null,
    }),
  );
}
