import { spansOf } from '../signal.ts';
import { exactly } from '../verdict.ts';
import type { Finding, Input } from './finding.ts';

const transferMs = 60_000;

/** PLN was away for as long as the gensets carried load, and that came to its end. */
export function completed({ recognised: { run, signals }, figures: { loaded }, profile }: Input): Finding {
  const minutes = loaded === null ? null : exactly((loaded.to - loaded.from) / 60_000);
  const found = { unit: 'min' as const, value: minutes };
  const { label } = run.label;
  if (label === 'aborted' || label === 'no-load') return { ...found, verdict: 'fail', why: 'no-test' };
  if (loaded === null || label === 'unclear' || run.to === null)
    return { ...found, verdict: 'not-proven', why: 'not-seen' };
  // A run that may have been too short for a test, since its end was not seen, proves none.
  const loads = spansOf(signals.loaded, Boolean, loaded.to).filter(({ seenTo, seenFrom }) => seenTo > loaded.from && seenFrom <= loaded.to);
  const last = loads.at(-1);
  const shownMs = last === undefined ? 0 : (last.to?.after ?? last.seenTo) - loaded.from;
  if (shownMs < profile.recognition.abortedBelow) return { ...found, verdict: 'not-proven', why: 'gaps' };
  const off = run.phases.find(({ phase }) => phase === 'grid-off')?.from ?? null;
  // The first and the last moments belong to the transfers: readings that come late may show the load before they show the loss of PLN.
  const isTransfer = off !== null && off.at > loaded.from && off.at - loaded.from <= transferMs;
  const begins = isTransfer ? off.at : loaded.from;
  const steps = signals.grid.filter(({ at }) => at > begins && at < loaded.to - transferMs);
  const before = signals.grid.findLast(({ at }) => at <= begins)?.value;
  const all = [before, ...steps.map(({ value }) => value)];
  if (all.some((value) => value === undefined)) return { ...found, verdict: 'not-proven', why: 'gaps' };
  // PLN is back for a while before the load returns to it: lost once and back once.
  if (off === null || before !== 'lost') return { ...found, verdict: 'fail', why: 'not-islanded' };
  return { ...found, verdict: 'pass' };
} // prettier-ignore

export function interval(input: Input): Finding {
  const { period, recognised, now } = input;
  const found = { unit: 'days' as const, value: null };
  const own = completed(input).verdict;
  const isTest = recognised.run.label.label === 'test';
  if (period.isFulfilled || (isTest && own === 'pass')) return { ...found, verdict: 'pass' };
  if (now >= period.to) return { ...found, verdict: isTest && own === 'not-proven' ? 'not-proven' : 'fail', why: 'no-test' };
  return { ...found, verdict: 'not-proven', why: isTest && own === 'not-proven' ? 'not-seen' : 'period-runs' };
} // prettier-ignore
