import type { Clock } from '../../core/clock.ts';

export interface Pace {
  /** At most so many at the same time. */
  readonly atOnce: number;
  /** At most so many begun in a second. */
  readonly perSecond: number;
}

interface SweepOptions {
  readonly pace: Pace;
  readonly clock: Pick<Clock, 'sleep'>;
  /** Nothing more is begun after it. */
  readonly signal: AbortSignal;
}

/** Works through a list at a pace that a network of devices can take. `work` does not reject. */
export async function sweep<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
  { pace, clock, signal }: SweepOptions,
): Promise<void> {
  let next = 0;
  const pauseMs = (1_000 * pace.atOnce) / pace.perSecond;
  const worker = async (): Promise<void> => {
    while (next < items.length && !signal.aborted) {
      const item = items[next];
      next += 1;
      if (item === undefined) return;
      const pause = clock.sleep(pauseMs, signal);
      await work(item);
      if (next < items.length) await pause;
    }
  };
  await Promise.all(Array.from({ length: Math.min(pace.atOnce, items.length) }, worker));
}
