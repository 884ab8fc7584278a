import { DatabaseBusy } from '../errors.ts';

/** Whose turn it is to write, first come first served. */
export interface WriteLock {
  /** Resolves to the function that passes the turn on. Rejects with DatabaseBusy after `patienceMs`. */
  acquire(patienceMs: number): Promise<() => void>;
}

export function createWriteLock(): WriteLock {
  const queue: (() => void)[] = [];
  let held = false;

  function passOn(): void {
    const next = queue.shift();
    if (next === undefined) held = false;
    else next();
  }

  function turn(): () => void {
    let released = false;
    return () => {
      if (!released) passOn();
      released = true;
    };
  }

  return {
    acquire(patienceMs) {
      if (!held) {
        held = true;
        return Promise.resolve(turn());
      }
      return new Promise((resolve, reject) => {
        const take = (): void => {
          clearTimeout(timer);
          resolve(turn());
        };
        const timer = setTimeout(() => {
          queue.splice(queue.indexOf(take), 1);
          reject(new DatabaseBusy(`not written: an earlier write has not ended for ${patienceMs / 1_000} s`));
        }, patienceMs);
        queue.push(take);
      });
    },
  };
}
