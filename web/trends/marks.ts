import type { Label } from '../../config/schema/common.ts';
import type { IncidentSummary } from '../../server/contracts/incidents.ts';
import type { PlantStateView } from '../../server/contracts/plant-states.ts';
import type { Mark } from '../history/notes.ts';
import type { Range } from '../history/plot.ts';
import type { Trend } from './panels.ts';

/** More words than these cover the curves; the list below has them all. */
const mostWords = 8;
const longestTitle = 44;

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

/** Where incidents began, with the most urgent ones' words, and load tests for as long as they last. */
export function marksOf(
  incidents: readonly IncidentSummary[],
  loadTests: readonly PlantStateView[],
  texts: { readonly label: (label: Label) => string; readonly loadTest: string },
): Mark[] {
  const worded = new Set(
    [...incidents].sort((a, b) => a.priority.localeCompare(b.priority)).slice(0, mostWords),
  );
  return [
    ...loadTests.map(({ from, to, endedAt }) => ({
      at: Date.parse(from),
      until: Date.parse(endedAt ?? to),
      text: texts.loadTest,
    })),
    ...incidents.map((incident) => ({
      at: Date.parse(incident.openedAt),
      text: worded.has(incident) ? `${incident.priority} ${shortened(texts.label(incident.title))}` : '',
    })),
  ];
}

function shortened(title: string): string {
  return title.length <= longestTitle ? title : `${title.slice(0, longestTitle - 1).trimEnd()}…`;
}
