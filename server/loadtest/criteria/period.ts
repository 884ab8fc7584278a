import { exactly } from '../verdict.ts';
import type { Finding, Input } from './finding.ts';

/** PLN was away for as long as the gensets carried load, and that came to its end. */
export function completed({ recognised: { run, signals }, figures: { loaded } }: Input): Finding {
  const minutes = loaded === null ? null : exactly((loaded.to - loaded.from) / 60_000);
  const found = { unit: 'min' as const, value: minutes };
  const { label } = run.label;
  if (label === 'aborted' || label === 'no-load') return { ...found, verdict: 'fail', why: 'no-test' };
  if (loaded === null || label === 'unclear' || run.to === null)
    return { ...found, verdict: 'not-proven', why: 'not-seen' };
  // The first and the last moments belong to the transfers.
  const steps = signals.grid.filter(({ at }) => at > loaded.from && at < loaded.to - 60_000);
  const [inside, before] = [steps.map(({ value }) => value), signals.grid.findLast(({ at }) => at <= loaded.from)?.value];
  const all = [before, ...inside];
  if (all.some((value) => value === undefined)) return { ...found, verdict: 'not-proven', why: 'gaps' };
  // PLN is back for a while before the load returns to it: lost once and back once.
  const off = run.phases.find(({ phase }) => phase === 'grid-off');
  if ((off?.from ?? null) === null || before !== 'lost') return { ...found, verdict: 'fail', why: 'not-islanded' };
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
