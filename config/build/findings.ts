import type { Door } from '../model.ts';
import { accessFindingPoints } from '../schema/findings.ts';
import type { PointList } from './points.ts';

const intervalMs = 30_000;
const staleAfterMs = 120_000;

/**
 * How many findings of each kind are live in a room (`server/access/judgement`), of every room with a door, and of the site where a finding
 * has no place. A site without doors has none.
 */
export function addFindingPoints(list: PointList, site: string, doors: readonly Door[]): void {
  if (doors.length === 0) return;
  const rooms = new Set(doors.flatMap(({ from, to }) => [from, to]).filter((room) => room !== null));
  for (const { quantity, ofRooms } of accessFindingPoints) {
    const place = { site, quantity, unit: 'count', intervalMs, staleAfterMs, source: { from: 'server' } } as const;
    list.add({ ...place, owner: { kind: 'site', id: 'site' } });
    if (ofRooms) for (const room of rooms) list.add({ ...place, owner: { kind: 'room', id: room }, room });
  }
} // prettier-ignore
