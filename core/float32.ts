/** Most digits that tell one 32-bit float from its neighbours. */
const mostDigits = 9;

/**
 * The shortest decimal number that is this 32-bit float: 230.1, where reading its bytes into a 64-bit number gives 230.10000610351562.
 * A value then has the digits that the device meant.
 */
export function shortestFloat32(value: number): number {
  for (let digits = 6; digits < mostDigits; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}
