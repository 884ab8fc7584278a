import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { seriesView, type SeriesView } from '../../server/contracts/ticket-series.ts';
import { useApi, useSites } from '../api/queries.ts';
import { useMay } from '../app/session.tsx';
import { useTitle } from '../app/title.ts';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { AccessNav } from './AccessNav.tsx';
import { seriesKey, seriesQuery } from './queries.ts';
import { Refused } from './Refused.tsx';
import { repetitionText } from './repetition.ts';
import { SiteOptions } from '../parts/SiteOptions.tsx';
import { Name } from '../parts/Name.tsx';
import './access.css';

/** Visits that come again: what is asked for, when the next ones are, and how a series is stopped. Filters are in the address. */
export function SeriesPage(): ReactNode {
  const { t } = useTranslation();
  useTitle(t('accessNav.series'));
  const [search, setSearch] = useSearchParams();
  const sites = useSites().data ?? [];
  const site = search.get('situs') ?? '';
  const ended = search.get('berakhir') === '1';
  const series = useQuery(seriesQuery(useApi(), { site, ended }));
  const may = useMay('operator');
  const go = (next: { situs: string; berakhir: boolean }): void => {
    setSearch(
      { ...(next.situs === '' ? {} : { situs: next.situs }), ...(next.berakhir ? { berakhir: '1' } : {}) },
      { replace: true },
    );
  };
  return (
    <div>
      <header className="page-head">
        <h1>{t('accessNav.series')}</h1>
        <AccessNav />
        <span className="grow" />
        {may ? (
          <Link className="button button--strong" to="/akses/baru?berkala=1">
            <Plus aria-hidden="true" size="1.2em" /> {t('series.new')}
          </Link>
        ) : null}
      </header>
      <search className="access-filters">
        <label className="field">
          {t('ticket.site')}
          <select className="input" value={site} onChange={({ target }) => { go({ situs: target.value, berakhir: ended }); }}>
            <option value="">{t('accessFilter.allSites')}</option>
            <SiteOptions sites={sites} />
          </select>
        </label>
        <label className="check">
          <input type="checkbox" checked={ended} onChange={({ target }) => { go({ situs: site, berakhir: target.checked }); }} /> {t('series.withEnded')}
        </label>
      </search>
      <Refused error={series.error} />
      <section className="panel">
        {series.data?.items.length === 0 ? <p className="note">{t('series.none')}</p> : null}
        <ul className="series-list">
          {series.data?.items.map((each) => <Series key={each.id} series={each} />)}
        </ul>
      </section>
    </div>
  ); // prettier-ignore
}

function Series({ series }: { series: SeriesView }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const label = useLabel();
  const site = useSites().data?.find(({ id }) => id === series.site);
  const mayEnd = useMay('operator') && series.endedAt === null;
  const rooms = series.rooms.map((id) => {
    const room = site?.rooms.find((each) => each.id === id);
    return room === undefined ? id : label(room.name);
  });
  const first = Date.parse(series.first);
  return (
    <li data-testid="series">
      <b><Name>{series.activity}</Name></b>
      <span>
        <Name>{site?.name ?? series.site}</Name> · {rooms.length === 0 ? t('ticket.wholeSite') : rooms.join(', ')} · <Name>{series.unit}</Name> · <Name>{series.pic}</Name> · {t('series.persons', { count: series.persons.length })}
      </span>
      <span>
        {repetitionText(series.repetition, format.language, t)} · {t('series.time', { from: format.clock(first), to: format.clock(first + series.durationMs) })}
      </span>
      {series.endedAt === null ? (
        <small>
          {series.next.length === 0 ? t('series.noNext') : t('series.next', { times: series.next.slice(0, 4).map(({ from, dayOff }) => `${format.moment(Date.parse(from))}${dayOff === null ? '' : ` (${t(`accessDay.${dayOff}`)})`}`).join('; ') })}
          {' · '}
          <Link to={`/akses?cari=${encodeURIComponent(series.activity.slice(0, 100))}`}>{t('series.tickets')}</Link>
        </small>
      ) : (
        <small>{t('series.ended', { time: format.moment(Date.parse(series.endedAt)), who: series.endedBy ?? '' })}</small>
      )}
      {mayEnd ? <EndForm series={series} /> : null}
    </li>
  ); // prettier-ignore
}

function EndForm({ series }: { series: SeriesView }): ReactNode {
  const { t } = useTranslation();
  const api = useApi();
  const queries = useQueryClient();
  const [note, setNote] = useState('');
  const [cancelTickets, setCancelTickets] = useState(true);
  const end = useMutation({
    mutationFn: () =>
      api.send('POST', `ticket-series/${encodeURIComponent(series.id)}/end`, {
        body: { note, cancelTickets },
        schema: seriesView,
      }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: seriesKey });
      void queries.invalidateQueries({ queryKey: ['tickets'] });
    },
  });
  return (
    <details>
      <summary>{t('series.end')}</summary>
      <form className="ticket-action" onSubmit={(event) => { event.preventDefault(); end.mutate(); }}>
        <label className="field">
          {t('ticket.reason')}
          <input className="input" required maxLength={500} value={note} onChange={({ target }) => { setNote(target.value); }} />
        </label>
        <label className="check">
          <input type="checkbox" checked={cancelTickets} onChange={({ target }) => { setCancelTickets(target.checked); }} /> {t('series.cancelTickets')}
        </label>
        <button className="button" disabled={end.isPending}>{t('series.end')}</button>
        <Refused error={end.error} />
      </form>
    </details>
  ); // prettier-ignore
}
