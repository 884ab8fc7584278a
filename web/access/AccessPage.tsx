import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { ticketState, type TicketView } from '../../server/contracts/tickets.ts';
import { useApi, useSites } from '../api/queries.ts';
import { useMay } from '../app/session.tsx';
import { useTitle } from '../app/title.ts';
import { useFormat } from '../format/FormatContext.tsx';
import { FilterRow, withFilter, type FilterField } from '../parts/FilterRow.tsx';
import { Choice } from '../parts/Choice.tsx';
import { addDays } from '../parts/days.ts';
import { AccessNav } from './AccessNav.tsx';
import { ApprovalQueue } from './ApprovalQueue.tsx';
import { ticketListQuery } from './queries.ts';
import { Refused } from './Refused.tsx';
import { Name } from '../parts/Name.tsx';
import './access.css';

/** Name of a filter in the page's address → in the request. */
const filters = { situs: 'site', status: 'state', cari: 'text', dari: 'from', sampai: 'to' } as const;

/** Tickets, narrowed by what the address says; or those that wait for approval, in the order in which they came. */
export function AccessPage(): ReactNode {
  const { t } = useTranslation();
  useTitle(t('page.access'));
  const [search, setSearch] = useSearchParams();
  const isQueue = search.get('antrean') === '1';
  const api = useApi();
  const waiting = useQuery(ticketListQuery(api, 'state=submitted&order=arrival&limit=500'));
  const may = useMay('operator');
  return (
    <div>
      <header className="page-head">
        <h1>{t('page.access')}</h1>
        <AccessNav />
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
          { name: 'queue', text: t('ticket.queue', { count: waiting.data?.items.length ?? 0 }) },
        ]}
        chosen={isQueue ? 'queue' : 'all'}
        onChoose={(name) => {
          setSearch(name === 'queue' ? { antrean: '1' } : {});
        }}
      />
      {isQueue ? <ApprovalQueue tickets={waiting.data?.items ?? []} /> : <TicketList />}
      <Refused error={waiting.error} />
    </div>
  );
}

function TicketList(): ReactNode {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const sites = useSites().data ?? [];
  const query = requestOf(search);
  const tickets = useQuery(ticketListQuery(useApi(), query));
  const set = (name: string, text: string): void => {
    setSearch((before) => withFilter(before, name, text), { replace: true });
  };
  const fields: readonly FilterField[] = [
    {
      name: 'situs',
      label: t('ticket.site'),
      kind: 'choice',
      all: t('accessFilter.allSites'),
      choices: sites.map(({ id, name }) => ({ value: id, text: name })),
    },
    {
      name: 'status',
      label: t('accessFilter.state'),
      kind: 'choice',
      all: t('accessFilter.allStates'),
      choices: ticketState.options.map((value) => ({ value, text: t(`ticketState.${value}`) })),
    },
    { name: 'cari', label: t('accessFilter.text'), kind: 'text', maxLength: 100 },
    { name: 'dari', label: t('accessFilter.from'), kind: 'day' },
    { name: 'sampai', label: t('accessFilter.to'), kind: 'day' },
  ];
  return (
    <>
      <FilterRow fields={fields} search={search} onChange={set}>
        <a className="button" href={`/api/v1/tickets/export?as=csv&${query}`} download>CSV</a>
        <a className="button" href={`/api/v1/tickets/export?as=xlsx&${query}`} download>XLSX</a>
      </FilterRow>
      <Refused error={tickets.error} />
      <section className="panel">
        {tickets.data?.items.length === 0 ? <p className="note">{t('ticket.none')}</p> : null}
        <ul className="tickets">
          {tickets.data?.items.map((ticket) => <TicketRow key={ticket.id} ticket={ticket} />)}
        </ul>
        {(tickets.data?.next ?? null) === null ? null : <p className="note">{t('accessFilter.more')}</p>}
      </section>
    </>
  ); // prettier-ignore
}

function TicketRow({ ticket }: { ticket: TicketView }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const site = useSites().data?.find(({ id }) => id === ticket.site);
  return (
    <li>
      <Link to={`/akses/${ticket.id}`}>
        <b>{ticket.service}</b>
        <span><Name>{site?.name ?? ticket.site}</Name></span>
        <span className="tickets-what">
          <Name>{ticket.activity}</Name>
          <small>
            {t(`ticketState.${ticket.state}`)} · <Name>{ticket.unit}</Name> · <Name>{ticket.pic}</Name> · {ticket.persons.length}×
            {ticket.dayOff === null ? null : ` · ${t(`accessDay.${ticket.dayOff}`)}`}
          </small>
        </span>
        <span className="tickets-when">
          {format.moment(Date.parse(ticket.from))} – {format.moment(Date.parse(ticket.to))}
        </span>
      </Link>
    </li>
  ); // prettier-ignore
}

/** The query of the request; days of the address are those of WIB, the last one as a whole. */
function requestOf(search: URLSearchParams): string {
  const query = new URLSearchParams();
  for (const name of ['situs', 'status', 'cari'] as const) {
    const value = search.get(name)?.trim() ?? '';
    if (value !== '') query.set(filters[name], value);
  }
  addDays(query, search);
  return query.toString();
} // prettier-ignore
