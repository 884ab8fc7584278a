import { FieldError } from '../driver.ts';

/** When a conversation ends at the latest: at a moment of the monotonic clock, or when its signal aborts. */
export class Deadline {
  at: number;
  readonly #signal: AbortSignal;
  readonly #abort = (): void => this.#stop?.();
  #stop: (() => void) | undefined;

  constructor(signal: AbortSignal, ms: number) {
    this.at = performance.now() + ms;
    this.#signal = signal;
    signal.addEventListener('abort', this.#abort, { once: true });
  }

  /** The next conversation under the same signal has as long. */
  restart(ms: number): void {
    this.at = performance.now() + ms;
  }

  isUnder(signal: AbortSignal): boolean {
    return this.#signal === signal;
  }

  get passed(): boolean {
    return this.#signal.aborted || performance.now() >= this.at;
  }

  /** What has to end at once when the signal aborts: the one request under way, or nothing. */
  ends(stop: (() => void) | undefined): void {
    this.#stop = stop;
  }

  /** The promise, or FieldError `timeout` as soon as the signal aborts; what comes later is nobody's. */
  limit<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.passed) reject(deadlinePassed());
      this.ends(() => reject(deadlinePassed()));
      promise.then(resolve, reject).finally(() => this.ends(undefined));
    });
  }

  release(): void {
    this.#signal.removeEventListener('abort', this.#abort);
  }
}

/** Runs with a deadline that is released afterwards, so that a signal used for years gathers no listeners. */
export async function withDeadline<T>(
  signal: AbortSignal,
  ms: number,
  run: (deadline: Deadline) => Promise<T>,
): Promise<T> {
  const deadline = new Deadline(signal, ms);
  try {
    return await run(deadline);
  } finally {
    deadline.release();
  }
}

export function deadlinePassed(): FieldError {
  return new FieldError('timeout', 'the deadline passed');
}
