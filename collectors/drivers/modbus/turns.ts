/** Who is served next, when many wait for one line. */
export interface Turns<Job extends { readonly unit: number }> {
  readonly size: number;
  add(job: Job): void;
  /** The unit is not served before this time; others are. */
  rest(unit: number, until: number): void;
  /** How long until somebody may be served, ms; 0: now. */
  dueIn(now: number): number;
  /** Of the units that wait, the one whose turn is the longest ago; of its jobs, the first. */
  next(now: number): Job | undefined;
  /** False: it did not wait. */
  remove(job: Job): boolean;
  /** All who wait, who then wait no more. */
  clear(): Job[];
}

export function createTurns<Job extends { readonly unit: number }>(): Turns<Job> {
  let waiting: Job[] = [];
  const resting = new Map<number, number>();
  /** Unit → number of its last turn. */
  const served = new Map<number, number>();
  let turn = 0;

  const restUntil = (job: Job): number => resting.get(job.unit) ?? 0;
  return {
    get size() {
      return waiting.length;
    },
    add: (job) => void waiting.push(job),
    rest: (unit, until) => void resting.set(unit, until),
    dueIn: (now) => Math.max(0, Math.min(...waiting.map(restUntil)) - now),
    next(now) {
      let best: Job | undefined;
      for (const job of waiting)
        if (restUntil(job) <= now && (best === undefined || lastTurn(job) < lastTurn(best))) best = job;
      if (best === undefined) return undefined;
      this.remove(best);
      resting.delete(best.unit);
      served.set(best.unit, (turn += 1));
      return best;
    },
    remove(job) {
      const before = waiting.length;
      waiting = waiting.filter((each) => each !== job);
      return waiting.length < before;
    },
    clear: () => waiting.splice(0),
  };

  function lastTurn(job: Job): number {
    return served.get(job.unit) ?? 0;
  }
}
