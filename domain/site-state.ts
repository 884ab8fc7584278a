import type { SiteView } from '../server/contracts/sites.ts';
import { chainPoints } from './chain.ts';
import { inRoom } from './room.ts';
import { tilePoints } from './tiles.ts';
import { usableValue, type Get } from './value.ts';

/** The worst place, not an average that hides it; humidity is an average by its nature. */
export function figurePoints(site: string): { temperature: string; humidity: string; power: string } {
  return {
    temperature: `${site}/site/temperature-max`,
    humidity: `${site}/site/humidity-mean`,
    power: `${site}/site/power`,
  };
}

/** What must be known of a site before it may be called normal. */
export interface SiteParts {
  readonly figures: readonly string[];
  /** What has no usable value when one of these points has none: the main devices and the racks. */
  readonly things: readonly (readonly string[])[];
}

export function partsOf(site: SiteView): SiteParts {
  const judged = new Set([...chainPoints(site), ...tilePoints(site)]);
  return {
    figures: Object.values(figurePoints(site.id)),
    things: [
      ...site.devices.map(({ link, points }) => [
        link,
        ...points.map(({ id }) => id).filter((id) => judged.has(id)),
      ]),
      ...site.racks.flatMap(({ points }) => (points.temperature === null ? [] : [[points.temperature]])),
    ],
  };
}

/** What must be known of one room of it: its main devices and racks. */
export function partsOfRoom(site: SiteView, room: string): SiteParts {
  const { racks, devices } = inRoom(site, room);
  return { ...partsOf({ ...site, racks: [...racks], devices: [...devices] }), figures: [] };
}

/** Every point that `knowledgeOf` looks at. */
export function partPoints({ figures, things }: SiteParts): string[] {
  return [...figures, ...things.flat()];
}

export interface Knowledge {
  /** None of the figures has a usable value. */
  readonly blind: boolean;
  /** Main devices and racks of which something has no usable value now; at least 1 when a figure has none. */
  readonly silent: number;
}

/** How much of a site is not known now. A lost link (0) is as good as no value. */
export function knowledgeOf({ figures, things }: SiteParts, get: Get): Knowledge {
  const missing = figures.filter((id) => usableValue(get(id)) === undefined).length;
  const silent = things.filter((ids) =>
    ids.some(
      (id) => usableValue(get(id)) === undefined || (id.endsWith('/link') && usableValue(get(id)) !== 1),
    ),
  ).length;
  // A place without figures of its own, such as a room, is blind when nothing in it is known.
  const blind = figures.length === 0 ? silent === things.length : missing === figures.length;
  return { blind, silent: missing > 0 ? Math.max(1, silent) : silent };
}
