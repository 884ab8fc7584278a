import type { LayerEntry } from '../../config/schema/people.ts';
import { dayMs, wibStart } from '../../core/wib.ts';

/** Somebody takes over for another one, or for whoever is on call in the layer. Epoch ms, [from, to). */
export interface Override {
  readonly id: string;
  readonly layer: string;
  readonly person: string;
  readonly from: number;
  readonly to: number;
  readonly reason: string;
}

/** A person is not on duty and is not paged. Epoch ms, [from, to). */
export interface TimeOff {
  readonly id: string;
  readonly person: string;
  readonly from: number;
  readonly to: number;
  readonly reason: string;
}

/** What people entered; it goes before the rotation of people.yaml. */
export interface RosterChanges {
  readonly overrides: readonly Override[];
  readonly timeOff: readonly TimeOff[];
}

/** Who is on call, and why. */
export interface OnCall {
  readonly layer: string;
  /** Null: every member of the layer is off. */
  readonly person: string | null;
  /** `stand-in`: whose turn it is is off, and the next member has it. */
  readonly because: 'rotation' | 'override' | 'stand-in' | 'nobody';
  /** When this ends, epoch ms. */
  readonly until: number;
}

type Answer = Pick<OnCall, 'person' | 'because'>;

export function isOff(timeOff: readonly TimeOff[], person: string, at: number): boolean {
  return timeOff.some((each) => each.person === person && each.from <= at && at < each.to);
}

/**
 * Turns begin at `handover` of every day or week since `start`, WIB; before the first one the first member has it. The newest override goes
 * before the rotation; who is off is passed over. Pure.
 */
export function onCallAt(layer: LayerEntry, changes: RosterChanges, at: number): OnCall {
  const now = whoAt(layer, changes, at);
  const longest = 2 * Math.max(turnMs(layer), ...changes.overrides.map(({ from, to }) => to - from));
  const until = changesOf(layer, changes, { from: at, to: at + longest }).find(
    (instant) =>
      (now.because !== 'override' && isTurn(layer, instant)) || !isSame(whoAt(layer, changes, instant), now),
  );
  return { layer: layer.layer, ...now, until: until ?? at + longest };
}

/** As `onCallAt`, without when it ends. */
export function whoAt(layer: LayerEntry, { overrides, timeOff }: RosterChanges, at: number): Answer {
  const taken = overrides
    .filter((each) => each.layer === layer.layer && each.from <= at && at < each.to)
    .filter((each) => !isOff(timeOff, each.person, at))
    .toSorted((a, b) => (a.id < b.id ? 1 : -1))[0];
  if (taken !== undefined) return { person: taken.person, because: 'override' };
  const { members } = layer;
  const turn = Math.floor((at - firstTurn(layer)) / turnMs(layer));
  const first = ((turn % members.length) + members.length) % members.length;
  for (let step = 0; step < members.length; step += 1) {
    const person = members[(first + step) % members.length] ?? '';
    if (!isOff(timeOff, person, at)) return { person, because: step === 0 ? 'rotation' : 'stand-in' };
  }
  return { person: null, because: 'nobody' };
}

/** In a layer whose members are all off: whoever is on call in the next layer of the file, or the one after. */
export function standsInFor(
  layer: LayerEntry,
  layers: readonly LayerEntry[],
  { changes, at }: { readonly changes: RosterChanges; readonly at: number },
): string | null {
  const place = layers.indexOf(layer);
  for (const other of [...layers.slice(place + 1), ...layers.slice(0, place)]) {
    const { person } = whoAt(other, changes, at);
    if (person !== null) return person;
  }
  return null;
}

/** Instants in (from, to), in order, at which who is on call in the layer may change. */
export function changesOf(
  layer: LayerEntry,
  { overrides, timeOff }: RosterChanges,
  { from, to }: { readonly from: number; readonly to: number },
): number[] {
  const every = turnMs(layer);
  const first = firstTurn(layer);
  const instants = new Set<number>();
  for (let at = first + (Math.floor((from - first) / every) + 1) * every; at < to; at += every)
    instants.add(at);
  for (const each of [...overrides.filter((one) => one.layer === layer.layer), ...timeOff])
    for (const edge of [each.from, each.to]) if (edge > from && edge < to) instants.add(edge);
  return [...instants].toSorted((a, b) => a - b);
}

function isTurn(layer: LayerEntry, at: number): boolean {
  return (at - firstTurn(layer)) % turnMs(layer) === 0;
}

function isSame(one: Answer, other: Answer): boolean {
  return one.person === other.person && one.because === other.because;
}

function turnMs({ every }: LayerEntry): number {
  return (every === 'week' ? 7 : 1) * dayMs;
}

function firstTurn({ start, handover }: LayerEntry): number {
  return wibStart(start, handover);
}
