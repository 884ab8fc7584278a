import { extentOf, heldAt, samplesIn } from '../measure.ts';
import type { Window } from '../phases.ts';
import type { Genset, RolePoint } from '../roles.ts';
import type { Trace } from '../signal.ts';
import { traceOf } from '../things.ts';
import { exactly, worst, type Verdict } from '../verdict.ts';
import type { Finding, Input, Reason } from './finding.ts';

/** Limits that hold while an engine runs, and those of one that waits. */
const whileRunning = ['oil', 'coolant', 'speed'] as const;
const quantityOf = {
  oil: 'oil-pressure',
  coolant: 'coolant-temperature',
  speed: 'speed',
  battery: 'battery-voltage',
} as const;

export function engineLimits({ roles, recognised: { traces }, figures }: Input): Finding {
  const checked: { readonly thing: string; readonly verdict: Verdict; readonly why: Reason }[] = [];
  for (const genset of roles.gensets) {
    const set = figures.sets.find((each) => each.genset === genset.id);
    const check = (point: RolePoint | undefined, quantity: string, window: Window | null, side: 'min' | 'max', isShown = covers): void => {
      const limit = genset.limits[quantity]?.[side];
      if (limit === undefined || window === null) return;
      const thing = `${genset.id}/${quantity}`;
      const trace = traceOf(traces, point);
      const extent = extentOf(samplesIn(trace, window));
      if (extent === null) checked.push({ thing, verdict: 'not-proven', why: 'not-seen' });
      else if (side === 'min' ? extent.min < limit : extent.max > limit) checked.push({ thing, verdict: 'fail', why: 'limit' });
      else {
        checked.push({ thing, verdict: isShown(trace, window) ? 'pass' : 'not-proven', why: 'gaps' });
      }
    };
    const running = set?.loadedWindow ?? null;
    const settled = running === null ? null : { from: Math.min(running.from + 10_000, running.to), to: running.to };
    for (const role of whileRunning) {
      check(genset[role], quantityOf[role], settled, 'max');
      if (role !== 'coolant') check(genset[role], quantityOf[role], settled, 'min');
    }
    const before = { from: figures.window.from - 60_000, to: figures.window.from - 1 };
    check(genset.coolant, quantityOf.coolant, before, 'min', holdsAtEnd);
    check(genset.battery, quantityOf.battery, before, 'min', holdsAtEnd);
    if (running !== null && !hasEngineLimits(genset))
      checked.push({ thing: genset.id, verdict: 'not-proven', why: 'no-limit' });
  }
  const verdict = worst(checked.map((each) => each.verdict));
  const concerned = checked.filter((each) => each.verdict === verdict);
  return {
    verdict, unit: 'count',
    value: exactly(checked.filter((each) => each.verdict === 'fail').length),
    limit: { value: 0, sense: 'most' },
    why: concerned[0]?.why ?? 'not-seen',
    things: verdict === 'pass' ? [] : concerned.map(({ thing }) => thing),
  };
} // prettier-ignore

/** What an engine waits with is shown by what holds as it starts: a server that came up half a minute before has seen enough of it. */
function holdsAtEnd(trace: Trace, { to }: Window): boolean {
  return heldAt(trace, to) !== undefined;
}

function covers(trace: Trace, window: Window): boolean {
  const span = samplesIn(trace, window);
  const [first, last] = [span[0], span.at(-1)];
  if (first === undefined || last === undefined) return false;
  const gaps = span.some(({ at }, index) => at - (span[index - 1]?.at ?? at) > trace.holdMs);
  return !gaps && first.at - window.from <= trace.holdMs && window.to - last.at <= trace.holdMs;
}

function hasEngineLimits({ limits }: Genset): boolean {
  return limits['oil-pressure']?.min !== undefined && limits['coolant-temperature']?.max !== undefined;
}
