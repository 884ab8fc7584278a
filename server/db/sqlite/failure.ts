import { ConstraintViolation, DatabaseBusy, DatabaseUnavailable } from '../errors.ts';
import type { Failure } from './protocol.ts';

/** Primary result codes of SQLite. */
const sqlite = { busy: 5, locked: 6, readOnly: 8, ioError: 10, corrupt: 11, full: 13, cannotOpen: 14, constraint: 19, notADatabase: 26 } as const; // prettier-ignore

const damage = new Set<number | undefined>([sqlite.corrupt, sqlite.notADatabase]);
const trouble = new Set<number | undefined>([sqlite.readOnly, sqlite.ioError, sqlite.full, sqlite.cannotOpen, ...damage]); // prettier-ignore

/** An error as it crosses from thread to thread. */
export function failureOf(error: unknown, overdue = false): Failure {
  const message = error instanceof Error ? error.message : String(error);
  const given = error instanceof Error && 'errcode' in error ? error.errcode : undefined;
  const code = typeof given === 'number' ? given & 0xff : undefined;
  // The library loses the code of an error between two rows.
  return { message, code: code ?? (/malformed/.test(message) ? sqlite.corrupt : undefined), overdue };
}

export function isDamage({ code }: Failure): boolean {
  return damage.has(code);
}

/** The typed error of a failure, with SQLite's own words. */
export function errorOf(failure: Failure, path: string): Error {
  const { message, code, overdue } = failure;
  if (overdue) return new DatabaseBusy(`${path}: not written, its turn came too late`);
  if (code === sqlite.busy || code === sqlite.locked)
    return new DatabaseBusy(`${path}: another process holds the write lock (${message})`);
  if (code === sqlite.constraint) return new ConstraintViolation(message);
  if (trouble.has(code)) return new DatabaseUnavailable(`${path}: ${message}`);
  return new Error(message);
}
