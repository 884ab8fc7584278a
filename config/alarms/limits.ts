import type { Device, Model, Point, Rack, Site } from '../model.ts';
import type { LimitEntry } from '../schema/rule.ts';

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
  readonly point: Point;
  /** Devices of the site that a limit counts or adds up. */
  readonly gensets: readonly Device[];
  /** The UPSs that supply the panel of the point's feed. */
  readonly panelUps: readonly Device[];
}

const secondsPerHour = 3_600;
const msPerSecond = 1_000;

/**
 * The number a rule compares this point with; undefined where the place has none (no rack, no rating), so that the
 * rule does not apply. Standard limits come from the site's row of the catalogue (BAB IV).
 */
export function resolveLimit(limit: LimitEntry, around: Surroundings): ResolvedLimit | undefined {
  if ('value' in limit) return { value: limit.value, clause: sourceText(limit.source, around.site) };
  if (!('standard' in limit)) {
    const value = 'maker' in limit ? makerLimit(limit.maker, around) : rated[limit.rating](around);
    return value === undefined ? undefined : { value, clause: sourceText(limit.source, around.site) };
  }
  const { standard } = around.site;
  const { temperature, humidity, rackPower, endurance, upsBackupTime } = standard;
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
    case 'spare-gensets': {
      const { redundancy, clause } = standard.gensets;
      // Of 2N, the load must fit on the rest with half of the sets out.
      return { value: redundancy === 'N+1' ? 1 : Math.ceil(around.gensets.length / 2), clause };
    }
    case 'spare-ups':
      return { value: 1, clause: standard.ups.clause };
    case 'frame-rate':
      return { value: standard.frameRate.min, clause: standard.frameRate.clause };
  }
}

type Rated = (around: Surroundings) => number | undefined;

const rated: Readonly<Record<Extract<LimitEntry, { rating: string }>['rating'], Rated>> = {
  'needed-autonomy': ({ device }) =>
    device?.rating.neededAutonomyMs === undefined ? undefined : device.rating.neededAutonomyMs / msPerSecond,
  capacity({ device, point, panelUps }) {
    if (device === undefined) return panelUps.length === 0 ? undefined : sumOfRatings(panelUps);
    const { kw } = device.rating;
    return kw === undefined || point.part === undefined || !/^l[123]$/.test(point.part) ? kw : kw / 3;
  },
};

function sumOfRatings(devices: readonly Device[]): number | undefined {
  return devices.reduce<number | undefined>(
    (sum, { rating }) => (sum === undefined || rating.kw === undefined ? undefined : sum + rating.kw),
    0,
  );
}

/** The limit of a part, where the entry names one, comes before that of the whole device. */
function makerLimit(end: 'min' | 'max', { device, point }: Surroundings): number | undefined {
  const limits = device?.rating.limits ?? {};
  const ofPart = point.part === undefined ? undefined : limits[`${point.part}/${point.quantity}`];
  return (ofPart ?? limits[point.quantity])?.[end];
}

/** The source as people read it; `{clause}` is the site's part of the catalogue (BAB IV.1). */
export function sourceText(source: string, site: Site): string {
  return source.replaceAll('{clause}', site.standard.clause);
}

/** Finds what is around a point. Throws RangeError on a point of another model. */
export function surroundings(model: Model): (point: Point) => Surroundings {
  const sites = new Map(model.sites.map((site) => [site.id, site]));
  const racks = new Map(model.racks.map((rack) => [rack.key, rack]));
  const gensets = new Map(
    model.sites.map(({ id }) => [
      id,
      model.devices.filter(({ site, kind }) => site === id && kind === 'genset'),
    ]),
  );
  return (point) => {
    const site = sites.get(point.site);
    if (site === undefined) throw new RangeError(`${point.id}: no site ${point.site} in the model`);
    return {
      site,
      rack: point.rack === undefined ? undefined : racks.get(`${point.site}/${point.rack}`),
      device: point.device === undefined ? undefined : model.deviceById.get(`${point.site}/${point.device}`),
      point,
      gensets: gensets.get(point.site) ?? [],
      panelUps: upsOfPanel(model, point),
    };
  };
}

/** Of a point that measures the panel of a feed: the UPSs that supply it. */
function upsOfPanel({ topology, deviceById }: Model, { site, owner, feed }: Point): readonly Device[] {
  if (owner.kind !== 'site' || feed === undefined) return [];
  return topology.into(`${site}/panel:${feed}`, 'supplies').flatMap(({ from }) => {
    const device = deviceById.get(from);
    return device?.kind === 'ups' ? [device] : [];
  });
}
