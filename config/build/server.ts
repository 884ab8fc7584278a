import type { PointList } from './points.ts';

/** Seconds until a page about the site would reach nobody (`server/people/watch`). */
export const rosterHole = 'time-to-roster-hole';

/** Seconds until the next load test of the site is due; negative: overdue (`server/loadtest/reminders`). */
export const loadTestDue = 'time-to-load-test';

const intervalMs = 30_000;
const staleAfterMs = 120_000;

/** What the server itself knows of every site. */
export function addServerPoints(list: PointList, site: string): void {
  for (const quantity of [rosterHole, loadTestDue])
    list.add({
      site,
      owner: { kind: 'site', id: 'site' },
      quantity,
      unit: 's',
      intervalMs,
      staleAfterMs,
      source: { from: 'server' },
    });
}
