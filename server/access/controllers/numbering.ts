import { z } from 'zod';

/**
 * What a controller's own count of its events tells: whether some never arrived, whether it began again. Pure; the state is stored with the
 * events, so that a restart neither forgets a gap nor finds one that is none.
 */
const gap = z.object({
  /** Both never arrived, nor any between them. */
  from: z.int(),
  to: z.int(),
  /** When the gap was found, epoch ms. */
  foundAt: z.number(),
  /** It was reported as an event `events-missed`. */
  reported: z.boolean(),
});
export type Gap = z.infer<typeof gap>;

export const numberingShape = z.object({
  /** Of the present run of numbers. */
  lowest: z.int(),
  highest: z.int(),
  /** When the controller's event with the highest number happened, epoch ms. */
  at: z.number(),
  gaps: z.array(gap),
});
export type Numbering = z.infer<typeof numberingShape>;

interface Numbered {
  readonly number: number;
  /** Epoch ms, as admitted. */
  readonly at: number;
  readonly now: number;
}

export interface Followed {
  readonly numbering: Numbering;
  /** `late`: it closes a gap, or is older than all that is known. `restarted`: the numbers begin again. */
  readonly as: 'next' | 'late' | 'restarted';
  /** What the run before has lost and nobody was told of. */
  readonly lost: readonly Gap[];
}

/** A controller that was wiped or replaced numbers from 1; what is later in time and has a higher number than this is only repeated. */
const firstNumbers = 100;
/** More gaps than these are no gaps but a controller that counts in some other way: the oldest are forgotten. */
const mostGaps = 1_000;

export function follow(before: Numbering | undefined, { number, at, now }: Numbered): Followed {
  if (before === undefined)
    return { numbering: { lowest: number, highest: number, at, gaps: [] }, as: 'next', lost: [] };
  const { lowest, highest, gaps } = before;
  if (number > highest) {
    const found = { from: highest + 1, to: number - 1, foundAt: now, reported: false };
    const all = number === highest + 1 ? gaps : [...gaps, found].slice(-mostGaps);
    return { numbering: { lowest, highest: number, at, gaps: all }, as: 'next', lost: [] };
  }
  const closes = gaps.find(({ from, to }) => from <= number && number <= to);
  if (closes === undefined && number <= firstNumbers && at > before.at)
    return {
      numbering: { lowest: number, highest: number, at, gaps: [] },
      as: 'restarted',
      lost: gaps.filter(({ reported }) => !reported),
    };
  const left = gaps.flatMap((each) => (each === closes ? without(each, number) : each));
  return { numbering: { ...before, lowest: Math.min(lowest, number), gaps: left }, as: 'late', lost: [] };
}

function without({ from, to, ...rest }: Gap, number: number): Gap[] {
  return [
    { ...rest, from, to: number - 1 },
    { ...rest, from: number + 1, to },
  ].filter((each) => each.from <= each.to);
}

/** Numbers that never arrived. */
export function missing({ gaps }: Pick<Numbering, 'gaps'>): number {
  return gaps.reduce((sum, { from, to }) => sum + to - from + 1, 0);
}
