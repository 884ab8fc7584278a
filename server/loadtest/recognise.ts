import { aligned, type ClockOffset } from './clocks.ts';
import { withoutFrozen, type FrozenPoint } from './frozen.ts';
import { labelOf, type Declaration, type RunLabel } from './label.ts';
import { allOnBattery, loadedOf, phasesOf, type PhaseMark, type RunSignals, type Window } from './phases.ts';
import type { SiteRoles } from './roles.ts';
import { combine, type Signal, type Span, spansOf, valueAt } from './signal.ts';
import { anyOf, siteSignals, type Settings, type SiteSignals, type Source, type Traces } from './things.ts';

/** The gensets of a site ran, or PLN was gone: from the first sign to the last. */
export interface Run {
  readonly site: string;
  readonly from: number;
  /** Null: it goes on. */
  readonly to: number | null;
  /** The readings ceased before the end was seen. */
  readonly endUnseen: boolean;
  readonly label: RunLabel;
  readonly phases: readonly PhaseMark[];
  /** Devices whose clocks were put right, and meters that had frozen. */
  readonly clocks: readonly ClockOffset[];
  readonly frozen: readonly FrozenPoint[];
}

/** A run with what it was recognised from: clocks put right, frozen meters taken out. */
export interface Recognised {
  readonly run: Run;
  readonly signals: RunSignals;
  readonly traces: Traces;
}

/** What is unknown for longer ends a run. */
const longestGapMs = 15 * 60_000;
/** Of engines that nobody can read any more, once the site is known to be on PLN again: their stop is then not seen. */
const unseenStopMs = 60_000;
/** After a run that carried load to its end everything must rest for so long. */
const settledMs = 1_000;
/** PLN that was gone for less, without a genset that starts, is a dip. */
const shortestOutageMs = 10_000;

/**
 * Finds the runs in the readings of a site. Pure: the same readings give the same runs, live, after a restart and years later. `until`:
 * how far the readings go.
 */
export function recognise(
  roles: SiteRoles,
  raw: Traces,
  options: {
    readonly settings: Settings;
    readonly declarations: readonly Declaration[];
    readonly until: number;
  },
): Recognised[] {
  const { settings, declarations, until } = options;
  const { traces: moving, frozen } = withoutFrozen(roles, raw, settings);
  const { traces, clocks } = aligned(roles, moving, { settings, until });
  const signals = runSignals(siteSignals(roles, traces, settings));
  return activeSpans(signals, { settings, until })
    .filter((span) => !isDip(signals, span))
    .map(({ span, isOpen }) => {
      const window = { from: span.from?.at ?? span.seenFrom, to: span.to?.at ?? span.seenTo };
      const label = labelOf(signals, window, { declarations, settings, isOpen });
      const run: Run = {
        site: roles.site,
        from: window.from,
        to: isOpen ? null : window.to,
        endUnseen: !isOpen && span.to === null,
        label,
        phases: phasesOf(signals, window),
        clocks,
        frozen,
      };
      return { run, signals, traces };
    });
}

/** PLN as a whole, from its meters; where none tells, from what the switches see of it. */
function runSignals(signals: SiteSignals): RunSignals {
  const known = (all: readonly Signal<Source>[]): Signal<Source>[] => all.filter(({ length }) => length > 0);
  const meters = signals.incomers.map(({ source }) => source);
  const switches = known(signals.transfers.map(({ source }) => source));
  const whole = combine([...meters, ...switches], (values): Source | undefined => {
    const ofMeters = values.slice(0, meters.length);
    const ofSwitches = values.slice(meters.length);
    if (ofMeters.includes('live')) return 'live';
    if (ofMeters.length > 0 && ofMeters.every((value) => value === 'lost')) return 'lost';
    if (ofSwitches.length === 0) return undefined;
    if (ofSwitches.includes('live')) return 'live';
    return ofSwitches.every((value) => value === 'lost') ? 'lost' : undefined;
  });
  return { ...signals, grid: whole, loaded: loadedOf(signals) };
}

interface Active {
  readonly span: Span;
  readonly isOpen: boolean;
}

/** While something of a run goes on; attempts close together are one run. */
function activeSpans(signals: RunSignals, { settings, until }: { settings: Settings; until: number }): Active[] {
  const parts: Signal<boolean>[] = [
    ...signals.gensets.map(({ engine }) => is(engine, (value) => value !== 'stopped')),
    ...signals.transfers.map(({ position }) => is(position, (value) => value === 'emergency')),
    is(signals.grid, (value) => value === 'lost'),
    ...(signals.grid.some(({ value }) => value !== undefined) ? [] : [allOnBattery(signals)]),
  ].filter(({ length }) => length > 0);
  const active = combine(parts, anyOf);
  const merged: Span[] = [];
  for (const span of spansOf(active, Boolean, until)) {
    const before = merged.at(-1);
    const gapMs = before === undefined ? Infinity : span.seenFrom - before.seenTo;
    const rested = before === undefined || valueAt(active, before.seenTo) === false;
    if (before !== undefined && gapMs <= (rested ? settings.mergeWithin : longestGapMs))
      merged[merged.length - 1] = { from: before.from, to: span.to, seenFrom: before.seenFrom, seenTo: span.seenTo };
    else merged.push(span);
  }
  return merged.map((span) => {
    const restMs = until - (span.to?.at ?? span.seenTo);
    const isLast = span === merged.at(-1);
    // A gap may end; another attempt may follow, but hardly after a run that carried the load and gave it back.
    const carried = spansOf(signals.loaded, Boolean, until).some(
      ({ seenTo, seenFrom, to }) => to !== null && seenTo > span.seenFrom && seenFrom <= span.seenTo,
    );
    const unseenMs = carried && isBackOnGrid(signals, until) ? unseenStopMs : longestGapMs;
    const patienceMs = span.to === null ? unseenMs : carried ? settledMs : settings.mergeWithin;
    return { span, isOpen: isLast && restMs < patienceMs };
  });
} // prettier-ignore

/** PLN is there, every switch is known to stand on it and no genset is known to turn: only a stop was not seen. */
function isBackOnGrid({ grid, transfers, gensets, loaded }: RunSignals, at: number): boolean {
  const switches = transfers.filter(({ position }) => position.length > 0);
  return (
    valueAt(grid, at) === 'live' &&
    switches.length > 0 &&
    switches.every(({ position }) => valueAt(position, at) === 'normal') &&
    valueAt(loaded, at) !== true &&
    gensets.every(({ engine }) => ['stopped', undefined].includes(valueAt(engine, at)))
  );
}

function is<Value>(signal: Signal<Value>, isIt: (value: Value) => boolean): Signal<boolean> {
  return signal.map((step) => ({ ...step, value: step.value === undefined ? undefined : isIt(step.value) }));
}

function isDip(signals: RunSignals, { span }: Active): boolean {
  const window: Window = { from: span.seenFrom, to: span.seenTo };
  if (window.to - window.from >= shortestOutageMs) return false;
  const moved = [
    ...signals.gensets.flatMap(({ engine }) => spansOf(engine, (value) => value !== 'stopped', window.to)),
    ...spansOf(signals.loaded, Boolean, window.to),
    ...signals.transfers.flatMap(({ position }) => spansOf(position, (value) => value === 'emergency', window.to)),
  ];
  return !moved.some(({ seenFrom, seenTo }) => seenTo > window.from && seenFrom <= window.to);
} // prettier-ignore
