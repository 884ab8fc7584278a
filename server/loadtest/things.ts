import type { LoadTestProfile } from '../../config/schema/loadtest.ts';
import type { Genset, Incomer, RolePoint, SiteRoles, TransferSwitch, Ups } from './roles.ts';
import { combine, firstKnown, type Signal, signalOf, type Trace } from './signal.ts';

export type Settings = LoadTestProfile['recognition'];
export type Traces = ReadonlyMap<string, Trace>;

export type Engine = 'stopped' | 'cranking' | 'running';
export type Source = 'live' | 'lost';
type Position = 'normal' | 'emergency' | 'off';
export type UpsSource = 'mains' | 'battery' | 'none' | 'bypass';

export interface GensetSignals {
  readonly genset: Genset;
  readonly engine: Signal<Engine>;
  /** Voltage and frequency let it take load. */
  readonly ready: Signal<boolean>;
  readonly loaded: Signal<boolean>;
}

export interface SiteSignals {
  readonly incomers: readonly { readonly incomer: Incomer; readonly source: Signal<Source> }[];
  readonly transfers: readonly {
    readonly transfer: TransferSwitch;
    readonly position: Signal<Position>;
    readonly source: Signal<Source>;
  }[];
  readonly gensets: readonly GensetSignals[];
  readonly upss: readonly { readonly ups: Ups; readonly source: Signal<UpsSource>; readonly input: Signal<Source> }[];
} // prettier-ignore

const empty: Trace = { samples: [], holdMs: 0 };

export function traceOf(traces: Traces, point: RolePoint | undefined): Trace {
  return (point === undefined ? undefined : traces.get(point.id)) ?? empty;
}

/** Of a phase to neutral, or between two phases (`l12`). */
export function nominalVolts(part: string | undefined, { volts }: Settings): number {
  return part !== undefined && /^l\d\d$/.test(part) ? volts * Math.sqrt(3) : volts;
}

export function siteSignals(roles: SiteRoles, traces: Traces, settings: Settings): SiteSignals {
  return {
    incomers: roles.incomers.map((incomer) => ({
      incomer,
      source: voltageSignal(incomer.voltages, traces, settings),
    })),
    transfers: roles.transfers.map((transfer) => ({
      transfer,
      position: stateSignal(transfer.position, traces, positions),
      source: stateSignal(transfer.normal, traces, sources),
    })),
    gensets: roles.gensets.map((genset) => gensetSignals(genset, traces, settings)),
    upss: roles.upss.map((ups) => ({
      ups,
      source: stateSignal(ups.source, traces, upsSources),
      input: voltageSignal(ups.inputs, traces, settings),
    })),
  };
}

const positions: Readonly<Record<string, Position>> = {
  'source-1': 'normal',
  'source-2': 'emergency',
  off: 'off',
};
const sources: Readonly<Record<string, Source>> = { available: 'live', lost: 'lost' };
const upsSources: Readonly<Record<string, UpsSource>> = {
  normal: 'mains', eco: 'mains', booster: 'mains', reducer: 'mains', test: 'mains',
  battery: 'battery', bypass: 'bypass', none: 'none',
}; // prettier-ignore
const engines: Readonly<Record<string, Engine>> = {
  stopped: 'stopped', ready: 'stopped', 'not-ready': 'stopped', 'post-run': 'stopped', shutdown: 'stopped',
  'pre-start': 'cranking', cranking: 'cranking', starting: 'cranking',
  'warming-up': 'running', running: 'running', 'cooling-down': 'running', stopping: 'running',
}; // prettier-ignore

function stateSignal<Name extends string>(
  point: RolePoint | undefined,
  traces: Traces,
  names: Readonly<Record<string, Name>>,
): Signal<Name> {
  return point === undefined ? [] : signalOf(traceOf(traces, point), nameOf(point, names));
}

function nameOf<Name extends string>(
  point: RolePoint,
  names: Readonly<Record<string, Name>>,
): (code: number) => Name | undefined {
  return (code) => {
    const name = point.states?.get(code);
    return name === undefined || !Object.hasOwn(names, name) ? undefined : names[name];
  };
}

