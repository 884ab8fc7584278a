import type { PhaseName } from '../../server/loadtest/phases.ts';
import type { RunLabelName } from '../../server/loadtest/label.ts';

/** What goes on in a generated run; only the generator knows it. */
export type Scenario =
  | 'planned-test' | 'manual-test' | 'outage' | 'no-load' | 'never-loaded' | 'too-short' | 'load-lost'; // prettier-ignore

/** How a site measures: which quantities its makers have, and how often they are read. */
export interface Telemetry {
  readonly maker: 'full' | 'no-state' | 'two-points' | 'phases';
  readonly incomers: boolean;
  readonly position: boolean;
  readonly source: boolean;
  readonly ups: 'source' | 'input' | 'none';
  readonly intervalMs: number;
}

export type Fault =
  | 'none' | 'start-fails-once' | 'stays-down' | 'frequency-sags' | 'gap-genset' | 'gap-ups' | 'gap-incomer' | 'frozen-genset' | 'genset-clock'
  | 'incomer-clock' | 'single-samples'; // prettier-ignore

export interface Truth {
  readonly scenario: Scenario;
  readonly fault: Fault;
  readonly label: RunLabelName;
  readonly telemetry: Telemetry;
  /** Epoch ms, not on any sample. */
  readonly gridOff: number | null;
  readonly gridBack: number | null;
  readonly sets: readonly SetTruth[];
  readonly transfers: readonly { readonly there: number | null; readonly back: number | null }[];
  /** Readings of these things are away, or stand still, from – to. */
  readonly lost: readonly { readonly thing: string; readonly from: number; readonly to: number }[];
  /** Added to what a clock should say, ms, by thing. */
  readonly clocks: ReadonlyMap<string, number>;
  readonly from: number;
  readonly to: number;
}

export interface SetTruth {
  readonly id: string;
  readonly cranks: readonly { readonly from: number; readonly to: number }[];
  readonly ready: number | null;
  readonly loadedFrom: number | null;
  readonly loadedTo: number | null;
  readonly stopped: number | null;
}

/** A phase of the truth: what it belongs to and when. */
export interface TruePhase {
  readonly phase: PhaseName;
  readonly thing: string | null;
  readonly end: 'from' | 'to';
  readonly at: number;
  /** Whose readings show it. */
  readonly shownBy: string;
}

/** The moments that the telemetry of a run lets be seen. */
export function visiblePhases({ gridOff, gridBack, sets, transfers, telemetry }: Truth): TruePhase[] {
  const { maker } = telemetry;
  const grid = telemetry.incomers ? 'pln-a' : telemetry.source ? 'ats-a' : undefined;
  const found: (TruePhase | false)[] = [
    grid !== undefined && gridOff !== null && { phase: 'grid-off', thing: null, end: 'from', at: gridOff, shownBy: grid },
    grid !== undefined && gridBack !== null && { phase: 'grid-back', thing: null, end: 'to', at: gridBack, shownBy: grid },
  ];
  for (const { id, cranks, ready, loadedFrom, loadedTo, stopped } of sets) {
    const first = cranks.at(-1);
    const crankIsSeen = maker !== 'two-points';
    const by = { thing: id, shownBy: id };
    found.push(
      crankIsSeen && first !== undefined && { phase: 'crank', end: 'from', at: first.from, ...by },
      crankIsSeen && first !== undefined && ready !== null && { phase: 'crank', end: 'to', at: first.to, ...by },
      maker !== 'two-points' && ready !== null && { phase: 'in-tolerance', end: 'to', at: ready, ...by },
      loadedTo !== null && loadedFrom !== null && { phase: 'cool-down', end: 'from', at: loadedTo, ...by },
      stopped !== null && maker !== 'two-points' && ready !== null && { phase: 'stop', end: 'to', at: stopped, ...by },
    );
  }
  transfers.forEach(({ there, back }, place) => {
    const thing = place === 0 ? 'ats-a' : 'ats-b';
    if (!telemetry.position) return;
    found.push(
      there !== null && { phase: 'transfer', thing, end: 'to', at: there, shownBy: thing },
      back !== null && { phase: 'retransfer', thing, end: 'to', at: back, shownBy: thing },
    );
  });
  return found.filter((each) => each !== false);
} // prettier-ignore
