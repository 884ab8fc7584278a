import type { Label } from '../../config/schema/common.ts';
import type { Band } from '../../domain/band.ts';
import type { IncidentAlarmView, IncidentView } from '../../server/contracts/incidents.ts';

/** One point of the cause, and what to draw around its curve. */
export interface Curve {
  readonly point: string;
  readonly owner: Label;
  readonly unit: string;
  readonly quantity: string;
  readonly part: string | null;
  /** The tightest limits: inside of them nothing is in alarm. */
  readonly band: Band;
  /** Every limit that was crossed, with where it comes from. */
  readonly levels: readonly { readonly value: number; readonly clause: string | null }[];
}

/** More than these are no picture any more; the list of alarms has them all. */
const mostCurves = 3;
const leadMs = 30 * 60_000;
/** After the return: that it stayed so. */
const tailMs = 10 * 60_000;

/** The points where the incident began: of its causes, or of its first alarm when the cause itself is only inferred. */
export function curvesOf({ alarms }: Pick<IncidentView, 'alarms'>): Curve[] {
  const inOrder = [...alarms].sort((a, b) => a.since.localeCompare(b.since));
  const causes = inOrder.filter(({ because }) => because === null);
  const shown = causes.length > 0 ? causes : inOrder.slice(0, 1);
  const points = [...new Set(shown.map(({ point }) => point))].slice(0, mostCurves);
  return points.flatMap((point) => {
    const all = inOrder.filter((alarm) => alarm.point === point);
    const [first] = all;
    return first === undefined ? [] : [curveOf(first, all)];
  });
}

function curveOf({ point, ownerName, unit }: IncidentAlarmView, alarms: readonly IncidentAlarmView[]): Curve {
  const steps = point.split('/');
  const levels = new Map<number, string | null>();
  for (const { limit, clause } of alarms) if (limit !== null) levels.set(limit, clause);
  const limits = (wanted: 'above' | 'below'): number[] =>
    alarms.flatMap(({ side, limit }) => (side === wanted && limit !== null ? [limit] : []));
  const [above, below] = [limits('above'), limits('below')];
  return {
    point,
    owner: ownerName,
    unit,
    quantity: steps.at(-1) ?? '',
    part: steps.length > 3 ? (steps.at(-2) ?? null) : null,
    band: {
      ...(above.length === 0 ? {} : { max: Math.min(...above) }),
      ...(below.length === 0 ? {} : { min: Math.max(...below) }),
    },
    levels: [...levels].map(([value, clause]) => ({ value, clause })),
  };
}

/** From half an hour before it opened until now, or until shortly after it was over. Epoch ms. */
export function momentOf(
  { openedAt, returnedAt, resolvedAt }: Pick<IncidentView, 'openedAt' | 'returnedAt' | 'resolvedAt'>,
  now: number,
): { from: number; to: number; over: boolean } {
  const ended = returnedAt ?? resolvedAt;
  const from = Date.parse(openedAt) - leadMs;
  if (ended === null) return { from, to: now, over: false };
  const to = Date.parse(ended) + tailMs;
  return { from, to: Math.min(to, now), over: to <= now };
}
