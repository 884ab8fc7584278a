import { existsSync, renameSync } from 'node:fs';

/** Whether a SQLite error means that the file itself is damaged, rather than busy, read-only or the disk full. */
export function isDamage(error: unknown): boolean {
  const message = error instanceof Error ? error.message : String(error);
  return /malformed|not a database|unsupported file format|no such (table|column)|has no column/i.test(
    message,
  );
}

/** Renames a SQLite file with its log; it must not be open. Returns its new name. */
export function setFileAside(path: string, now: number): string {
  const aside = `${path}.damaged-${now}`;
  for (const end of ['', '-wal', '-shm']) if (existsSync(path + end)) renameSync(path + end, aside + end);
  return aside;
}
