import { ProblemError } from './problem.ts';

/** Bounds what expensive requests cost together, and what one caller may take of it. */
export interface HeavyLimits {
  /**
   * Runs the work in its turn: few at once for one caller, few at once in all. Throws a 429 when the caller has too many waiting, and
   * the signal's reason when its client goes while it waits.
   */
  run<Result>(caller: string, signal: AbortSignal, work: () => Promise<Result>): Promise<Result>;
}

interface Waiting {
  readonly caller: string;
  readonly begin: () => void;
}

const defaults = { perCaller: 2, waitingPerCaller: 4, atOnce: 4 };

export function createHeavyLimits(limits: Partial<typeof defaults> = {}): HeavyLimits {
  const { perCaller, waitingPerCaller, atOnce } = { ...defaults, ...limits };
  const running = new Map<string, number>();
  let waiting: Waiting[] = [];
  let total = 0;

  const of = (caller: string): number => running.get(caller) ?? 0;
  const mayBegin = (caller: string): boolean => total < atOnce && of(caller) < perCaller;

  function enter(caller: string): void {
    total += 1;
    running.set(caller, of(caller) + 1);
  }

  function leave(caller: string): void {
    total -= 1;
    if (of(caller) <= 1) running.delete(caller);
    else running.set(caller, of(caller) - 1);
    const next = waiting.find((each) => mayBegin(each.caller));
    if (next === undefined) return;
    waiting = waiting.filter((each) => each !== next);
    enter(next.caller);
    next.begin();
  }

  function turn(caller: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const entry: Waiting = {
        caller,
        begin: () => {
          signal.removeEventListener('abort', give);
          resolve();
        },
      };
      const give = (): void => {
        waiting = waiting.filter((each) => each !== entry);
        reject(signal.reason instanceof Error ? signal.reason : new Error('the client has gone'));
      };
      signal.addEventListener('abort', give, { once: true });
      waiting.push(entry);
    });
  }

  return {
    async run(caller, signal, work) {
      signal.throwIfAborted();
      if (mayBegin(caller)) enter(caller);
      else {
        if (waiting.filter((each) => each.caller === caller).length >= waitingPerCaller)
          throw new ProblemError(429, {
            detail: `${caller} has too many expensive requests under way; wait for their answers`,
            headers: { 'Retry-After': '1' },
          });
        await turn(caller, signal);
      }
      try {
        return await work();
      } finally {
        leave(caller);
      }
    },
  };
}
