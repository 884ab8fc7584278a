import { z } from 'zod';
import { siblings } from '../../config/lookup.ts';
import type { Model, Point } from '../../config/model.ts';
import { nearestName, unknownName } from '../../core/names.ts';
import { iso } from '../../core/time.ts';
import { defaultZone, zonedTime, type ZonedTime } from '../../core/zoned.ts';
import type { Role } from '../contracts/common.ts';
import type { Range } from '../historian/historian.ts';
import type { Resolution, Retention } from '../historian/tiers.ts';
import { badInput } from '../http/problem.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** A page's clock may be ahead of the server's. */
const aheadMs = 5 * 60_000;

/** What a role may ask for at once: the readings that are behind it cost the process that watches the field. */
const limits: Readonly<Record<Role, { readonly points: number; readonly rawDays: number }>> = {
  wall: { points: 20, rawDays: 31 },
  viewer: { points: 50, rawDays: 62 },
  operator: { points: 100, rawDays: 184 },
  manager: { points: 200, rawDays: 366 },
  admin: { points: 400, rawDays: 1_100 },
};

/** Query parameters of a range of time. */
export function rangeOf(
  { from, to }: { readonly from?: number | undefined; readonly to?: number | undefined },
  { now, defaultMs = hourMs }: { readonly now: number; readonly defaultMs?: number },
): Range {
  const end = to ?? now;
  const begin = from ?? end - defaultMs;
  if (begin > end) throw badInput('query.from', `${iso(begin)} is after "to", ${iso(end)}; swap them`);
  if (begin > now + aheadMs)
    throw badInput('query.from', `${iso(begin)} is in the future; it is ${iso(now)} here`);
  return { from: begin, to: end };
}

/** Refuses what was never kept so long, with what is. */
export function checkKept(
  range: Range,
  {
    resolution,
    now,
    retention,
  }: { readonly resolution: Resolution; readonly now: number; readonly retention: Retention },
): void {
  // Raw readings of incidents and load tests are kept longer than the others.
  const keptMs = resolution === 'raw' ? Math.max(retention.raw, retention.pinned) : retention[resolution];
  if (range.to >= now - keptMs) return;
  const coarser = resolution === 'raw' || resolution === '1m' ? '; ask resolution=1h or auto' : '';
  throw badInput(
    'query.to',
    `${iso(range.to)} is before what is kept: ${resolution} goes back to ${iso(now - keptMs)}${coarser}`,
  );
}

/** The moment of a snapshot. */
export function checkMoment(
  at: number,
  { now, retention }: { readonly now: number; readonly retention: Retention },
): void {
  if (at > now + aheadMs)
    throw badInput(
      'query.at',
      `${iso(at)} is in the future; it is ${iso(now)} here, and without "at" you get the present`,
    );
  const oldest = now - Math.max(retention.raw, retention.pinned);
  if (at < oldest)
    throw badInput(
      'query.at',
      `${iso(at)} is before what is kept: readings go back to ${iso(oldest)}; ask history with resolution=1h`,
    );
}

/** Points × length at raw, by role. */
export function checkRawSpan(
  range: Range,
  { points, role }: { readonly points: number; readonly role: Role },
): void {
  const { rawDays } = limits[role];
  const askedDays = (points * (range.to - range.from)) / dayMs;
  if (askedDays <= rawDays) return;
  const asked =
    points === 1
      ? `${days(askedDays)} of raw readings`
      : `${points} points × ${days(askedDays / points)} of raw readings`;
  throw badInput(
    'query.resolution',
    `${asked} are more than role ${role} may ask for at once (${days(rawDays)} in all points together); ask for less, or resolution=auto`,
  );
}

function days(count: number): string {
  return `${Math.round(count * 10) / 10} days`;
}

const splitIds = (text: string): string[] => [
  ...new Set(
    text
      .split(',')
      .map((id) => id.trim())
      .filter((id) => id !== ''),
  ),
];

/** `points=a,b,c` */
export const queryPoints = z.string().transform(splitIds);

export function findPoints(model: Model, ids: readonly string[], role: Role): Point[] {
  const { points: most } = limits[role];
  if (ids.length === 0)
    throw badInput('query.points', 'name at least one point, or several with commas between');
  if (ids.length > most)
    throw badInput(
      'query.points',
      `${ids.length} points are more than role ${role} may ask for at once (${most}); ask in parts, or use "pantau export"`,
    );
  return ids.map((id) => {
    const point = model.pointById.get(id);
    if (point === undefined) throw badInput('query.points', unknownName('point', id, siblings(model, id)));
    return point;
  });
}

export function findZone(zone: string = defaultZone): ZonedTime {
  const found = zonedTime(zone);
  if (found !== undefined) return found;
  const nearest = nearestName(zone, Intl.supportedValuesOf('timeZone'));
  throw badInput(
    'query.zone',
    `"${zone}" is no time zone${nearest === undefined ? '' : `; did you mean "${nearest}"?`}; ${defaultZone} is the usual one here`,
  );
}
