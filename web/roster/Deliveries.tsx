import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useApi } from '../api/queries.ts';
import { useFormat } from '../format/FormatContext.tsx';
import { deliveriesQuery } from './queries.ts';
import { Failed } from '../parts/Failed.tsx';
import './roster.css';

/** What was sent to whom, latest first; of one incident, or of all. */
export function Deliveries({ incident = null }: { incident?: string | null }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const list = useQuery(deliveriesQuery(useApi(), incident));
  return (
    <section className="panel">
      <h2>{t('delivery.title')}</h2>
      <Failed error={list.error} />
      {list.data?.length === 0 ? <p className="note">{t('delivery.none')}</p> : null}
      <ul className="deliveries">
        {list.data?.map((each) => (
          <li key={each.id} className={`delivery delivery--${each.state}`}>
            <span>{format.moment(Date.parse(each.createdAt))}</span>
            <b>{each.person}</b>
            <span>
              {t(`channel.${each.channel}`)} · {t(`delivery.${each.kind}`)}
              {each.step > 0 ? ` · ${t('delivery.step', { count: each.step + 1 })}` : ''}
            </span>
            <span className="delivery-state">
              {t(`deliveryState.${each.state}`)}
              {each.receivedAt === null ? '' : ` · ${t('delivery.received')}`}
            </span>
            {each.answer === null ? null : <small dir="auto">{each.answer}</small>}
            {incident === null ? (
              <Link to={`/gangguan/${each.incident}`}>{t('delivery.incident')}</Link>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}
