/** What is broken at a site just now: kind of fault → keys of the things that have it. */
export interface Faults {
  /** Incomers (device keys) whose PLN source is gone. */
  readonly sourceLost: ReadonlySet<string>;
  /** Feeds (`A`, `B`) dead from the UPS down. */
  readonly feedDead: ReadonlySet<string>;
  /** UPSs (device keys) without an output, whatever their input. */
  readonly upsFailed: ReadonlySet<string>;
  /** PACs (device keys) that stopped. */
  readonly stopped: ReadonlySet<string>;
  /** Smoke detectors (device keys) that draw in smoke. */
  readonly smoke: ReadonlySet<string>;
  /** Leak zones and doors, `deviceKey` or `deviceKey/part`. */
  readonly wet: ReadonlySet<string>;
  readonly forced: ReadonlySet<string>;
  /** Doors that somebody keeps open. */
  readonly propped: ReadonlySet<string>;
  /** Doors at which an unknown card is tried again and again; through which two go on one grant; which somebody opens whom no ticket names; at which a duress code is given. */
  readonly strangers: ReadonlySet<string>;
  readonly tailgated: ReadonlySet<string>;
  readonly unticketed: ReadonlySet<string>;
  readonly duress: ReadonlySet<string>;
  /** Gensets (device keys) that somebody left in manual, without the charger of the starter battery and the coolant heater. */
  readonly neglected: ReadonlySet<string>;
  /** Gensets (device keys) that somebody starts by hand; they run without load while the grid is there. */
  readonly started: ReadonlySet<string>;
  /** Gensets (device keys) whose first attempt to start fails; whose governor lets the speed sag under load. */
  readonly failsFirst: ReadonlySet<string>;
  readonly sagging: ReadonlySet<string>;
  /** Tanks (device keys) that leak. */
  readonly fuelLeak: ReadonlySet<string>;
  /** UPSs (device keys) with a worn battery that overheats. */
  readonly batteryWorn: ReadonlySet<string>;
  /** Routers (device keys) whose provider is gone. */
  readonly providerLost: ReadonlySet<string>;
  /** Recorders (device keys) that lose frames. */
  readonly framesLost: ReadonlySet<string>;
  /** Fire panels (device keys): gas leaks from the cylinders; it burns in the genset room. */
  readonly agentLeak: ReadonlySet<string>;
  readonly gensetFire: ReadonlySet<string>;
  /** Devices whose measurements are nonsense. */
  readonly nonsense: ReadonlySet<string>;
  /** Devices that do not answer or publish. */
  readonly silent: ReadonlySet<string>;
}

const kinds = [
  'sourceLost',
  'feedDead',
  'upsFailed',
  'stopped',
  'smoke',
  'wet',
  'forced',
  'propped',
  'strangers',
  'tailgated',
  'unticketed',
  'duress',
  'neglected',
  'started',
  'failsFirst',
  'sagging',
  'fuelLeak',
  'batteryWorn',
  'providerLost',
  'framesLost',
  'agentLeak',
  'gensetFire',
  'nonsense',
  'silent',
] as const;

export function faults(some: { readonly [K in keyof Faults]?: Iterable<string> } = {}): Faults {
  const one = (kind: keyof Faults): ReadonlySet<string> => new Set(some[kind] ?? []);
  return {
    sourceLost: one('sourceLost'),
    feedDead: one('feedDead'),
    upsFailed: one('upsFailed'),
    stopped: one('stopped'),
    smoke: one('smoke'),
    wet: one('wet'),
    forced: one('forced'),
    propped: one('propped'),
    strangers: one('strangers'),
    tailgated: one('tailgated'),
    unticketed: one('unticketed'),
    duress: one('duress'),
    neglected: one('neglected'),
    started: one('started'),
    failsFirst: one('failsFirst'),
    sagging: one('sagging'),
    fuelLeak: one('fuelLeak'),
    batteryWorn: one('batteryWorn'),
    providerLost: one('providerLost'),
    framesLost: one('framesLost'),
    agentLeak: one('agentLeak'),
    gensetFire: one('gensetFire'),
    nonsense: one('nonsense'),
    silent: one('silent'),
  };
}

/** All that any of them breaks. */
export function mergeFaults(all: Iterable<Faults>): Faults {
  const merged = new Map(kinds.map((kind) => [kind, new Set<string>()]));
  for (const one of all) for (const kind of kinds) for (const key of one[kind]) merged.get(kind)?.add(key);
  return faults(Object.fromEntries(merged));
}

/** Name of a zone or door in a fault. */
export function partKey(deviceKey: string, part: string | undefined): string {
  return part === undefined ? deviceKey : `${deviceKey}/${part}`;
}
