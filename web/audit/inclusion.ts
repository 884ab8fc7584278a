import { siblingSides } from '../../core/log/path.ts';

/** What is used of the browser's `crypto.subtle`. */
interface Digesting {
  digest(algorithm: 'SHA-256', data: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>;
}

/**
 * Whether the entry's data hashes to its leaf, and the leaf with the proof to the root (RFC 6962): computed where it is looked at, with the
 * server's hashes but not its word. Undefined: the browser lends its hash function to pages of https and of this machine only.
 */
export async function provesEntry(
  entry: {
    readonly data: string;
    /** Hashes are base64. */
    readonly leaf: string;
    readonly index: number;
    readonly size: number;
    readonly proof: readonly string[];
    readonly root: string;
  },
  subtle: Digesting | undefined = globalThis.crypto.subtle,
): Promise<boolean | undefined> {
  if (subtle === undefined) return undefined;
  const hash = async (...parts: readonly Uint8Array[]): Promise<Uint8Array> =>
    new Uint8Array(await subtle.digest('SHA-256', joined(parts)));
  const sides = siblingSides(entry.index, entry.size, entry.proof.length);
  if (sides === undefined) return false;
  let known = await hash(Uint8Array.of(0), new TextEncoder().encode(entry.data));
  if (!isSame(known, fromBase64(entry.leaf))) return false;
  for (const [at, text] of entry.proof.entries()) {
    const sibling = fromBase64(text);
    known = await (sides[at] === 'left'
      ? hash(Uint8Array.of(1), sibling, known)
      : hash(Uint8Array.of(1), known, sibling));
  }
  return isSame(known, fromBase64(entry.root));
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (sign) => sign.codePointAt(0) ?? 0);
}
