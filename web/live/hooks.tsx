import {
  createContext,
  use,
  useCallback,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react';
import type { Live } from './connection.ts';
import type { LinkState } from './link.ts';
import type { PointValue } from '../../domain/value.ts';

const LiveContext = createContext<Live | null>(null);

export function LiveProvider({ live, children }: { live: Live; children: ReactNode }): ReactNode {
  return <LiveContext value={live}>{children}</LiveContext>;
}

export function useLive(): Live {
  const live = use(LiveContext);
  if (live === null) throw new Error('useLive outside of LiveProvider');
  return live;
}

/** One point, live. Renders again only when this point changes. */
export function usePoint(id: string): PointValue {
  const { store } = useLive();
  const subscribe = useCallback((listener: () => void) => store.watch([id], listener), [store, id]);
  const read = (): PointValue => store.get(id);
  return useSyncExternalStore(subscribe, read, read);
}

/** Several points at once; renders again when one of them changes. A null id (nothing measures it) is skipped. */
export function usePoints(ids: readonly string[]): (id: string | null | undefined) => PointValue | undefined {
  const { store } = useLive();
  const key = ids.join('\n');
  const list = useMemo(() => (key === '' ? [] : key.split('\n')), [key]);
  const subscribe = useCallback((listener: () => void) => store.watch(list, listener), [store, list]);
  const version = (): number => store.version(list);
  useSyncExternalStore(subscribe, version, version);
  return (id) => (id === null || id === undefined ? undefined : store.get(id));
}

/** Keeps points coming without rendering on their changes: the other layers of a plan. */
export function useWatch(ids: readonly string[]): void {
  const { store } = useLive();
  useEffect(() => store.watch(ids), [store, ids]);
}

export function useLink(): LinkState {
  const live = useLive();
  return useSyncExternalStore(live.onLink, live.link, live.link);
}

/** The server's time, renewed every `everyMs` on the beat of the clock. */
export function useNow(everyMs = 1_000): number {
  const live = useLive();
  const [now, setNow] = useState(() => live.now());
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const turn = (): void => {
      setNow(live.now());
      timer = setTimeout(turn, everyMs - (live.now() % everyMs) + 5);
    };
    turn();
    return () => {
      clearTimeout(timer);
    };
  }, [live, everyMs]);
  return now;
}
