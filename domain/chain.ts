import type { FeedName } from '../config/schema/common.ts';
import type { DeviceView, SiteView } from '../server/contracts/sites.ts';
import { ofFeed, ofKind, pointOf, pointsOf, stateOf } from './devices.ts';
import { believed, type Get } from './value.ts';

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
  | 'unknown'; // nothing believable says what it is

interface ChainElement {
  readonly state: ElementState;
  readonly devices: readonly DeviceView[];
}
export interface FeedChain {
  readonly feed: FeedName;
  readonly incomer: ChainElement;
  readonly ats: ChainElement;
  readonly ups: ChainElement;
  /** What the UPS string carries, kW, and for how long it could; undefined when one of them cannot be believed. */
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
  const ids = site.devices
    .filter(
      (device) =>
        device.kind === 'ats' ||
        device.kind === 'ups' ||
        device.kind === 'genset' ||
        device.role === 'incomer',
    )
    .flatMap((device) =>
      device.points.filter((point) => wanted.has(point.quantity)).map((point) => point.id),
    );
  return [...ids, endurancePoint(site)];
}

function endurancePoint(site: { id: string }): string {
  return `${site.id}/site/endurance`;
}

export function readChain(site: SiteView, get: Get): PowerChain {
  const gensets = ofKind(site.devices, 'genset');
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
    enduranceS: believed(get(endurancePoint(site))),
  };
}

function readFeed(site: SiteView, feed: FeedName, get: Get): FeedChain {
  const meters = ofFeed(site.devices, feed).filter((device) => device.role === 'incomer');
  // A site with one ATS for both feeds gives it no feed: it then stands in both lines.
  const switches = ofKind(site.devices, 'ats').filter(
    (device) => device.feed === feed || device.feed === null,
  );
  const ups = ofFeed(ofKind(site.devices, 'ups'), feed);
  const loads = ups.map((device) => believed(get(pointOf(device, 'output-power')?.id)));
  const autonomies = ups.map((device) => believed(get(pointOf(device, 'autonomy')?.id)));
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

/** The meter's own voltage decides; the switch's word counts where the meter cannot be believed. */
function incomerState(
  meters: readonly DeviceView[],
  switches: readonly DeviceView[],
  get: Get,
): ElementState {
  const volts = meters
    .flatMap((meter) => pointsOf(meter, 'voltage').filter((point) => /^l[123]$/.test(point.part ?? '')))
    .map((point) => believed(get(point.id)));
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
