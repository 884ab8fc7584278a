const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const timeDigits = 10;
const randomDigits = 10;

/** `crypto.randomBytes`, or a fixed sequence in a test. */
export type RandomBytes = (length: number) => Uint8Array;

/**
 * A short id that sorts by time of making: 48 bits of epoch ms and 50 random bits, 20 characters of Crockford's
 * base 32 (as in a ULID, shorter).
 */
export function sortableId(now: number, randomBytes: RandomBytes): string {
  let time = '';
  for (let rest = now, digit = 0; digit < timeDigits; digit += 1) {
    time = alphabet.charAt(rest % 32) + time;
    rest = Math.floor(rest / 32);
  }
  const random = Array.from(randomBytes(randomDigits), (byte) => alphabet.charAt(byte % 32));
  return time + random.join('');
}
