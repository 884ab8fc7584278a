import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../app/title.ts';
import { Link, useSearchParams } from 'react-router';
import type { TicketView } from '../../server/contracts/tickets.ts';
import { ticketsQuery, useApi, useSites } from '../api/queries.ts';
import { useMay } from '../app/session.tsx';
import { useFormat } from '../format/FormatContext.tsx';
import { Choice } from '../parts/Choice.tsx';
import { Failed } from '../parts/Failed.tsx';
import './access.css';

export function AccessPage(): ReactNode {
  const { t } = useTranslation();
  useTitle(t('page.access'));
  const format = useFormat();
  const [search, setSearch] = useSearchParams();
  const waiting = search.get('antrean') === '1';
  const tickets = useQuery(ticketsQuery(useApi()));
  const shown = waiting ? queueOf(tickets.data ?? []) : tickets.data;
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
      <Choice
        label={t('ticket.list')}
        options={[
          { name: 'all', text: t('ticket.all') },
          { name: 'queue', text: t('ticket.queue', { count: queueOf(tickets.data ?? []).length }) },
        ]}
        chosen={waiting ? 'queue' : 'all'}
        onChoose={(name) => {
          setSearch(name === 'queue' ? { antrean: '1' } : {});
        }}
      />
      <section className="panel">
        <Failed error={tickets.error} />
        {shown?.length === 0 ? <p className="note">{t('ticket.none')}</p> : null}
        <ul className="tickets">
          {shown?.map((ticket) => (
            <li key={ticket.id}>
              <Link to={`/akses/${ticket.id}`}>
                <b>{ticket.service}</b>
                <span>{sites.find((site) => site.id === ticket.site)?.name ?? ticket.site}</span>
                <span className="tickets-what">
                  {ticket.activity}
                  <small>
                    {t(`ticketState.${ticket.state}`)} · {ticket.unit} · {ticket.pic} ·{' '}
                    {ticket.persons.length}×
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

/** Requests that wait for an answer, served in the order of arrival. */
function queueOf(tickets: readonly TicketView[]): TicketView[] {
  return tickets
    .filter(({ state }) => state === 'submitted')
    .toSorted((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt));
}
