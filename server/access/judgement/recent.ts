/** Events of one passage may arrive in any order: it is judged once they had time to come. */
export const settleMs = 2_000;
/** Late events find what happened before them within this. */
export const rememberMs = 10 * 60_000;
/** A guard against a controller that repeats itself. */
export const mostKept = 256;

interface Moment {
  readonly id: string;
  readonly at: number;
}

/** What is remembered once `added` has come, in order of time; one that comes again replaces itself. */
export function withRecent<Item extends Moment>(items: readonly Item[], added: Item): Item[] {
  return [...items.filter(({ id, at }) => id !== added.id && at >= added.at - rememberMs), added]
    .toSorted((a, b) => a.at - b.at)
    .slice(-mostKept);
}
