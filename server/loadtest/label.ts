import {
  allOnBattery,
  batterySignal,
  firstInputLoss,
  isKnown,
  type RunSignals,
  type Window,
} from './phases.ts';
import { type Edge, type Signal, type Span, spansOf, valueAt } from './signal.ts';
import type { Settings } from './things.ts';

const runLabels = ['test', 'outage', 'no-load', 'aborted', 'unclear'] as const;
export type RunLabelName = (typeof runLabels)[number];

/** Why a run is called what it is; a sentence of the report. */
export const labelReasons = [
  'planned', 'declared', 'started-before', 'transferred-with-grid', 'grid-lost', 'never-loaded', 'load-lost', 'too-short',
  'no-load', 'not-seen',
] as const; // prettier-ignore
type LabelReason = (typeof labelReasons)[number];

export interface RunLabel {
  readonly label: RunLabelName;
  readonly why: LabelReason;
  /** The planned or declared test that it is. */
  readonly declaration: string | null;
}

/** A test that people announced: planned with a window, or declared while it went on. */
export interface Declaration extends Window {
  readonly id: string;
  readonly kind: 'planned' | 'declared';
}

/** What a run was. A test is one that was announced, or shows by its shape that people began it. */
export function labelOf(
  signals: RunSignals,
  window: Window,
  {
    declarations,
    settings,
    isOpen,
  }: {
    readonly declarations: readonly Declaration[];
    readonly settings: Settings;
    readonly isOpen: boolean;
  },
): RunLabel {
  const declared = declarationOf(window, { declarations, settings });
  const shape = shapeOf(signals, window);
  const { lost, loads, moved, gridKnown, loadKnown } = shape;
  const because = (label: RunLabelName, why: LabelReason): RunLabel => ({
    label,
    why,
    declaration: declared?.id ?? null,
  });
  const islanded = lost !== undefined || shape.onBattery || moved.length > 0;
  if (!islanded && gridKnown && (loads.length === 0 ? loadKnown || shape.switchesRest : shape.switchesRest)) {
    if (declared !== undefined && !shape.ran) return because('aborted', 'never-loaded');
    return because('no-load', 'no-load');
  }
  const manual = manualSign(signals, shape);
  if (declared !== undefined || manual !== undefined) {
    const failure = isOpen ? undefined : abortion(signals, shape, settings);
    if (failure !== undefined) return because('aborted', failure);
    return because('test', declared?.kind ?? manual ?? 'not-seen');
  }
  if (lost !== undefined || shape.onBattery) return because('outage', 'grid-lost');
  if (loads.length === 0 && loadKnown) return because('no-load', 'no-load');
  return because('unclear', 'not-seen');
}

function declarationOf(
  { from, to }: Window,
  { declarations, settings }: { readonly declarations: readonly Declaration[]; readonly settings: Settings },
): Declaration | undefined {
  const fits = declarations.filter(
    (each) => from >= each.from - settings.earliness && from <= each.to && to >= each.from,
  );
  return fits.find(({ kind }) => kind === 'planned') ?? fits[0];
}

interface Shape {
  readonly lost: Span | undefined;
  readonly lastLost: Span | undefined;
  /** When the UPSs lost their input, where no meter of PLN tells. */
  readonly inputLoss: Edge | null;
  readonly loads: readonly Span[];
  readonly moved: readonly Span[];
  readonly starts: readonly Span[];
  /** Some UPS was on battery or had no input. */
  readonly onBattery: boolean;
  readonly gridKnown: boolean;
  readonly loadKnown: boolean;
  /** Every switch stayed on PLN. */
  readonly switchesRest: boolean;
  /** Some engine came to run. */
  readonly ran: boolean;
}

function shapeOf(signals: RunSignals, window: Window): Shape {
  const inside = <Value>(signal: Signal<Value>, isIt: (value: Value) => boolean): Span[] =>
    spansOf(signal, isIt, window.to).filter(
      ({ seenFrom, seenTo }) => seenTo > window.from && seenFrom <= window.to,
    );
  const lost = inside(signals.grid, (value) => value === 'lost');
  const positions = signals.transfers.map(({ position }) => position);
  const batteries = signals.upss.map(({ source, input }) => batterySignal(source, input));
  const moved = positions.flatMap((position) => inside(position, (value) => value === 'emergency'));
  const switchesRest =
    moved.length === 0 && positions.length > 0 && positions.every((position) => isKnown(position, window));
  return {
    lost: lost[0],
    lastLost: lost.at(-1),
    inputLoss: firstInputLoss(signals, window),
    loads: inside(signals.loaded, Boolean),
    moved,
    starts: signals.gensets.flatMap(({ engine }) => inside(engine, (value) => value !== 'stopped')),
    ran: signals.gensets.some(({ engine }) => inside(engine, (value) => value === 'running').length > 0),
    onBattery: batteries.some((source) => inside(source, (value) => value === 'battery').length > 0),
    gridKnown:
      isKnown(signals.grid, window) ||
      switchesRest ||
      (batteries.length > 0 && batteries.every((source) => isKnown(source, window))),
    loadKnown: isKnown(signals.loaded, window),
    switchesRest,
  };
}

/** How much earlier than the loss of PLN an engine must have started to have been started by hand. */
const startedBeforeMs = 15_000;

/** People began it: the gensets ran before PLN went, or a switch moved while PLN was there. */
function manualSign(signals: RunSignals, { lost, inputLoss, moved, starts }: Shape): LabelReason | undefined {
  const firstStart = Math.min(...starts.map(({ from }) => from?.at ?? Infinity));
  const off = lost?.from ?? inputLoss;
  if (off !== null && firstStart < off.after - startedBeforeMs) return 'started-before';
  const early = moved.some(
    ({ from }) =>
      from !== null &&
      (lost === undefined || (lost.from !== null && from.at < lost.from.after - startedBeforeMs)) &&
      valueAt(signals.grid, from.at) === 'live' &&
      valueAt(signals.grid, from.after) === 'live',
  );
  return early ? 'transferred-with-grid' : undefined;
}

/** How long after the transfer every UPS must be on battery again before the gensets count as lost. */
const busLostMs = 20_000;

/** All UPSs were on battery again while PLN was away: the gensets no longer carried them. */
function isBusLost(signals: RunSignals, loaded: Window): boolean {
  return spansOf(allOnBattery(signals), Boolean, loaded.to).some(
    ({ seenFrom, seenTo }) =>
      seenFrom > loaded.from + busLostMs &&
      seenTo - seenFrom >= busLostMs &&
      valueAt(signals.grid, seenFrom) !== 'live',
  );
}

/** Why a test did not come to its end; undefined: it did, or it was not seen that it did not. */
function abortion(signals: RunSignals, shape: Shape, settings: Settings): LabelReason | undefined {
  const { loads, loadKnown, lastLost, moved, switchesRest } = shape;
  const first = loads[0];
  const last = loads.at(-1);
  if (first === undefined || last === undefined)
    return (loadKnown && moved.length === 0) || switchesRest ? 'never-loaded' : undefined;
  // The load was lost while PLN was still away.
  if (last.to !== null && last.to.at < (lastLost?.to?.after ?? -Infinity)) return 'load-lost';
  if (last.to !== null && valueAt(signals.grid, last.to.at) === 'lost' && lastLost?.to === null) return 'load-lost';
  if (isBusLost(signals, { from: first.seenFrom, to: last.seenTo })) return 'load-lost';
  if (last.to !== null && first.from !== null && last.to.at - first.from.after < settings.abortedBelow)
    return 'too-short';
  return undefined;
} // prettier-ignore
