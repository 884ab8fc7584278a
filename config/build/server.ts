import type { PointList } from './points.ts';

/** Seconds until a page about the site would reach nobody (`server/people/watch`). */
export const rosterHole = 'time-to-roster-hole';

const intervalMs = 30_000;
const staleAfterMs = 120_000;

/** What the server itself knows of every site. */
export function addServerPoints(list: PointList, site: string): void {
  list.add({
    site,
    owner: { kind: 'site', id: 'site' },
    quantity: rosterHole,
    unit: 's',
    intervalMs,
    staleAfterMs,
    source: { from: 'server' },
  });
}
