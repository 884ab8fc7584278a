/** Whole numbers as ranges [first, last], ascending, that neither touch nor overlap. Pure. */
interface Range {
  readonly first: number;
  readonly last: number;
}
export type Ranges = readonly Range[];

export function contains(ranges: Ranges, number: number): boolean {
  const range = ranges.findLast(({ first }) => first <= number);
  return range !== undefined && number <= range.last;
}

/** The ranges with one number more; the same ranges when it is among them. */
export function withNumber(ranges: Ranges, number: number): Ranges {
  if (contains(ranges, number)) return ranges;
  const before = ranges.filter(({ last }) => last < number - 1);
  const after = ranges.filter(({ first }) => first > number + 1);
  const touching = ranges.slice(before.length, ranges.length - after.length);
  const first = Math.min(number, touching[0]?.first ?? number);
  const last = Math.max(number, touching.at(-1)?.last ?? number);
  return [...before, { first, last }, ...after];
}

/** Without the ranges that end below a number. */
export function from(ranges: Ranges, number: number): Ranges {
  return ranges.filter(({ last }) => last >= number);
}

/** What to delete and what to insert to make one of the other. */
export function difference(before: Ranges, after: Ranges): { readonly gone: Ranges; readonly come: Ranges } {
  const key = ({ first, last }: Range): string => `${first} ${last}`;
  const had = new Set(before.map(key));
  const has = new Set(after.map(key));
  return {
    gone: before.filter((range) => !has.has(key(range))),
    come: after.filter((range) => !had.has(key(range))),
  };
}
