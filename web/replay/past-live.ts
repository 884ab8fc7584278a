import type { Live } from '../live/connection.ts';
import type { LinkState } from '../live/link.ts';
import { PointStore } from '../live/store.ts';

/** What a replay knows of the moment it shows. */
interface PastState {
  /** The moment, epoch ms. */
  readonly at: number;
  /** The values on the screen are of this moment; undefined: none has come yet. */
  readonly shownAt: number | undefined;
  /** Only readings kept as evidence are left of that time. */
  readonly partial: boolean;
  readonly problem: string | undefined;
}

export interface PastLive {
  /** For the same components that show the present: its `now` is the moment in the past. */
  readonly live: Live;
  readonly state: () => PastState;
  readonly subscribe: (listener: () => void) => () => void;
  /** Goes to a moment; the newest wish wins while an answer is awaited. */
  readonly seek: (at: number) => void;
}

/** Values of the past in a store of their own, asked over the connection of the present. */
export function createPastLive(present: Live, start: number): PastLive {
  let state: PastState = { at: start, shownAt: undefined, partial: false, problem: undefined };
  let asking = false;
  /** Changed while an answer was awaited. */
  let again = false;
  /** The same list until something else is watched. */
  let wanted: readonly string[] | undefined;
  const listeners = new Set<() => void>();
  const store = new PointStore({
    schedule: (flush) => requestAnimationFrame(flush),
    onWatchChange: () => {
      wanted = undefined;
      void ask();
    },
  });
  const set = (change: Partial<PastState>): void => {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  };

  async function ask(): Promise<void> {
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    do {
      again = false;
      await askOnce();
    } while (again);
    asking = false;
  }

  async function askOnce(): Promise<void> {
    // Components mount in bursts: one list for all of them.
    await Promise.resolve();
    const points = (wanted ??= store.watched());
    if (points.length === 0) return;
    const { at } = state;
    try {
      const reply = await present.past(at, points);
      if ('error' in reply) {
        set({ problem: reply.error });
        return;
      }
      store.apply(points, reply.values, at);
      set({ shownAt: at, partial: !reply.complete, problem: undefined });
    } catch (error) {
      set({ problem: error instanceof Error ? error.message : String(error) });
    }
  }

  const link = (): LinkState => ({ ...present.link(), phase: 'live' });
  let shown = link();
  return {
    live: {
      store,
      link: () => shown,
      onLink: (listener) =>
        present.onLink(() => {
          shown = link();
          listener();
        }),
      now: () => state.at,
      past: present.past,
      painted: () => undefined,
      open: () => undefined,
      close: () => undefined,
    },
    state: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    seek: (at) => {
      set({ at });
      void ask();
    },
  };
}
