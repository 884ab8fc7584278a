/** When the worker gave an answer that it had kept, in place of the server (web/worker/keep.js). */
export const keptHeader = 'x-pantau-kept';

/** Answers on the screen that are not of now. */
export interface KeptAnswers {
  /** An answer came for a path: kept since `at`, or from the server itself. */
  readonly note: (path: string, at: number | null) => void;
  /** When the oldest of them was given, epoch ms; null: all are the server's. */
  readonly since: () => number | null;
  readonly subscribe: (listener: () => void) => () => void;
}

export function createKeptAnswers(): KeptAnswers {
  const kept = new Map<string, number>();
  const listeners = new Set<() => void>();
  const since = (): number | null => (kept.size === 0 ? null : Math.min(...kept.values()));
  return {
    note(path, at) {
      const before = since();
      if (at === null) kept.delete(path);
      else kept.set(path, at);
      if (since() !== before) for (const listener of listeners) listener();
    },
    since,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
