import { defined } from '../../core/defined.ts';
import type { Address, Completion, Device, Model, Point } from '../model.ts';
import type { EventRead, PointSource } from '../point-source.ts';
import { figuresOf } from '../schema/diagnostics.ts';
import type { Profile, ValueSpec } from '../schema/profile.ts';
import type { DeviceEntry } from '../schema/site.ts';
import { stateNames, stateWords } from '../schema/states.ts';
import { plannedEvents } from './events.ts';
import { completedReads } from './complete.ts';
import { type ReadOptions, partGroups } from './reads.ts';
import { roomOf } from './zone.ts';
import type { Claim } from './rows.ts';

/** The points so far; a point's index is its place. */
export interface PointList {
  readonly points: readonly Point[];
  add(point: Omit<Point, 'index' | 'id'>): Point;
}

export function pointList(): PointList {
  const points: Point[] = [];
  return {
    points,
    add(point) {
      const part = point.part === undefined ? '' : `${point.part}/`;
      const id = `${point.site}/${point.owner.id}/${part}${point.quantity}`;
      const added = { ...point, index: points.length, id };
      points.push(added);
      return added;
    },
  };
}

export type DevicePlace = Omit<Device, 'points' | 'events' | 'link' | 'diagnostics'>;

export interface DevicePointOptions {
  readonly entry: Pick<DeviceEntry, 'parts' | 'inputs' | 'override' | 'instance' | 'modbus' | 'protects'>;
  readonly claims: readonly Claim[];
  readonly intervalsMs: Model['intervalsMs'];
}

/** A value that the device sends must come at least this long after three of its intervals, or it is stale. */
export const graceMs = 5_000;
/** The link is reported when it changes, not at every poll. */
const linkStaleAfterMs = 86_400_000;
const linkStates = new Map([[0, 'lost'], [1, 'ok']]); // prettier-ignore

/** All that is read from a device, its link and its diagnostics, appended to the list. */
export function devicePoints(list: PointList, device: DevicePlace, options: DevicePointOptions): Device {
  const { profile } = device;
  const claims = new Map(options.claims.map((claim) => [claim.part, claim]));
  const base = defined({
    site: device.site,
    owner: { kind: 'device' as const, id: device.id },
    rack: device.rack,
    feed: device.feed,
    device: device.id,
    kind: device.kind,
    position: device.position,
    role: device.role,
  });
  const points = readsOf(device, options).map(({ part, quantity, value, read, by }) => {
    const intervalMs = options.intervalsMs[value.interval ?? device.interval];
    const claim = part === undefined ? undefined : claims.get(part);
    const changed = overridden(value, part, options.entry.override ?? {});
    const source: PointSource = { from: 'device', read, value: changed, ...defined({ by }) };
    return list.add({
      ...base,
      ...(claim === undefined ? {} : defined({ rack: claim.rack, feed: claim.feed })),
      ...defined({
        part,
        room: roomOf(device, { part, quantity }, options.entry.protects),
        states: value.unit === 'state' && value.states ? stateNames(value.states) : undefined,
        words: wordsOf(value),
      }),
      quantity,
      unit: value.unit,
      intervalMs,
      staleAfterMs: 'silentAfter' in profile ? profile.silentAfter : 3 * intervalMs + graceMs,
      source,
    });
  });
  const link = list.add({
    ...base,
    room: device.room,
    quantity: 'link',
    unit: 'state',
    states: linkStates,
    intervalMs: options.intervalsMs[device.interval],
    staleAfterMs: linkStaleAfterMs,
    source: { from: 'link' },
  });
  const intervalMs = options.intervalsMs.slow;
  const diagnostics = figuresOf(profile).map(({ figure, quantity, unit }) =>
    list.add({
      ...base,
      room: device.room,
      quantity,
      unit,
      intervalMs,
      staleAfterMs: 3 * intervalMs + graceMs,
      source: { from: 'diagnostics', figure },
    }),
  );
  const events = eventsOf(device, options);
  return { ...device, points, link, diagnostics, ...(events.length === 0 ? {} : { events }) };
}

