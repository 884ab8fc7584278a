import { useQuery } from '@tanstack/react-query';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { inWib } from '../../core/wib.ts';
import type { TicketCalendar } from '../../server/contracts/ticket-calendar.ts';
import { useApi, useSites } from '../api/queries.ts';
import { useTitle } from '../app/title.ts';
import { useFormat } from '../format/FormatContext.tsx';
import { useNow } from '../live/hooks.tsx';
import { AccessNav } from './AccessNav.tsx';
import { TestLine } from './ApprovalCheck.tsx';
import { calendarQuery } from './queries.ts';
import { Refused } from './Refused.tsx';
import { SiteOptions } from '../parts/SiteOptions.tsx';
import { Name } from '../parts/Name.tsx';
import './access.css';

const monthPattern = /^20\d{2}-(0[1-9]|1[0-2])$/;

/** A month of one site: visits with a ticket, visits of series to come, days that are not worked. */
export function CalendarPage(): ReactNode {
  const { t, i18n } = useTranslation();
  useTitle(t('accessNav.calendar'));
  const [search, setSearch] = useSearchParams();
  const sites = useSites().data ?? [];
  const now = useNow();
  const today = inWib(now).toISOString().slice(0, 10);
  const asked = search.get('bulan') ?? '';
  const month = monthPattern.test(asked) ? asked : today.slice(0, 7);
  const site = search.get('situs') ?? sites[0]?.id ?? '';
  const calendar = useQuery(calendarQuery(useApi(), { site, month }));
  const go = (next: { situs?: string; bulan?: string }): void => {
    setSearch({ situs: site, bulan: month, ...next });
  };
  const title = new Date(`${month}-01T00:00:00Z`).toLocaleDateString(i18n.language === 'en' ? 'en-GB' : 'id-ID', { month: 'long', year: 'numeric', timeZone: 'UTC' });
  return (
    <div>
      <header className="page-head">
        <h1>{t('accessNav.calendar')}</h1>
        <AccessNav />
      </header>
      <div className="access-filters">
        <label className="field">
          {t('ticket.site')}
          <select className="input" value={site} onChange={(event) => { go({ situs: event.target.value }); }}>
            <SiteOptions sites={sites} />
          </select>
        </label>
        <div className="calendar-month">
          <button type="button" className="button" aria-label={t('accessCalendar.before')} onClick={() => { go({ bulan: beside(month, -1) }); }}><ChevronLeft aria-hidden="true" size="1.2em" /></button>
          <h2 aria-live="polite">{title}</h2>
          <button type="button" className="button" aria-label={t('accessCalendar.after')} onClick={() => { go({ bulan: beside(month, 1) }); }}><ChevronRight aria-hidden="true" size="1.2em" /></button>
        </div>
      </div>
      <Refused error={calendar.error} />
      {calendar.data === undefined ? null : <Month calendar={calendar.data} today={today} />}
    </div>
  );
} // prettier-ignore

function Month({ calendar, today }: { calendar: TicketCalendar; today: string }): ReactNode {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const [first] = calendar.days;
  // Monday is the first column.
  const column = first === undefined ? 1 : ((new Date(first.date).getUTCDay() + 6) % 7) + 1;
  const weekday = (date: string): string =>
    new Date(date).toLocaleDateString(i18n.language === 'en' ? 'en-GB' : 'id-ID', { weekday: 'short', timeZone: 'UTC' });
  return (
    <>
      {calendar.isCut ? <p className="note">{t('accessFilter.more')}</p> : null}
      <ol className="calendar">
        {calendar.days.map(({ date, dayOff }, place) => {
          const visits = calendar.visits.filter(({ from, to }) => from < dayEnd(date) && to > dayStart(date));
          const tests = calendar.loadTests.filter(({ from, to }) => from < dayEnd(date) && to >= dayStart(date));
          return (
            <li key={date} style={place === 0 ? { gridColumnStart: column } : undefined} className={[dayOff === null ? '' : 'calendar-off', date === today ? 'calendar-today' : '', visits.length + tests.length === 0 ? 'calendar-empty' : ''].join(' ')} aria-current={date === today ? 'date' : undefined}>
              <h3><span className="calendar-weekday">{weekday(date)}</span> {Number(date.slice(8))}{dayOff === 'holiday' ? <small> {t('accessDay.holiday')}</small> : null}</h3>
              <ul>
                {visits.map((visit) => (
                  <li key={`${visit.ticket ?? visit.series ?? ''} ${visit.from}`} className={visit.ticket === null ? 'calendar-planned' : undefined}>
                    {visit.ticket === null ? (
                      <span title={t('accessCalendar.planned')}>{format.clock(Date.parse(visit.from))} <Name>{visit.activity}</Name> <small>{t('accessCalendar.planned')}</small></span>
                    ) : (
                      <Link to={`/akses/${visit.ticket}`}>
                        {format.clock(Date.parse(visit.from))} <Name>{visit.activity}</Name> <small>{visit.state === null ? '' : t(`ticketState.${visit.state}`)}</small>
                      </Link>
                    )}
                  </li>
                ))}
                {tests.map((test) => (
                  <li key={`${test.label} ${test.from}`} className="calendar-test"><TestLine test={test} /></li>
                ))}
              </ul>
            </li>
          );
        })}
      </ol>
    </>
  );
} // prettier-ignore

const dayMs = 86_400_000;
/** Of a day in WIB, as the API writes times. */
function dayStart(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00+07:00`)).toISOString();
}
function dayEnd(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00+07:00`) + dayMs).toISOString();
}

function beside(month: string, step: number): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 1 + step, 1)).toISOString().slice(0, 7);
}
