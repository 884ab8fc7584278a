/** Requests to a thread that owns one SQLite connection, and its replies. Both ends are ours and of the same build: not parsed again. */

export type SqlValue = string | number | bigint | null | Uint8Array;

export interface ThreadData {
  readonly path: string;
  readonly readOnly: boolean;
  /** How long a statement waits for a lock of another process, ms. */
  readonly busyTimeoutMs: number;
}

export interface Statement {
  readonly kind: 'statement';
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
  /** A separate transaction, rolled back when the deadline passed before its commit. */
  readonly atomic: boolean;
  /** By `monotonicMs`: after it the caller no longer waits for the answer. */
  readonly deadline: number;
}
export type Task = Statement | { readonly kind: 'rollback' } | { readonly kind: 'close' };

export interface Request {
  readonly id: number;
  readonly task: Task;
}

export interface Rows {
  /** Of the type that the query promises: `never[]` fits every one. */
  readonly rows: never[];
  readonly changes: bigint | undefined;
  readonly insertId: bigint | undefined;
}

export interface Failure {
  readonly message: string;
  /** SQLite's result code; undefined when it is no error of SQLite. */
  readonly code: number | undefined;
  readonly overdue: boolean;
}

export type Reply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'not-opened'; readonly failure: Failure }
  | { readonly kind: 'done'; readonly id: number; readonly result: Rows }
  | { readonly kind: 'failed'; readonly id: number; readonly failure: Failure };

/** The same in every thread of a process, unlike `performance.now()`. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000;
}
