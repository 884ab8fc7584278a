import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../app/title.ts';
import { Link } from 'react-router';
import { ticketsQuery, useApi, useSites } from '../api/queries.ts';
import { useMay } from '../app/session.tsx';
import { useFormat } from '../format/FormatContext.tsx';
import './access.css';

export function AccessPage(): ReactNode {
  const { t } = useTranslation();
  useTitle(t('page.access'));
  const format = useFormat();
  const tickets = useQuery(ticketsQuery(useApi()));
  const sites = useSites().data ?? [];
  const may = useMay('operator');
  return (
    <div>
      <header className="page-head">
        <h1>{t('page.access')}</h1>
        <span className="grow" />
        {may ? (
          <Link className="button button--strong" to="/akses/baru">
            <Plus aria-hidden="true" size="1.2em" /> {t('ticket.new')}
          </Link>
        ) : null}
      </header>
      <section className="panel">
        {tickets.isError ? (
          <p className="note">{t('error.general', { why: tickets.error.message })}</p>
        ) : null}
        {tickets.data?.length === 0 ? <p className="note">{t('ticket.none')}</p> : null}
        <ul className="tickets">
          {tickets.data?.map((ticket) => (
            <li key={ticket.id}>
              <Link to={`/akses/${ticket.id}`}>
                <b>{ticket.service}</b>
                <span>{sites.find((site) => site.id === ticket.site)?.name ?? ticket.site}</span>
                <span className="tickets-what">
                  {ticket.activity}
                  <small>
                    {ticket.unit} · {ticket.pic} · {ticket.persons.length}×
                  </small>
                </span>
                <span className="tickets-when">
                  {format.moment(Date.parse(ticket.from))} – {format.moment(Date.parse(ticket.to))}
                </span>
              </Link>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}
