import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import type { TreeHead } from './tree.ts';

/**
 * Signed checkpoints as text: C2SP tlog-checkpoint and signed-note, countersigned as C2SP tlog-cosignature. The lines after the root are
 * ours: the checkpoint's number, so that a missing one is noticed, and its time.
 */
export interface Checkpoint extends TreeHead {
  /** Which log: `pantau/` and the beginning of the key's hash. */
  readonly origin: string;
  readonly number: number;
  /** Epoch ms. */
  readonly at: number;
}

export interface Signer {
  readonly name: string;
  readonly privateKey: KeyObject;
  /** 32 bytes, base64. */
  readonly publicKey: string;
}

const ed25519 = 1;
const cosignature = 4;
const dash = '\u2014';

function checkpointBody({ origin, size, root, number, at }: Checkpoint): string {
  return `${origin}\n${size}\n${root}\nnumber ${number}\ntime ${new Date(at).toISOString()}\n`;
}

/** Undefined: not a checkpoint. */
export function parseCheckpoint(note: string): Checkpoint | undefined {
  const [body] = splitNote(note);
  const found =
    /^(?<origin>[^\n]+)\n(?<size>0|[1-9]\d{0,15})\n(?<root>[A-Za-z0-9+/]{43}=)\nnumber (?<number>\d{1,15})\ntime (?<time>[^\n]+)\n$/.exec(
      body,
    )?.groups;
  if (found === undefined) return undefined;
  const { origin = '', size, root = '', number, time = '' } = found;
  const at = Date.parse(time);
  return Number.isNaN(at) ? undefined : { origin, size: Number(size), root, number: Number(number), at };
}

/** The body and its signature lines. */
export function splitNote(note: string): [body: string, lines: string[]] {
  const end = note.indexOf('\n\n');
  if (end < 0) return [note, []];
  const lines = note.slice(end + 2).split('\n');
  // Each line ends, also the last; what does not is kept as one more.
  if (lines.at(-1) === '') lines.pop();
  else lines.push('');
  return [note.slice(0, end + 1), lines];
}

export function signCheckpoint(checkpoint: Checkpoint, { name, privateKey, publicKey }: Signer): string {
  const body = checkpointBody(checkpoint);
  const signature = sign(null, Buffer.from(body), privateKey);
  return `${body}\n${line(name, keyHash(name, ed25519, publicKey), signature)}\n`;
}

/** The line that a witness adds: it says that the checkpoint is consistent with all that it has seen. */
export function countersign(note: string, at: number, { name, privateKey, publicKey }: Signer): string {
  const [body] = splitNote(note);
  const seconds = Math.floor(at / 1_000);
  const signature = sign(null, Buffer.from(cosigned(body, seconds)), privateKey);
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(BigInt(seconds));
  return line(name, keyHash(name, cosignature, publicKey), Buffer.concat([time, signature]));
}

/** Whether one of the note's lines is this key's signature. */
export function isSigned(note: string, { name, publicKey }: Pick<Signer, 'name' | 'publicKey'>): boolean {
  const [body, lines] = splitNote(note);
  const hash = keyHash(name, ed25519, publicKey);
  return lines.some((text) => {
    const parsed = parseLine(text);
    if (parsed?.name !== name || !parsed.hash.equals(hash)) return false;
    return isGood(Buffer.from(body), publicKey, parsed.signature);
  });
}

export function isCountersigned(
  note: string,
  text: string,
  { name, publicKey }: Pick<Signer, 'name' | 'publicKey'>,
): boolean {
  const [body] = splitNote(note);
  const parsed = parseLine(text);
  if (parsed?.name !== name || !parsed.hash.equals(keyHash(name, cosignature, publicKey))) return false;
  if (parsed.signature.length !== 72) return false;
  const seconds = Number(parsed.signature.readBigUInt64BE(0));
  return isGood(Buffer.from(cosigned(body, seconds)), publicKey, parsed.signature.subarray(8));
}

/** When its witness says it was made, epoch ms; undefined: it is no countersignature. */
export function countersignedAt(text: string): number | undefined {
  const signature = parseLine(text)?.signature;
  return signature?.length === 72 ? Number(signature.readBigUInt64BE(0)) * 1_000 : undefined;
}

/** C2SP: what a verifier is given of a key. */
export function verifierKey({ name, publicKey }: Pick<Signer, 'name' | 'publicKey'>): string {
  const bytes = Buffer.concat([Buffer.of(ed25519), Buffer.from(publicKey, 'base64')]);
  return `${name}+${keyHash(name, ed25519, publicKey).toString('hex')}+${bytes.toString('base64')}`;
}

/** Of a new key: 8 characters of its hash, so that two installations are never taken for each other. */
export function originOf(publicKey: string): string {
  return `pantau/${createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('hex').slice(0, 8)}`;
}

const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex');

/** Base64 of the 32 bytes. */
export function publicKeyOf(key: KeyObject): string {
  return createPublicKey(key).export({ type: 'spki', format: 'der' }).subarray(spkiPrefix.length).toString('base64'); // prettier-ignore
}

function isGood(message: Uint8Array, publicKey: string, signature: Uint8Array): boolean {
  const bytes = Buffer.from(publicKey, 'base64');
  // Text that decodes to the same bytes and is another was edited.
  if (bytes.length !== 32 || bytes.toString('base64') !== publicKey) return false;
  const key = createPublicKey({ key: Buffer.concat([spkiPrefix, bytes]), format: 'der', type: 'spki' });
  return verify(null, message, key, signature);
}

function cosigned(body: string, seconds: number): string {
  return `cosignature/v1\ntime ${seconds}\n${body}`;
}

function keyHash(name: string, type: number, publicKey: string): Buffer {
  return createHash('sha256')
    .update(`${name}\n`)
    .update(Buffer.of(type))
    .update(Buffer.from(publicKey, 'base64'))
    .digest()
    .subarray(0, 4);
}

function line(name: string, hash: Uint8Array, signature: Uint8Array): string {
  return `${dash} ${name} ${Buffer.concat([hash, signature]).toString('base64')}`;
}

function parseLine(text: string): { name: string; hash: Buffer; signature: Buffer } | undefined {
  const [start, name, encoded, more] = text.split(' ');
  if (start !== dash || name === undefined || encoded === undefined || more !== undefined) return undefined;
  const bytes = Buffer.from(encoded, 'base64');
  // Base64 that is not exactly what these bytes are written as was edited.
  if (bytes.length < 5 || bytes.toString('base64') !== encoded) return undefined;
  return { name, hash: bytes.subarray(0, 4), signature: bytes.subarray(4) };
}
