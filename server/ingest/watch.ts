import type { Model, Site } from '../../config/model.ts';
import { collectorLink, collectorSkew } from '../../config/build/collector.ts';
import { good, type Reading } from '../../core/reading.ts';
import type { Member } from './remote-collectors.ts';

const msPerSecond = 1_000;

export interface WatchContext {
  readonly model: Pick<Model, 'sites' | 'pointById'>;
  readonly members: readonly Member[];
  /** Sites that this process polls itself. */
  readonly local: ReadonlySet<string>;
  /** Long enough after the start that every working collector has reported. */
  readonly settled: boolean;
  readonly now: number;
}

const codes = { silent: 0, reporting: 1, none: 2 } as const;

/**
 * What the server knows of the way to each site, as readings: `silent` when somebody who should report does not. One alarm at the
 * source; the devices behind it are unknown, not lost. Pure.
 */
export function collectorReadings(context: WatchContext): Reading[] {
  const { model, now } = context;
  return model.sites.flatMap((site) => {
    const heard = heardOf(site.id, context.members);
    const link = linkOf(site, heard, context);
    const skew = skewOf(heard);
    const reading = (quantity: string, value: number | undefined): Reading[] => {
      const point = model.pointById.get(`${site.id}/site/${quantity}`);
      return point === undefined || value === undefined
        ? []
        : [{ point: point.index, at: now, value, quality: good }];
    };
    return [
      ...reading(collectorLink, link === undefined ? undefined : codes[link]),
      ...reading(collectorSkew, skew),
    ];
  });
}

/** Sites that are polled twice: here and by collectors, which are named. Pure. */
export function polledTwice({ model, members, local }: WatchContext): ReadonlyMap<string, string[]> {
  const doubles = model.sites
    .filter(({ id }) => local.has(id))
    .map(
      ({ id }) =>
        [
          id,
          heardOf(id, members)
            .filter(({ silent }) => !silent)
            .map(({ name }) => name),
        ] as const,
    );
  return new Map(doubles.filter(([, names]) => names.length > 0));
}

function heardOf(site: string, members: readonly Member[]): Member[] {
  return members.filter(({ sites, lastContactAt }) => sites.includes(site) && lastContactAt !== undefined);
}

function linkOf(
  site: Site,
  heard: readonly Member[],
  { local, settled }: WatchContext,
): keyof typeof codes | undefined {
  if (heard.length > 0) return heard.some((member) => member.silent) ? 'silent' : 'reporting';
  if (local.has(site.id)) return 'reporting';
  if (site.collector === 'local') return 'none';
  return settled ? 'silent' : undefined;
}

/** Seconds, of the worst clock; nobody's clock is off where nobody has one of his own. */
function skewOf(heard: readonly Member[]): number | undefined {
  if (heard.length === 0) return 0;
  const skews = heard.flatMap(({ silent, report }) => (silent ? [] : (report?.skewMs ?? [])));
  return skews.length === 0 ? undefined : Math.max(...skews.map(Math.abs)) / msPerSecond;
}