/** What one code of a controller or switch means; undefined: nothing that is known. */
export const meaningOf = {
  turns: (point: RolePoint) => {
    const engine = nameOf(point, engines);
    return (code: number): boolean | undefined => {
      const is = engine(code);
      return is === undefined ? undefined : is !== 'stopped';
    };
  },
  isOnGensets: (point: RolePoint) => {
    const position = nameOf(point, positions);
    return (code: number): boolean | undefined => {
      const is = position(code);
      return is === undefined ? undefined : is === 'emergency';
    };
  },
};

/** A source is live while one of its phases is, and lost while none is; which none tells is not known. */
function voltageSignal(points: readonly RolePoint[], traces: Traces, settings: Settings): Signal<Source> {
  const phases = points.map((point) => {
    const least = (nominalVolts(point.part, settings) * settings.lostBelow) / 100;
    return signalOf(traceOf(traces, point), (volts): Source => (volts >= least ? 'live' : 'lost'));
  });
  return combine(phases, (values) => {
    const known = values.filter((value) => value !== undefined);
    if (known.includes('live')) return 'live';
    return known.length > 0 ? 'lost' : undefined;
  });
}

/** Four poles: 1500 rpm at 50 Hz. */
const rpmPerHertz = 30;

function gensetSignals(genset: Genset, traces: Traces, settings: Settings): GensetSignals {
  const loaded = loadedSignal(genset, traces, settings);
  return {
    genset,
    engine: engineSignal(genset, traces, { settings, loaded }),
    ready: readySignal(genset, traces, settings),
    loaded,
  };
}

/**
 * From the best that is known at a time: the controller's state, else speed, frequency, voltage. Where the controller gives none of them
 * at all, from the load alone.
 */
function engineSignal(
  genset: Genset,
  traces: Traces,
  { settings, loaded }: { readonly settings: Settings; readonly loaded: Signal<boolean> },
): Signal<Engine> {
  const { hertz } = settings;
  const signals = [
    stateSignal(genset.state, traces, engines),
    ...([
      [genset.speed, hertz * rpmPerHertz],
      [genset.frequency, hertz],
      [genset.voltages[0], nominalVolts(genset.voltages[0]?.part, settings)],
    ] as const).map(([point, rated]) =>
      signalOf(traceOf(traces, point), (value): Engine => {
        if (value >= rated * 0.8) return 'running';
        return value >= rated * 0.05 ? 'cranking' : 'stopped';
      }),
    ),
  ].filter(({ length }) => length > 0);
  if (signals.length > 0) return firstKnown(signals);
  return combine([loaded], ([is]): Engine | undefined => {
    if (is === undefined) return undefined;
    return is ? 'running' : 'stopped';
  });
} // prettier-ignore

function loadedSignal(genset: Genset, traces: Traces, { loadedFrom }: Settings): Signal<boolean> {
  const leastKw = genset.ratedKw === undefined ? 5 : (genset.ratedKw * loadedFrom) / 100;
  const whole = signalOf(traceOf(traces, genset.power), (kw) => kw >= leastKw);
  if (whole.length > 0) return whole;
  const phases = genset.phasePowers.map((point) =>
    signalOf(traceOf(traces, point), (kw) => kw >= leastKw / 3),
  );
  return combine(phases, anyOf);
}

function readySignal(genset: Genset, traces: Traces, settings: Settings): Signal<boolean> {
  const within = (point: RolePoint | undefined, nominal: number, percent: number): Signal<boolean> =>
    signalOf(traceOf(traces, point), (value) => Math.abs(value - nominal) <= (nominal * percent) / 100);
  const voltages = genset.voltages.map((point) =>
    within(point, nominalVolts(point.part, settings), settings.readyVoltage),
  );
  const frequency = within(genset.frequency, settings.hertz, settings.readyFrequency);
  if (voltages.every((signal) => signal.length === 0) || frequency.length === 0) return [];
  return combine([...voltages.filter((signal) => signal.length > 0), frequency], allOf);
}

/** True as soon as one is, whatever the others; false when all are. */
export function anyOf(values: readonly (boolean | undefined)[]): boolean | undefined {
  if (values.includes(true)) return true;
  return values.length === 0 || values.includes(undefined) ? undefined : false;
}

function allOf(values: readonly (boolean | undefined)[]): boolean | undefined {
  if (values.includes(false)) return false;
  return values.length === 0 || values.includes(undefined) ? undefined : true;
}