/** Most points have no words: then there is no table either. */
function wordsOf({ states }: ValueSpec): ReadonlyMap<number, string> | undefined {
  const words = states === undefined ? undefined : stateWords(states);
  return words === undefined || words.size === 0 ? undefined : words;
}

function eventsOf({ profile, address }: DevicePlace, options: DevicePointOptions): EventRead[] {
  if (profile.protocol !== 'mqtt' && profile.protocol !== 'push') return [];
  const topic = address.protocol === 'mqtt' ? address.topic : undefined;
  return plannedEvents(profile, { ...readOptions(profile, options.entry, options.claims), topic });
}

function readsOf(device: DevicePlace, options: DevicePointOptions) {
  const topic = device.address.protocol === 'mqtt' ? device.address.topic : undefined;
  return completedReads(device.profile, device.completedBy ?? [], {
    ...readOptions(device.profile, options.entry, options.claims),
    topic,
  });
}

/** Parts of a device that racks share are what the racks claim of the profile's only group. */
export function readOptions(
  profile: Profile,
  entry: Pick<DeviceEntry, 'parts' | 'inputs' | 'instance' | 'modbus'>,
  claims: readonly Claim[],
): ReadOptions {
  const [group] = partGroups(profile).keys();
  const claimed =
    group === undefined || claims.length === 0 ? {} : { [group]: claims.map((claim) => claim.part) };
  const { inputs, instance, modbus } = entry;
  return { parts: { ...entry.parts, ...claimed }, inputs, instance, modbus };
}

function overridden(
  value: ValueSpec,
  part: string | undefined,
  overrides: NonNullable<DeviceEntry['override']>,
): ValueSpec {
  const change = {
    ...overrides[value.quantity],
    ...(part === undefined ? {} : overrides[`${part}/${value.quantity}`]),
  };
  return Object.keys(change).length === 0 ? value : { ...value, ...change };
}

/**
 * A device outside any site, for reading once (commissioning). `found.parts`: group → parts, else the profile's own.
 * A generic profile has no points of its own and gives a device without any.
 */
export function adHocDevice(
  profile: Profile,
  address: Address,
  found: {
    readonly parts?: Record<string, string[]>;
    readonly instance?: string;
    readonly completedBy?: readonly Completion[];
  } = {},
): Device {
  const second = 1_000;
  const place: DevicePlace = {
    key: 'probe/device',
    id: 'device',
    site: 'probe',
    kind: profile.kind === 'any' ? 'meter' : profile.kind,
    profile,
    address,
    room: 'probe',
    rating: {},
    interval: profile.interval,
    ...defined({ instance: found.instance, completedBy: found.completedBy }),
  };
  const intervalsMs = { safety: second, power: second, normal: second, slow: second };
  return devicePoints(pointList(), place, { entry: found, claims: [], intervalsMs });
}

/** What `{…}` may be replaced by in the addresses and names of a row's racks. */
export const placeholders = ['row', 'rowNumber', 'number', 'rack', 'feed'] as const;
type Placeholder = (typeof placeholders)[number];
export type PatternValues = Readonly<Partial<Record<Placeholder, string>>>;

/** The names between braces, known or not, in order. */
export function placeholdersIn(pattern: string): string[] {
  return [...pattern.matchAll(/\{([^{}]*)\}/g)].map((match) => match[1] ?? '');
}

/** Replaces the placeholders that have a value; the others stay as they are. */
export function fillPattern(pattern: string, values: PatternValues): string {
  return pattern.replaceAll(/\{([^{}]*)\}/g, (whole, name: string) =>
    isPlaceholder(name) ? (values[name] ?? whole) : whole,
  );
}

function isPlaceholder(name: string): name is Placeholder {
  return placeholders.some((known) => known === name);
}
