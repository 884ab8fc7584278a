/**
 * What cannot be decoded is a gap: undefined, and told to `onDamage`. Anything else is thrown on: what SQLite itself cannot read is no gap, and
 * nothing may be written over or deleted because of it.
 */
export function readable<T>(read: () => T, onDamage?: () => void): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RangeError) && !isZlibError(error)) throw error;
    onDamage?.();
    return undefined;
  }
}

function isZlibError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}
