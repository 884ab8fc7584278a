import type { ComplianceVerdict, Judged, TimeShare } from '../contracts/compliance.ts';

/** Parts of a time, ms; what is left of it is not known. */
export interface Held {
  readonly heldMs: number;
  readonly brokenMs: number;
  readonly totalMs: number;
}

/** What a verdict takes (config `needed`), percent. */
export interface Needed {
  readonly coverage: number;
  readonly share: number;
}

const order: readonly ComplianceVerdict[] = ['holds', 'not-proven', 'fails'];

/** A row holds when all of its proofs do; one that fails decides, one that is not proven leaves it open. */
export function worstVerdict(verdicts: readonly ComplianceVerdict[]): ComplianceVerdict {
  if (verdicts.length === 0) return 'not-proven';
  return verdicts.reduce((worst, each) => (order.indexOf(each) > order.indexOf(worst) ? each : worst), 'holds');
} // prettier-ignore

/** The first of the worst, so that its reason is the row's. */
export function worstJudged<Each extends { readonly verdict: ComplianceVerdict }>(
  all: readonly Each[],
): Each | undefined {
  const verdict = worstVerdict(all.map((each) => each.verdict));
  return all.find((each) => each.verdict === verdict);
}

export function addHeld(all: readonly Held[]): Held {
  return all.reduce(
    (sum, each) => ({
      heldMs: sum.heldMs + each.heldMs,
      brokenMs: sum.brokenMs + each.brokenMs,
      totalMs: sum.totalMs + each.totalMs,
    }),
    { heldMs: 0, brokenMs: 0, totalMs: 0 },
  );
}

/** Percent, rounded towards what is worse: 99.99999 % is not 100 %. */
export function shareOf({ heldMs, brokenMs, totalMs }: Held): TimeShare {
  const knownMs = heldMs + brokenMs;
  return {
    held: knownMs > 0 ? floorPercent(heldMs / knownMs) : null,
    coverage: totalMs > 0 ? floorPercent(Math.min(1, knownMs / totalMs)) : 0,
  };
}

/** What was broken stays broken however little was measured; without enough evidence nothing holds. */
export function verdictOf(held: Held, needed: Needed): ComplianceVerdict {
  const share = shareOf(held);
  if (share.held === null) return 'not-proven';
  if (share.held < needed.share) return 'fails';
  return share.coverage < needed.coverage ? 'not-proven' : 'holds';
}

/** The share of a row: of its proofs that decide, the worst of each figure. */
export function worstShare(shares: readonly TimeShare[]): TimeShare {
  const held = shares.map((each) => each.held);
  const known = held.filter((each) => each !== null);
  return {
    held: known.length === 0 ? null : Math.min(...known),
    coverage: shares.length === 0 ? 0 : Math.min(...shares.map(({ coverage }) => coverage)),
  };
}

export function sameJudgement(a: Judged, b: Judged): boolean {
  return a.verdict === b.verdict && a.reason.id === b.reason.id;
}

function floorPercent(part: number): number {
  return Math.floor(part * 1_000_000 + 1e-6) / 10_000;
}
