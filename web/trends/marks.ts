import type { IncidentSummary } from '../../server/contracts/incidents.ts';
import type { PlantStateView } from '../../server/contracts/plant-states.ts';
import type { Mark, Range } from '../history/drawing.ts';
import type { Trend } from './panels.ts';

/** What began closer together than this share of the range is one mark. */
const together = 0.012;

/** Incidents that began in the range, the latest first; those of the shown points' devices and rooms before the others of their site. */
export function incidentsOf(
  incidents: readonly IncidentSummary[],
  trends: readonly Trend[],
  range: Range,
): IncidentSummary[] {
  const places = new Set(
    trends.flatMap(({ point }) =>
      [point.device, point.rack, point.room].flatMap((owner) =>
        owner === null ? [] : [`${point.site}/${owner}`],
      ),
    ),
  );
  const isNear = ({ site, room, causes }: IncidentSummary): boolean =>
    (room !== null && places.has(`${site}/${room}`)) || causes.some(({ node }) => places.has(node));
  return incidents
    .filter(({ openedAt }) => Date.parse(openedAt) < range.to)
    .sort((a, b) => Number(isNear(b)) - Number(isNear(a)) || b.openedAt.localeCompare(a.openedAt));
}

/** Where incidents began, those close together as one with their number, and load tests for as long as they last. */
export function marksOf(
  incidents: readonly IncidentSummary[],
  loadTests: readonly PlantStateView[],
  { range, loadTest }: { readonly range: Range; readonly loadTest: string },
): Mark[] {
  const groups: { readonly at: number; readonly members: IncidentSummary[] }[] = [];
  for (const incident of [...incidents].sort((a, b) => a.openedAt.localeCompare(b.openedAt))) {
    const at = Date.parse(incident.openedAt);
    const last = groups.at(-1);
    if (last !== undefined && at - last.at <= (range.to - range.from) * together) last.members.push(incident);
    else groups.push({ at, members: [incident] });
  }
  return [
    ...loadTests.map(({ from, to, endedAt }) => ({
      at: Date.parse(from),
      until: Date.parse(endedAt ?? to),
      text: loadTest,
    })),
    ...groups.map(({ at, members }) => {
      const [worst] = members.map(({ priority }) => priority).sort();
      return { at, text: members.length === 1 ? (worst ?? '') : `${worst ?? ''} ×${members.length}` };
    }),
  ];
}
