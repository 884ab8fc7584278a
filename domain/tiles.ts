import type { SiteView } from '../server/contracts/sites.ts';
import { ofKind, pointsOf, stateOf, type DevicePoint } from './devices.ts';
import type { PowerChain } from './chain.ts';
import type { Get } from './value.ts';

export const tileNames = ['power', 'cooling', 'fire', 'water', 'access'] as const;
export type TileName = (typeof tileNames)[number];

/** A tile's true status: `tile.<text>` in `i18n/`; calm only as far as points that can be believed say so. */
export interface TileStatus {
  readonly text: string;
  readonly values: Readonly<Record<string, string | number>>;
  /** Points that should say something and how many cannot be believed now. */
  readonly total: number;
  readonly unknown: number;
  readonly calm: boolean;
}

/** Points behind the tiles other than power's, which come from the chain. */
export function tilePoints(site: SiteView): string[] {
  const points = [coolingPoints(site), firePoints(site), leakPoints(site), doorPoints(site)].flat();
  return points.map((point) => point.id);
}

function coolingPoints(site: SiteView): DevicePoint[] {
  return ofKind(site.devices, 'pac').flatMap((device) => pointsOf(device, 'system-state'));
}
function firePoints(site: SiteView): DevicePoint[] {
  const smoke = ofKind(site.devices, 'vesda').flatMap((device) => pointsOf(device, 'alarm-level'));
  const panel = ofKind(site.devices, 'fire-panel').flatMap((device) =>
    pointsOf(device, 'fire-alarm').concat(pointsOf(device, 'gas-release')),
  );
  return [...smoke, ...panel];
}
function leakPoints(site: SiteView): DevicePoint[] {
  return ofKind(site.devices, 'leak').flatMap((device) => pointsOf(device, 'leak'));
}
function doorPoints(site: SiteView): DevicePoint[] {
  return ofKind(site.devices, 'door').flatMap((device) => pointsOf(device, 'door-state'));
}

export function readTiles(site: SiteView, chain: PowerChain, get: Get): Record<TileName, TileStatus> {
  return {
    power: powerTile(chain),
    cooling: coolingTile(coolingPoints(site), get),
    fire: quietTile(firePoints(site), get, { calm: 'calm', order: fireOrder }),
    water: quietTile(leakPoints(site), get, { calm: 'dry', order: ['leak'] }),
    access: quietTile(doorPoints(site), get, { calm: 'closed', order: ['forced', 'held', 'open'] }),
  };
}

function powerTile(chain: PowerChain): TileStatus {
  const states = chain.feeds.map((feed) => feed.incomer.state);
  const available = chain.feeds.filter((feed) => feed.incomer.state === 'normal').map((feed) => feed.feed);
  const unknown = states.filter((state) => state === 'unknown').length;
  const battery = chain.feeds.some((feed) => feed.ups.state === 'battery');
  const dark = chain.feeds.filter((feed) => feed.ups.state === 'off').map((feed) => feed.feed);
  const status = {
    total: 2,
    unknown,
    values: { feeds: available.join(' '), running: chain.gensets.running, ups: dark.join(' ') },
  };
  // The grid may be well: what the racks no longer get is what matters.
  if (dark.length > 0) return { ...status, text: 'ups-off', calm: false };
  if (unknown === 2) return { ...status, text: 'no-data', calm: false };
  if (battery) return { ...status, text: 'battery', calm: false };
  if (available.length > 0) return { ...status, text: 'grid', calm: available.length === 2 };
  return { ...status, text: chain.gensets.running > 0 ? 'on-genset' : 'no-source', calm: false };
}

function coolingTile(points: readonly DevicePoint[], get: Get): TileStatus {
  const states = points.map((point) => stateOf(point, get));
  const unknown = states.filter((state) => state === undefined).length;
  const on = states.filter((state) => state === 'on').length;
  const total = points.length;
  const text = total === unknown ? 'no-data' : 'cooling';
  return { text, values: { on, total }, total, unknown, calm: unknown === 0 };
}

const fireOrder = ['released', 'fire-2', 'fire-1', 'alarm', 'action-2', 'action-1', 'action', 'alert'];

/** For what should say nothing: the worst state any point is in, else calm, with the count where some are silent. */
function quietTile(
  points: readonly DevicePoint[],
  get: Get,
  names: { readonly calm: string; readonly order: readonly string[] },
): TileStatus {
  const states = points.map((point) => stateOf(point, get));
  const unknown = states.filter((state) => state === undefined).length;
  const total = points.length;
  const worst = names.order.find((name) => states.includes(name));
  const count = states.filter((state) => state === worst).length;
  const values = { count, known: total - unknown, total };
  if (worst !== undefined) return { text: worst, values, total, unknown, calm: false };
  if (unknown === total) return { text: 'no-data', values, total, unknown, calm: false };
  return {
    text: unknown > 0 ? `${names.calm}-partly` : names.calm,
    values,
    total,
    unknown,
    calm: unknown === 0,
  };
}
