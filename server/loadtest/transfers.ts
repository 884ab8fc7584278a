import { seconds, type Reason } from './criteria/finding.ts';
import type { Run } from './recognise.ts';
import { between } from './signal.ts';
import { atMost, onlyWith, type Bounded, type Verdict } from './verdict.ts';

/** What one transfer switch did in a run; seconds, null: not seen. */
export interface TransferFigures {
  readonly ats: string;
  /** From the loss of PLN to the load on the gensets. */
  readonly transfer: Bounded | null;
  readonly verdict: Verdict;
  /** Why it is not a pass; null: it is one. */
  readonly why: Reason | null;
  /** From the return of PLN to the load back on it. */
  readonly retransfer: Bounded | null;
}

/** Each switch by itself, held against the longest time that start and transfer may take. Pure. */
export function transfersOf({ phases, clocks }: Pick<Run, 'phases' | 'clocks'>, limitMs: number): TransferFigures[] {
  // Times of two clocks are compared: what is not known of their difference is added.
  const doubtMs = Math.max(0, ...clocks.map((clock) => clock.doubtMs));
  const timeOf = (phase: 'transfer' | 'retransfer', ats: string): Bounded | null => {
    const mark = phases.find((each) => each.phase === phase && each.thing === ats);
    if (mark === undefined || mark.from === null || mark.to === null) return null;
    const { seen, least, most } = between(mark.from, mark.to);
    return seconds({ seen, least: Math.max(0, least - doubtMs), most: most + doubtMs });
  };
  const switches = phases.flatMap(({ phase, thing }) => (phase === 'transfer' && thing !== null ? [thing] : []));
  return [...new Set(switches)].map((ats) => {
    const transfer = timeOf('transfer', ats);
    const verdict = transfer === null ? 'not-proven' : onlyWith(Number.isFinite(transfer.most), atMost(transfer, limitMs / 1_000));
    const open = transfer === null ? 'not-seen' : doubtMs > 0 ? 'clocks' : 'sampling';
    const why = verdict === 'pass' ? null : verdict === 'fail' ? 'limit' : open;
    return { ats, transfer, verdict, why, retransfer: timeOf('retransfer', ats) };
  });
} // prettier-ignore
