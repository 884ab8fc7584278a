import type { Model, Site } from '../../config/model.ts';
import { collectorLink, collectorSkew } from '../../config/build/collector.ts';
import { good, type Reading } from '../../collectors/reading.ts';
import type { Member } from './fleet.ts';

const msPerSecond = 1_000;

export interface WatchContext {
  readonly model: Pick<Model, 'sites' | 'pointById'>;
  readonly members: readonly Member[];
  /** Sites that this process polls itself. */
  readonly local: ReadonlySet<string>;
  /** Long enough after the start that whoever lives has reported. */
  readonly settled: boolean;
  readonly now: number;
}

/**
 * What the server knows of the way to each site, as readings: 0 when somebody who should report is silent, nothing where nobody
 * is expected. One alarm at the source; the devices behind it are unknown, not lost. Pure.
 */
export function collectorReadings(context: WatchContext): Reading[] {
  const { model, now } = context;
  return model.sites.flatMap((site) => {
    const heard = context.members.filter(
      (member) => member.sites.includes(site.id) && member.lastContactAt !== undefined,
    );
    const link = linkOf(site, heard, context);
    const skews = heard.flatMap(({ silent, report }) => (silent ? [] : (report?.skewMs ?? [])));
    const skew = skews.length === 0 ? undefined : Math.max(...skews.map(Math.abs)) / msPerSecond;
    const reading = (quantity: string, value: number | undefined): Reading[] => {
      const point = model.pointById.get(`${site.id}/site/${quantity}`);
      return point === undefined || value === undefined
        ? []
        : [{ point: point.index, at: now, value, quality: good }];
    };
    return [...reading(collectorLink, link), ...reading(collectorSkew, skew)];
  });
}

function linkOf(site: Site, heard: readonly Member[], { local, settled }: WatchContext): number | undefined {
  if (heard.length > 0) return heard.some((member) => member.silent) ? 0 : 1;
  if (local.has(site.id)) return 1;
  return site.collector === 'remote' && settled ? 0 : undefined;
}
