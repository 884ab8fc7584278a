interface Range {
  readonly low: number;
  readonly high: number;
}

/** Parsed once per table; tables live as long as their profile. */
const parsed = new WeakMap<object, readonly (Range & { readonly key: string })[]>();

/** `65280..65535`, both ends in it; undefined for any other text. */
export function parseRange(key: string): Range | undefined {
  const match = /^(-?\d+(?:\.\d+)?)\.\.(-?\d+(?:\.\d+)?)$/.exec(key);
  return match === null ? undefined : { low: Number(match[1]), high: Number(match[2]) };
}

/** The key of the table (raw value or range → anything) whose range holds the number. */
export function rangeOf(table: object, raw: number | bigint): string | undefined {
  let ranges = parsed.get(table);
  if (ranges === undefined) {
    ranges = Object.keys(table).flatMap((key) => {
      const range = parseRange(key);
      return range === undefined ? [] : [{ ...range, key }];
    });
    parsed.set(table, ranges);
  }
  return ranges.find(({ low, high }) => raw >= low && raw <= high)?.key;
}
