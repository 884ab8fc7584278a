const verdicts = ['pass', 'fail', 'not-proven'] as const;
export type Verdict = (typeof verdicts)[number];

/** A figure between what it is at least and at most: readings come at intervals. */
export interface Bounded {
  readonly value: number;
  readonly least: number;
  readonly most: number;
}

export function exactly(value: number): Bounded {
  return { value, least: value, most: value };
}

/** Proven only when the limit holds wherever the true value lies. */
export function atMost({ least, most }: Bounded, limit: number): Verdict {
  if (least > limit) return 'fail';
  return most <= limit ? 'pass' : 'not-proven';
}

export function atLeast({ least, most }: Bounded, limit: number): Verdict {
  if (most < limit) return 'fail';
  return least >= limit ? 'pass' : 'not-proven';
}

/** One failure fails the whole; without a proof of every part there is none of the whole. */
export function worst(all: readonly Verdict[]): Verdict {
  if (all.includes('fail')) return 'fail';
  return all.length === 0 || all.includes('not-proven') ? 'not-proven' : 'pass';
}

/** What the readings show, where they do not suffice for a pass. */
export function onlyWith(evidence: boolean, verdict: Verdict): Verdict {
  return verdict === 'pass' && !evidence ? 'not-proven' : verdict;
}
