import type { Device } from '../../config/model.ts';
import { uniform, wave } from '../physics/noise.ts';
import type { SiteState } from '../physics/site.ts';
import type { Place, Quantities, Reader } from './place.ts';

type Figure = (state: SiteState) => number;

/** One metered circuit; everything else that a meter shows follows from it. */
export interface Circuit {
  readonly kw: Figure;
  readonly kwh: Figure;
  /** To neutral; 0 when dead. */
  readonly volts: Figure;
  readonly hz: Figure;
  readonly powerFactor: number;
}

const imbalance = [0.97, 1.01, 1.02];
const squareRoot3 = Math.sqrt(3);

/** The electrical quantities of a circuit for the whole device or the part that a point names. */
export function circuitQuantities(circuitAt: (place: Place) => Circuit | undefined): Quantities {
  const of =
    (reader: (circuit: Circuit, share: Share) => Reader) =>
    (place: Place): Reader | undefined => {
      const circuit = circuitAt(place);
      return circuit === undefined ? undefined : reader(circuit, shareOf(place.device, place.point.part));
    };
  return {
    power: of(
      ({ kw }, share) =>
        (state) =>
          kw(state) * share.kw,
    ),
    'apparent-power': of(
      ({ kw, powerFactor }, share) =>
        (state) =>
          (kw(state) * share.kw) / powerFactor,
    ),
    'reactive-power': of(({ kw, powerFactor }, share) => {
      const tangent = Math.tan(Math.acos(powerFactor));
      return (state) => kw(state) * share.kw * tangent;
    }),
    'power-factor': of(
      ({ powerFactor }) =>
        () =>
          powerFactor,
    ),
    frequency: of(
      ({ hz }) =>
        (state) =>
          hz(state),
    ),
    energy: of(
      ({ kwh }, share) =>
        (state) =>
          kwh(state) * share.kw,
    ),
    voltage: of(
      ({ volts }, share) =>
        (state) =>
          volts(state) * (share.line ? squareRoot3 : 1),
    ),
    current: of(({ kw, volts, powerFactor }, share) => (state) => {
      const live = volts(state);
      return live < 1 ? 0 : (kw(state) * 1_000 * share.kw) / (live * powerFactor * share.conductors);
    }),
    'load-state': () => () => 'normal',
  };
}

interface Share {
  /** Of the device's power. */
  readonly kw: number;
  /** Conductors that share the current. */
  readonly conductors: number;
  /** Voltage between lines. */
  readonly line: boolean;
}

/** l1–l3 are phases, l12 … lines, banks and outlets share evenly; any other part is a circuit of its own. */
function shareOf(device: Device, part: string | undefined): Share {
  const phases = Math.max(1, partsOf(device, /^l\d$/));
  if (part === undefined) return { kw: 1, conductors: phases, line: false };
  if (/^l\d\d$/.test(part)) return { kw: 1, conductors: 1, line: true };
  const phase = /^l(\d)$/.exec(part)?.[1];
  if (phase !== undefined)
    return {
      kw: (phases === 3 ? (imbalance[Number(phase) - 1] ?? 1) : 1) / phases,
      conductors: 1,
      line: false,
    };
  const family = /^(bank|outlet)-/.exec(part)?.[1];
  if (family !== undefined)
    return { kw: 1 / partsOf(device, new RegExp(`^${family}-`)), conductors: 1, line: false };
  return { kw: 1, conductors: 1, line: false };
}

function partsOf(device: Device, name: RegExp): number {
  return new Set(device.points.flatMap(({ part }) => (part !== undefined && name.test(part) ? [part] : [])))
    .size;
}

/** 230 V to neutral with a slow swing of its own. */
export function mainsVolts(name: string, seed: number): (atMs: number) => number {
  const phase = uniform(`${name} volts`, seed);
  return (atMs) => 230 + 1.6 * wave(atMs, 300 + 200 * phase, phase);
}

export function mainsHz(atMs: number): number {
  return 50 + 0.03 * wave(atMs, 137, 0);
}
