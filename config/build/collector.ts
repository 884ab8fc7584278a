import { collectorFigures, collectorOwner } from '../schema/diagnostics.ts';
import { graceMs, type PointList } from './points.ts';

export const collectorLink = 'collector-link';
export const collectorSkew = 'collector-skew';
export const collectorLinkStates = new Map([[0, 'silent'], [1, 'reporting'], [2, 'none']]); // prettier-ignore

const intervalMs = 10_000;
const linkStaleAfterMs = 86_400_000;
const skewStaleAfterMs = 60_000;

/**
 * Of every site: whether those who poll it from elsewhere report, and by how many seconds, ahead or behind, the worst of their
 * clocks is off. The server makes both; where nobody is expected to report the link is `none`. What a collector does at the site is
 * its own word.
 */
export function addCollectorPoints(list: PointList, site: string): void {
  const place = { site, owner: { kind: 'site', id: 'site' }, intervalMs } as const;
  list.add({
    ...place,
    quantity: collectorLink,
    unit: 'state',
    states: collectorLinkStates,
    staleAfterMs: linkStaleAfterMs,
    source: { from: 'link' },
  });
  list.add({
    ...place,
    quantity: collectorSkew,
    unit: 's',
    staleAfterMs: skewStaleAfterMs,
    source: { from: 'server' },
  });
  for (const { figure, quantity, unit } of collectorFigures)
    list.add({
      ...place,
      owner: { kind: 'site', id: collectorOwner },
      quantity,
      unit,
      staleAfterMs: 3 * intervalMs + graceMs,
      source: { from: 'collector', figure },
    });
}
