import type { SiteView } from '../server/contracts/sites.ts';
import { ofKind, pointOf, pointsOf, stateOf, type DevicePoint } from './devices.ts';
import type { PowerChain } from './chain.ts';
import { usableValue, type Get } from './value.ts';

export const tileNames = ['power', 'cooling', 'fire', 'water', 'access'] as const;
export type TileName = (typeof tileNames)[number];

/** A tile's status: text `tile.<text>` in `i18n/`. It is normal only if its usable points confirm it. */
export interface TileStatus {
  readonly text: string;
  readonly values: Readonly<Record<string, string | number>>;
  /** Points the tile is based on, and how many have no usable value now. */
  readonly total: number;
  readonly unknown: number;
  readonly normal: boolean;
  /** Units beyond those that the present load needs, of the room that has fewest; absent where it cannot be told. */
  readonly spare?: number | undefined;
  /** Something is known to be wrong: it has a colour even before an incident is open. */
  readonly problem: boolean;
}

/** Points behind the tiles other than power's, which come from the chain. */
export function tilePoints(site: SiteView): string[] {
  const points = [coolingPoints(site), firePoints(site), leakPoints(site), doorPoints(site)].flat();
  return points.map((point) => point.id);
}

function coolingPoints(site: SiteView): DevicePoint[] {
  return ofKind(site.devices, 'pac').flatMap((device) => pointsOf(device, 'system-state'));
}
/** Behind the cooling's redundancy. Without them the tile still tells whether the units are well. */
export function sparePoints(site: SiteView): string[] {
  return ofKind(site.devices, 'pac').flatMap((device) => pointOf(device, 'cooling-capacity')?.id ?? []);
}
function firePoints(site: SiteView): DevicePoint[] {
  const smoke = ofKind(site.devices, 'vesda').flatMap((device) => pointsOf(device, 'alarm-level'));
  const panel = ofKind(site.devices, 'fire-panel').flatMap((device) =>
    ['fire-alarm', 'heat-alarm', 'gas-release'].flatMap((quantity) => pointsOf(device, quantity)),
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
    cooling: { ...coolingTile(coolingPoints(site), get), spare: spareUnits(site, get) },
    fire: quietTile(firePoints(site), get, { normal: 'clear', order: fireOrder }),
    water: quietTile(leakPoints(site), get, { normal: 'dry', order: ['leak'] }),
    // Somebody walks through an open door; one that stays open is held, one without a grant forced.
    access: quietTile(doorPoints(site), get, {
      normal: 'closed',
      order: ['forced', 'held', 'open'],
      allowed: 'open',
    }),
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
  const wrong = { ...status, normal: false, problem: true };
  if (dark.length > 0) return { ...wrong, text: 'ups-off' };
  if (unknown === 2) return { ...status, text: 'no-data', normal: false, problem: false };
  if (battery) return { ...wrong, text: 'battery' };
  if (available.length > 0) {
    const lost = states.some((state) => state !== 'normal' && state !== 'unknown');
    return { ...status, text: 'grid', normal: available.length === 2, problem: lost };
  }
  return { ...wrong, text: chain.gensets.running > 0 ? 'on-genset' : 'no-source' };
}

function coolingTile(points: readonly DevicePoint[], get: Get): TileStatus {
  const states = points.map((point) => stateOf(point, get));
  const unknown = states.filter((state) => state === undefined).length;
  const on = states.filter((state) => state === 'on').length;
  const standby = states.filter((state) => state === 'standby').length;
  const total = points.length;
  if (total === unknown)
    return { text: 'no-data', values: {}, total, unknown, normal: false, problem: false };
  const values = { on, total: total - unknown };
  // A unit on standby is redundancy; one that is off cools nothing, and without any that runs the hall heats up.
  const problem = on === 0 || on + standby + unknown < total;
  const text = on === 0 ? 'cooling-none' : 'cooling';
  return { text, values, total, unknown, normal: unknown === 0 && !problem, problem };
}

/**
 * Units that run or stand by, less those that would carry the room's present load at full capacity; of the room that has fewest. Undefined when a
 * unit does not report its state, a running one not how much it gives, or none runs: a redundancy that is not measured is not claimed.
 */
export function spareUnits(site: SiteView, get: Get): number | undefined {
  const pacs = ofKind(site.devices, 'pac');
  const spares = [...new Set(pacs.map(({ room }) => room))].map((room) => {
    const units = pacs
      .filter((unit) => unit.room === room)
      .map((unit) => ({ unit, state: stateOf(pointOf(unit, 'system-state'), get) }));
    if (units.some(({ state }) => state === undefined)) return undefined;
    const ready = units.filter(({ state }) => state === 'on' || state === 'standby');
    const used = ready
      .filter(({ state }) => state === 'on')
      .map(({ unit }) => usableValue(get(pointOf(unit, 'cooling-capacity')?.id)));
    const known = used.filter((percent) => percent !== undefined);
    if (used.length === 0 || known.length < used.length) return undefined;
    return ready.length - Math.ceil(known.reduce((sum, percent) => sum + percent, 0) / 100);
  });
  const known = spares.filter((spare) => spare !== undefined);
  return known.length === spares.length && known.length > 0 ? Math.min(...known) : undefined;
}

const fireOrder = ['released', 'fire-2', 'fire-1', 'alarm', 'action-2', 'action-1', 'action', 'alert'];

/** For detectors: the worst state of any point, else how many have no usable value, else normal. */
function quietTile(
  points: readonly DevicePoint[],
  get: Get,
  names: { readonly normal: string; readonly order: readonly string[]; readonly allowed?: string },
): TileStatus {
  const states = points.map((point) => stateOf(point, get));
  const unknown = states.filter((state) => state === undefined).length;
  const total = points.length;
  const worst = names.order.find((name) => states.includes(name));
  const count = states.filter((state) => state === worst).length;
  const values = { count, unknown };
  const status = { values, total, unknown, normal: false, problem: false };
  if (worst !== undefined) return { ...status, text: worst, problem: worst !== names.allowed };
  if (unknown === total) return { ...status, text: 'no-data' };
  return { ...status, text: unknown > 0 ? 'silent' : names.normal, normal: unknown === 0 };
}
