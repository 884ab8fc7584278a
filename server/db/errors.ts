/**
 * What can go wrong with the operations database, typed by what the caller should do. The same on SQLite and PostgreSQL;
 * anything else is a mistake in our SQL.
 */

/** Somebody else holds the database. Nothing was written: keep the work and try again. */
export class DatabaseBusy extends Error {
  override readonly name = 'DatabaseBusy';
}

/** The database does not answer: a full disk, a lost server, a frozen file system. Keep the work and try again. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
  /** The answer to a commit was lost: it may have been written. Repeating it must do no harm (ids are made by the caller). */
  readonly outcomeUnknown: boolean;
  constructor(message: string, options: { cause?: unknown; outcomeUnknown?: boolean } = {}) {
    super(message, { cause: options.cause });
    this.outcomeUnknown = options.outcomeUnknown ?? false;
  }
}

/** The row contradicts one that exists, or refers to one that does not. Trying again does not help. */
export class ConstraintViolation extends Error {
  override readonly name = 'ConstraintViolation';
}

/** The database cannot be used until someone repairs it. The message names the file, what is wrong and the remedy; print it without a stack. */
export class DatabaseUnusable extends Error {
  override readonly name = 'DatabaseUnusable';
}

type RetryableDatabaseError = DatabaseBusy | DatabaseUnavailable;

export function isRetryable(error: unknown): error is RetryableDatabaseError {
  return error instanceof DatabaseBusy || error instanceof DatabaseUnavailable;
}
