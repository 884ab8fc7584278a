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
import { SiteOptions } from '../parts/SiteOptions.tsx';
import { Choice } from '../parts/Choice.tsx';
import { addDays } from '../parts/days.ts';
import { AccessNav } from './AccessNav.tsx';
import { ApprovalQueue } from './ApprovalQueue.tsx';
import { ticketListQuery } from './queries.ts';
import { Refused } from './Refused.tsx';
import './access.css';

/** Name of a filter in the page's address → in the request. */
const filters = { situs: 'site', status: 'state', cari: 'text', dari: 'from', sampai: 'to' } as const;
type Filter = keyof typeof filters;

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
  const set = (name: Filter, value: string): void => {
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        if (value === '') next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  };
  const value = (name: Filter): string => search.get(name) ?? '';
  return (
    <>
      <search className="access-filters">
        <label className="field">
          {t('ticket.site')}
          <select className="input" value={value('situs')} onChange={(event) => { set('situs', event.target.value); }}>
            <option value="">{t('accessFilter.allSites')}</option>
            <SiteOptions sites={sites} />
          </select>
        </label>
        <label className="field">
          {t('accessFilter.state')}
          <select className="input" value={value('status')} onChange={(event) => { set('status', event.target.value); }}>
            <option value="">{t('accessFilter.allStates')}</option>
            {ticketState.options.map((state) => <option key={state} value={state}>{t(`ticketState.${state}`)}</option>)}
          </select>
        </label>
        <label className="field">
          {t('accessFilter.text')}
          <input className="input" type="search" maxLength={100} value={value('cari')} onChange={(event) => { set('cari', event.target.value); }} />
        </label>
        <label className="field">
          {t('accessFilter.from')}
          <input className="input" type="date" value={value('dari')} onChange={(event) => { set('dari', event.target.value); }} />
        </label>
        <label className="field">
          {t('accessFilter.to')}
          <input className="input" type="date" value={value('sampai')} onChange={(event) => { set('sampai', event.target.value); }} />
        </label>
        <span className="access-files">
          <a className="button" href={`/api/v1/tickets/export?as=csv&${query}`} download>CSV</a>
          <a className="button" href={`/api/v1/tickets/export?as=xlsx&${query}`} download>XLSX</a>
        </span>
      </search>
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
        <span>{site?.name ?? ticket.site}</span>
        <span className="tickets-what">
          <bdi>{ticket.activity}</bdi>
          <small>
            {t(`ticketState.${ticket.state}`)} · {ticket.unit} · <bdi>{ticket.pic}</bdi> · {ticket.persons.length}×
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
