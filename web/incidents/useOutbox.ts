import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { useApi } from '../api/queries.ts';
import { ApiError } from '../api/client.ts';
import { useFormat } from '../format/FormatContext.tsx';
import { outboxIn, sendWaiting, type Outbox, type WaitingNote } from './outbox.ts';

const changed = 'pantau:antrean';
const retryMs = 15_000;

/** The notes of this browser that wait to be sent, and how to put one there or take one out. */
export function useOutbox(): { readonly waiting: readonly WaitingNote[]; readonly outbox: Outbox } {
  const text = useSyncExternalStore(subscribe, () => localStorage.getItem('pantau.antrean') ?? '');
  return useMemo(() => {
    const outbox = outboxIn(localStorage);
    const told =
      <Parts extends unknown[]>(change: (...parts: Parts) => void) =>
      (...parts: Parts): void => {
        change(...parts);
        window.dispatchEvent(new Event(changed));
      };
    return {
      // Read again when the kept text is another one.
      waiting: text === '' ? [] : outbox.read(),
      outbox: { ...outbox, add: told(outbox.add), remove: told(outbox.remove), refuse: told(outbox.refuse) },
    };
  }, [text]);
}

function subscribe(listener: () => void): () => void {
  window.addEventListener(changed, listener);
  window.addEventListener('storage', listener);
  return () => {
    window.removeEventListener(changed, listener);
    window.removeEventListener('storage', listener);
  };
}

/** Sends what waits as soon as the network is back, wherever the person is in the product. */
export function useOutboxSender(): void {
  const api = useApi();
  const queries = useQueryClient();
  const { t } = useTranslation();
  const format = useFormat();
  const { waiting, outbox } = useOutbox();
  const isWaiting = waiting.some(({ problem }) => problem === null);
  useEffect(() => {
    if (!isWaiting) return undefined;
    let busy = false;
    const send = async ({ id, incident, text, at }: WaitingNote): Promise<'sent' | 'unreached' | { problem: string }> => {
      // The server stamps its arrival; when it was written is part of the note.
      const body = { key: id, text: t('outbox.written', { text, time: format.moment(at) }) };
      try {
        await api.send('POST', `incidents/${encodeURIComponent(incident)}/note`, { body, schema: z.unknown() });
        void queries.invalidateQueries({ queryKey: ['incident', incident] });
        return 'sent';
      } catch (error) {
        const passes = !(error instanceof ApiError) || error.status === 0 || error.status === 401 || error.status >= 500;
        return passes ? 'unreached' : { problem: error.message };
      }
    };
    const run = async (): Promise<void> => {
      if (busy) return;
      busy = true;
      await sendWaiting(outbox, send);
      busy = false;
    };
    const start = (): void => void run();
    const timer = setInterval(start, retryMs);
    window.addEventListener('online', start);
    return () => {
      clearInterval(timer);
      window.removeEventListener('online', start);
    };
  }, [api, queries, t, format, outbox, isWaiting]);
} // prettier-ignore
