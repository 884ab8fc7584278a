import { FieldError } from '../driver.ts';
import type { Span } from './blocks.ts';
import { openConnection, type Connection } from './connection.ts';

/** One TCP connection, shared by all units behind a host and port. */
export interface Gateway {
  /** Bytes of one answer. Rejects with ModbusException or FieldError. */
  read(unit: number, span: Span, signal: AbortSignal): Promise<Buffer>;
  /** Idempotent; what still waits is refused. */
  close(): void;
}

interface Job {
  readonly unit: number;
  readonly span: Span;
  readonly signal: AbortSignal;
  readonly resolve: (bytes: Buffer) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Takes requests in turn, one at a time, so that a unit that is dead costs the others one `timeoutMs` and no more. After a
 * fault the next request gets a fresh connection; a dial that fails fails for all who wait, since they share it.
 */
export function createGateway(options: {
  readonly host: string;
  readonly port: number;
  readonly pauseMs: number;
  readonly timeoutMs: number;
}): Gateway {
  const waiting: Job[] = [];
  let connection: Connection | undefined;
  let running = false;
  let closed = false;

  async function run(): Promise<void> {
    running = true;
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      if (closed) job.reject(new FieldError('refused', 'closed'));
      else if (job.signal.aborted)
        job.reject(new FieldError('timeout', 'no turn on the gateway before the deadline'));
      else await serve(job);
    }
    running = false;
  }

  async function serve(job: Job): Promise<void> {
    const limits = { timeoutMs: options.timeoutMs, signal: job.signal };
    if (connection?.usable !== true) {
      try {
        connection = await openConnection(options, limits);
      } catch (error) {
        job.reject(error);
        // An abort is this job's alone; anything else is true for the gateway.
        if (!job.signal.aborted) for (const other of waiting.splice(0)) other.reject(error);
        return;
      }
      if (closed) connection.close();
    }
    await connection.read(job.unit, job.span, limits).then(job.resolve, job.reject);
  }

  return {
    read: (unit, span, signal) =>
      new Promise((resolve, reject) => {
        waiting.push({ unit, span, signal, resolve, reject });
        if (!running) void run();
      }),
    close() {
      closed = true;
      connection?.close();
      for (const job of waiting.splice(0)) job.reject(new FieldError('refused', 'closed'));
    },
  };
}
