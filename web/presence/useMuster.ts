import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { useApi, useSites } from '../api/queries.ts';
import { keepMuster, readMuster, type KeptMuster } from './muster.ts';
import { musterQuery } from './queries.ts';

/** A list older than this is shown as an old one; ms. Three polls and an answer that takes its time. */
const freshMs = 20_000;

export interface Muster {
  /** Undefined: none was ever received here. */
  readonly list: KeptMuster | undefined;
  /** Not known to be current: nothing was received lately, or only before the page was opened. */
  readonly isOld: boolean;
  /** Since it was received, by the browser's clock; ms. */
  readonly ageMs: number;
  /** Why the last attempt failed. */
  readonly error: Error | null;
}

/** The muster list, kept in this browser for when the server cannot be reached. */
export function useMuster(): Muster {
  const { data, error } = useQuery(musterQuery(useApi()));
  const sites = useSites().data;
  const [before] = useState(() => readMuster(localStorage));
  const list = useMemo(() => {
    if (data === undefined) return before;
    const names = Object.fromEntries((sites ?? []).map(({ id, name }) => [id, name]));
    return { view: data.view, sites: { ...before?.sites, ...names } };
  }, [data, sites, before]);
  useEffect(() => {
    if (list !== undefined && list !== before) keepMuster(localStorage, list);
  }, [list, before]);
  const now = useTicks(1_000);
  if (data !== undefined) {
    const ageMs = Math.max(0, now.monotonic - data.receivedAt);
    return { list, isOld: ageMs > freshMs, ageMs, error };
  }
  const ageMs = list === undefined ? 0 : Math.max(0, now.wall - Date.parse(list.view.at));
  return { list, isOld: true, ageMs, error };
}

/** Both clocks of the browser: the live connection's is not there without the network. */
function useTicks(everyMs: number): { readonly wall: number; readonly monotonic: number } {
  const [now, setNow] = useState(read);
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(read());
    }, everyMs);
    return () => {
      clearInterval(timer);
    };
  }, [everyMs]);
  return now;
}

function read(): { wall: number; monotonic: number } {
  return { wall: Date.now(), monotonic: performance.now() };
}
