/** A revoked or unknown credential that is tried again and again. Pure. */

interface Use {
  readonly id: string;
  readonly at: number;
}

/** So many within the time are no slip: an unknown card at one door, a revoked one at any. */
export const refusalLimits = {
  'unknown-credential': { uses: 3, withinMs: 5 * 60_000 },
  'revoked-credential': { uses: 2, withinMs: 10 * 60_000 },
} as const;

/** The uses that count after this one, and all of them once they are too many; then counting begins again. */
export function afterUse(
  uses: readonly Use[],
  use: Use,
  limit: { readonly uses: number; readonly withinMs: number },
): { readonly uses: readonly Use[]; readonly tooMany: readonly Use[] | undefined } {
  const counted = [
    ...uses.filter(({ id, at }) => id !== use.id && Math.abs(use.at - at) <= limit.withinMs),
    use,
  ].toSorted((a, b) => a.at - b.at);
  return counted.length < limit.uses ? { uses: counted, tooMany: undefined } : { uses: [], tooMany: counted };
}
