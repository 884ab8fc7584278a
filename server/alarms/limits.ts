import type { Device, Model, Point, Rack, Site } from '../../config/model.ts';
import type { LimitEntry } from '../../config/schema/rule.ts';

/** A rule's limit on one point. */
export interface ResolvedLimit {
  /** In the point's unit. */
  readonly value: number;
  /** Where it comes from: a clause of the catalogue, or the source the rule names. */
  readonly clause: string;
}

/** The site, rack and device a point belongs to. */
export interface Surroundings {
  readonly site: Site;
  readonly rack: Rack | undefined;
  readonly device: Device | undefined;
}

const secondsPerHour = 3_600;
const msPerSecond = 1_000;

/**
 * The number a rule compares this point with; undefined where the place has none (no rack, no rating), so that the
 * rule does not apply. Standard limits come from the site's row of the catalogue (BAB IV).
 */
export function resolveLimit(limit: LimitEntry, around: Surroundings): ResolvedLimit | undefined {
  if ('value' in limit) return { value: limit.value, clause: sourceText(limit.source, around.site) };
  if ('rating' in limit) {
    const neededMs = around.device?.rating.neededAutonomyMs;
    return neededMs === undefined
      ? undefined
      : { value: neededMs / msPerSecond, clause: sourceText(limit.source, around.site) };
  }
  const { temperature, humidity, rackPower, endurance, upsBackupTime } = around.site.standard;
  switch (limit.standard) {
    case 'temperature.min':
      return { value: temperature.min, clause: temperature.clause };
    case 'temperature.max':
      return { value: temperature.max, clause: temperature.clause };
    case 'humidity.min':
      return { value: humidity.min, clause: humidity.clause };
    case 'humidity.max':
      return { value: humidity.max, clause: humidity.clause };
    case 'rack-power':
      return around.rack === undefined ? undefined : { value: around.rack.limitKw, clause: rackPower.clause };
    case 'endurance':
      return { value: endurance.hours * secondsPerHour, clause: endurance.clause };
    case 'ups-backup-time':
      return { value: upsBackupTime.max / msPerSecond, clause: upsBackupTime.clause };
  }
}

/** The source as people read it; `{clause}` is the site's part of the catalogue (BAB IV.1). */
export function sourceText(source: string, site: Site): string {
  return source.replaceAll('{clause}', site.standard.clause);
}

/** Finds site, rack and device of a point. Throws RangeError on a point of another model. */
export function surroundings(model: Model): (point: Point) => Surroundings {
  const sites = new Map(model.sites.map((site) => [site.id, site]));
  const racks = new Map(model.racks.map((rack) => [rack.key, rack]));
  return (point) => {
    const site = sites.get(point.site);
    if (site === undefined) throw new RangeError(`${point.id}: no site ${point.site} in the model`);
    return {
      site,
      rack: point.rack === undefined ? undefined : racks.get(`${point.site}/${point.rack}`),
      device: point.device === undefined ? undefined : model.deviceById.get(`${point.site}/${point.device}`),
    };
  };
}
