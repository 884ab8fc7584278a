import type { FeedName } from '../config/schema/common.ts';
import type { DeviceView, SiteView } from '../server/contracts/sites.ts';
import { pointOf, pointsOf, stateOf } from './devices.ts';
import { usableValue, type Get } from './value.ts';

/** How an element of the one-line diagram is drawn; the word that goes with it is `chain.<state>` in `i18n/`. */
export type ElementState =
  | 'normal'
  | 'lost' // a source without voltage
  | 'genset' // an ATS on its second source
  | 'open' // an ATS on neither
  | 'battery'
  | 'bypass'
  | 'off'
  | 'fault'
  | 'running' // a genset that runs
  | 'unknown'; // no usable point reports it

interface ChainElement {
  readonly state: ElementState;
  readonly devices: readonly DeviceView[];
}
export interface FeedChain {
  readonly feed: FeedName;
  readonly incomer: ChainElement;
  readonly ats: ChainElement;
  readonly ups: ChainElement;
  /** Load of the UPS string, kW, and how long it could carry it; undefined when either has no usable value. */
  readonly loadKw: number | undefined;
  readonly autonomyS: number | undefined;
}
export interface PowerChain {
  readonly feeds: readonly [FeedChain, FeedChain];
  readonly gensets: {
    readonly state: ElementState;
    readonly total: number;
    readonly running: number;
    readonly devices: readonly DeviceView[];
  };
  readonly enduranceS: number | undefined;
}

/** Points that the diagram needs, to be watched. */
export function chainPoints(site: SiteView): string[] {
  const wanted = new Set([
    'voltage', 'position', 'source-1', 'source-2', 'fault', 'output-source', 'autonomy', 'output-power', 'engine-state',
  ]); // prettier-ignore
  const drawn = new Set(site.supply.flatMap(({ from, to }) => [from, to]));
  const ids = site.devices
    .filter((device) => drawn.has(device.id))
    .flatMap((device) =>
      device.points.filter((point) => wanted.has(point.quantity)).map((point) => point.id),
    );
  return [...ids, endurancePoint(site)];
}

/** Against the flow from these things: the first on every way that fits, in the order of the site's list. */
function nearest(
  site: Pick<SiteView, 'devices' | 'supply'>,
  below: readonly string[],
  fits: (device: DeviceView) => boolean,
): DeviceView[] {
  const fitting = new Set(site.devices.filter(fits).map(({ id }) => id));
  const found = new Set<string>();
  const seen = new Set(below);
  // A set yields what is added while it is walked.
  for (const id of seen)
    for (const { from, to } of site.supply)
      if (to === id) {
        if (fitting.has(from)) found.add(from);
        else seen.add(from);
      }
  return site.devices.filter(({ id }) => found.has(id));
}

function endurancePoint(site: { id: string }): string {
  return `${site.id}/site/endurance`;
}

export function readChain(site: SiteView, get: Get): PowerChain {
  const sources = new Set(site.supply.map(({ from }) => from));
  const gensets = site.devices.filter(({ id, kind }) => kind === 'genset' && sources.has(id));
  const engines = gensets.map((genset) => stateOf(pointOf(genset, 'engine-state'), get));
  const running = engines.filter((state) => state === 'running' || state === 'warming-up').length;
  return {
    feeds: [readFeed(site, 'A', get), readFeed(site, 'B', get)],
    gensets: {
      state: running > 0 ? 'running' : engines.includes(undefined) ? 'unknown' : 'normal',
      total: gensets.length,
      running,
      devices: gensets,
    },
    enduranceS: usableValue(get(endurancePoint(site))),
  };
}

function readFeed(site: SiteView, feed: FeedName, get: Get): FeedChain {
  const idsOf = (devices: readonly DeviceView[]): string[] => devices.map(({ id }) => id);
  const panel = `panel:${feed}`;
  const ups = nearest(site, [panel], ({ kind }) => kind === 'ups');
  const belowSwitch = ups.length > 0 ? idsOf(ups) : [panel];
  // A site may have one ATS for both feeds: it is then drawn in both lines.
  const switches = nearest(site, belowSwitch, ({ kind }) => kind === 'ats');
  const belowGrid = switches.length > 0 ? idsOf(switches) : belowSwitch;
  const meters = nearest(site, belowGrid, ({ role }) => role === 'incomer');
  const loads = ups.map((device) => usableValue(get(pointOf(device, 'output-power')?.id)));
  const autonomies = ups.map((device) => usableValue(get(pointOf(device, 'autonomy')?.id)));
  return {
    feed,
    incomer: { state: incomerState(meters, switches, get), devices: meters },
    ats: { state: worst(switches.map((device) => atsState(device, get))), devices: switches },
    ups: { state: worst(ups.map((device) => upsState(device, get))), devices: ups },
    loadKw: complete(loads)?.reduce((sum, kw) => sum + kw, 0),
    autonomyS: complete(autonomies)?.reduce((least, s) => Math.min(least, s), Infinity),
  };
}

function complete(values: readonly (number | undefined)[]): number[] | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === values.length && known.length > 0 ? known : undefined;
}

/** Below this a phase carries no source, whatever the nominal voltage; V. */
const deadVolts = 50;

/** The meter's own voltage decides; the switch's report is used when the meter has no usable value. */
function incomerState(
  meters: readonly DeviceView[],
  switches: readonly DeviceView[],
  get: Get,
): ElementState {
  const volts = meters
    .flatMap((meter) => pointsOf(meter, 'voltage').filter((point) => /^l[123]$/.test(point.part ?? '')))
    .map((point) => usableValue(get(point.id)));
  const known = complete(volts);
  if (known !== undefined) return known.some((value) => value < deadVolts) ? 'lost' : 'normal';
  const sources = switches.map((device) => stateOf(pointOf(device, 'source-1'), get));
  if (sources.includes('lost')) return 'lost';
  return sources.length > 0 && !sources.includes(undefined) ? 'normal' : 'unknown';
}

function atsState(device: DeviceView, get: Get): ElementState {
  if (stateOf(pointOf(device, 'fault'), get) === 'fault') return 'fault';
  switch (stateOf(pointOf(device, 'position'), get)) {
    case undefined:
      return 'unknown';
    case 'source-1':
      return 'normal';
    case 'source-2':
      return 'genset';
    default:
      return 'open';
  }
}

function upsState(device: DeviceView, get: Get): ElementState {
  switch (stateOf(pointOf(device, 'output-source'), get)) {
    case undefined:
      return 'unknown';
    case 'battery':
      return 'battery';
    case 'bypass':
      return 'bypass';
    case 'none':
      return 'off';
    case 'other':
      return 'fault';
    default:
      return 'normal';
  }
}

const order: readonly ElementState[] = [
  'off', 'open', 'lost', 'fault', 'battery', 'bypass', 'unknown', 'genset', 'running', 'normal',
]; // prettier-ignore

function worst(states: readonly ElementState[]): ElementState {
  return order.find((state) => states.includes(state)) ?? 'unknown';
}
