/** Before every blob of bits: they would be read as something, whatever became of them. */
export const checksumBytes = 2;

export function withChecksum(content: Uint8Array): Uint8Array {
  const blob = new Uint8Array(checksumBytes + content.length);
  blob.set(content, checksumBytes);
  const sum = checksumOf(blob);
  blob[0] = sum >>> 8;
  blob[1] = sum & 0xff;
  return blob;
}

/** Throws when the blob is not what was written. */
export function verify(blob: Uint8Array): void {
  if ((((blob[0] ?? 0) << 8) | (blob[1] ?? 0)) !== checksumOf(blob))
    throw new RangeError('the blob is damaged');
}

/** FNV-1a of what follows the checksum, folded to its size. */
function checksumOf(blob: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let i = checksumBytes; i < blob.length; i += 1) hash = Math.imul(hash ^ (blob[i] ?? 0), 0x01000193);
  return ((hash >>> 16) ^ hash) & 0xffff;
}
