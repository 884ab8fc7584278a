import type { Device, Model, Point } from '../../config/model.ts';

/** What the plant of a site is for the recognition of a load test: roles, whatever the maker. */
export interface SiteRoles {
  readonly site: string;
  readonly incomers: readonly Incomer[];
  readonly transfers: readonly TransferSwitch[];
  readonly gensets: readonly Genset[];
  readonly upss: readonly Ups[];
  readonly tanks: readonly Tank[];
}

/** A point that plays a role. */
export interface RolePoint {
  readonly id: string;
  /** The part of its device: `l1`. */
  readonly part?: string;
  /** Code → name. */
  readonly states?: ReadonlyMap<number, string>;
}

interface Thing {
  /** Its id within the site. */
  readonly id: string;
}

export interface Incomer extends Thing {
  readonly voltages: readonly RolePoint[];
  readonly power?: RolePoint;
  readonly frequency?: RolePoint;
}

export interface TransferSwitch extends Thing {
  readonly position?: RolePoint;
  /** Whether PLN is there, by the switch. */
  readonly normal?: RolePoint;
}

export interface Genset extends Thing {
  /** Nameplate; undefined: the configuration does not say. */
  readonly ratedKw?: number;
  readonly limits: Readonly<Record<string, { readonly min?: number | undefined; readonly max?: number | undefined }>>;
  readonly fuelCurve: readonly { readonly load: number; readonly litresPerHour: number }[];
  readonly mode?: RolePoint;
  readonly state?: RolePoint;
  readonly speed?: RolePoint;
  readonly frequency?: RolePoint;
  readonly voltages: readonly RolePoint[];
  readonly currents: readonly RolePoint[];
  readonly power?: RolePoint;
  readonly phasePowers: readonly RolePoint[];
  readonly oil?: RolePoint;
  readonly coolant?: RolePoint;
  readonly battery?: RolePoint;
  readonly fuelRate?: RolePoint;
  readonly fuelLevel?: RolePoint;
  readonly hours?: RolePoint;
  readonly starts?: RolePoint;
} // prettier-ignore

export interface Ups extends Thing {
  readonly source?: RolePoint;
  readonly inputs: readonly RolePoint[];
  readonly charge?: RolePoint;
  readonly batteryVoltage?: RolePoint;
  readonly autonomy?: RolePoint;
}

export interface Tank extends Thing {
  readonly level: RolePoint;
  readonly litres?: number;
}

/** The things of a site that take part in a load test. */
export function siteRoles(model: Model, site: string): SiteRoles {
  const devices = model.devices.filter((device) => device.site === site);
  const isOnGrid = ({ key }: Device): boolean =>
    model.topology.into(key, 'supplies').some(({ from }) => model.topology.node(from)?.kind === 'grid');
  return {
    site,
    incomers: devices
      .filter((device) => device.kind === 'meter' && isOnGrid(device))
      .map((device) => ({
        id: device.id,
        voltages: parts(device, 'voltage'),
        ...one(device, 'power', 'power'),
        ...one(device, 'frequency', 'frequency'),
      })),
    // A switch in front of a rack is no transfer switch of the site.
    transfers: devices
      .filter((device) => device.kind === 'ats' && device.rack === undefined)
      .map((device) => ({
        id: device.id,
        ...one(device, 'position', 'position'),
        ...one(device, 'source-1', 'normal'),
      })),
    gensets: devices.filter(({ kind }) => kind === 'genset').map(gensetOf),
    upss: devices
      .filter(({ kind }) => kind === 'ups')
      .map((device) => ({
        id: device.id,
        inputs: parts(device, 'input-voltage'),
        ...one(device, 'output-source', 'source'),
        ...one(device, 'battery-charge', 'charge'),
        ...one(device, 'battery-voltage', 'batteryVoltage'),
        ...one(device, 'autonomy', 'autonomy'),
      })),
    tanks: devices
      .filter(({ kind }) => kind === 'fuel-tank')
      .flatMap((device) =>
        parts(device, 'level').map((level) => ({
          id: device.id,
          level,
          ...(device.rating.litres === undefined ? {} : { litres: device.rating.litres }),
        })),
      ),
  };
}

function gensetOf(device: Device): Genset {
  const { kw, kva, limits = {}, fuelCurve = [] } = device.rating;
  const ratedKw = kw ?? (kva === undefined ? undefined : kva * 0.8);
  return {
    id: device.id,
    limits,
    fuelCurve,
    voltages: parts(device, 'voltage').filter(({ part }) => part !== undefined),
    currents: parts(device, 'current').filter(({ part }) => part !== undefined),
    phasePowers: parts(device, 'power').filter(({ part }) => part !== undefined),
    ...(ratedKw === undefined ? {} : { ratedKw }),
    ...one(device, 'control-mode', 'mode'),
    ...one(device, 'engine-state', 'state'),
    ...one(device, 'speed', 'speed'),
    ...one(device, 'frequency', 'frequency'),
    ...one(device, 'power', 'power'),
    ...one(device, 'oil-pressure', 'oil'),
    ...one(device, 'coolant-temperature', 'coolant'),
    ...one(device, 'battery-voltage', 'battery'),
    ...one(device, 'fuel-rate', 'fuelRate'),
    ...one(device, 'fuel-level', 'fuelLevel'),
    ...one(device, 'run-time', 'hours'),
    ...one(device, 'starts', 'starts'),
  };
}

function rolePoint(point: Point): RolePoint {
  return {
    id: point.id,
    ...(point.part === undefined ? {} : { part: point.part }),
    ...(point.states === undefined ? {} : { states: point.states }),
  };
}

function parts(device: Device, quantity: string): RolePoint[] {
  return device.points.filter((point) => point.quantity === quantity).map(rolePoint);
}

/** The point of the whole device, under the name of its role. */
function one<Role extends string>(
  device: Device,
  quantity: string,
  role: Role,
): { readonly [R in Role]?: RolePoint } {
  const point = device.points.find((each) => each.quantity === quantity && each.part === undefined);
  const found: { [R in Role]?: RolePoint } = {};
  if (point !== undefined) found[role] = rolePoint(point);
  return found;
}

/** Every point that plays a role, once. */
export function rolePoints(roles: SiteRoles): RolePoint[] {
  const things: object[] = [
    ...roles.incomers, ...roles.transfers, ...roles.gensets, ...roles.upss, ...roles.tanks,
  ]; // prettier-ignore
  return things.flatMap(pointsOf);
}

/** Those of one thing. */
export function pointsOf(thing: object): RolePoint[] {
  return Object.values(thing).flat().filter(isRolePoint);
}

function isRolePoint(value: unknown): value is RolePoint {
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string';
}
