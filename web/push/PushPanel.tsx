import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { BellRing } from 'lucide-react';
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { pushPage } from '../../server/contracts/push.ts';
import type { Api } from '../api/client.ts';
import { useApi } from '../api/queries.ts';
import { useMay } from '../app/session.tsx';
import { useFormat } from '../format/FormatContext.tsx';
import { Failed } from '../parts/Failed.tsx';
import { allowPush, endPush, pushState, renewPush } from './push.ts';
import './push.css';

const pushQuery = (api: Api) =>
  queryOptions({ queryKey: ['push'], queryFn: () => api.get('push', pushPage), refetchInterval: 60_000 });

/** Keeps this browser's subscription alive whenever a page is opened; nobody is asked for anything. */
export function usePushRenewal(): void {
  const api = useApi();
  useEffect(() => {
    // Without a connection it is renewed at the next visit.
    renewPush(api).catch(() => undefined);
  }, [api]);
}

/** Pages to this browser: allow them, see where they arrive, end them. */
export function PushPanel(): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const api = useApi();
  const queries = useQueryClient();
  const push = useQuery({ ...pushQuery(api), enabled: useMay('viewer') });
  const onSettled = (): void => void queries.invalidateQueries({ queryKey: ['push'] });
  const allow = useMutation({ mutationFn: (publicKey: string) => allowPush(api, publicKey), onSettled });
  const end = useMutation({
    mutationFn: async (id: string) => {
      if (id === allow.data?.id) await endPush();
      await api.send('DELETE', `push/browsers/${encodeURIComponent(id)}`, { schema: z.undefined() });
    },
    onSettled,
  });
  if (push.data === undefined) return null;
  const { publicKey, off, person, browsers } = push.data;
  const state = pushState();
  const failed = allow.error ?? end.error;
  const obstacle =
    off !== null
      ? t(`push.off.${off}`)
      : person === null
        ? t('push.nobody')
        : state === 'ask' || state === 'granted'
          ? null
          : t(`push.${state}`);
  return (
    <section className="panel">
      <h2>{t('push.title')}</h2>
      {obstacle === null ? <p>{t('push.about')}</p> : <p className="note">{obstacle}</p>}
      <ul className="push-browsers">
        {browsers.map((each) => (
          <li key={each.id}>
            <b dir="auto">{each.device}</b>
            <span>{t('push.seen', { time: format.moment(Date.parse(each.renewedAt)) })}</span>
            <span>
              {each.sentAt === null
                ? t('push.neverSent')
                : t('push.sent', { time: format.moment(Date.parse(each.sentAt)) })}
            </span>
            {each.problem === null ? null : (
              <span className="push-problem" dir="auto">
                {t('push.failing', { why: each.problem })}
              </span>
            )}
            <button
              type="button"
              className="button"
              disabled={end.isPending}
              onClick={() => {
                end.mutate(each.id);
              }}
            >
              {t('push.end')}
            </button>
          </li>
        ))}
      </ul>
      {publicKey === null || obstacle !== null ? null : (
        <button
          type="button"
          className="button button--strong"
          disabled={allow.isPending}
          onClick={() => {
            allow.mutate(publicKey);
          }}
        >
          <BellRing aria-hidden="true" size="1.2em" /> {t('push.allow')}
        </button>
      )}
      <Failed error={failed} />
    </section>
  );
}
