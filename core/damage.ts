import { existsSync, renameSync } from 'node:fs';

/** Whether an error of SQLite says that the file itself is damaged, and not that it is busy, read-only or the disk full. */
export function isDamage(error: unknown): boolean {
  const message = error instanceof Error ? error.message : String(error);
  return /malformed|not a database|unsupported file format|no such (table|column)|has no column/i.test(
    message,
  );
}

/** Renames a SQLite file with its log; nobody may have it open. Returns its new name. */
export function setFileAside(path: string, now: number): string {
  const aside = `${path}.damaged-${now}`;
  for (const end of ['', '-wal', '-shm']) if (existsSync(path + end)) renameSync(path + end, aside + end);
  return aside;
}
