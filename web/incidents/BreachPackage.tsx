import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { breachView } from '../../server/contracts/breach.ts';
import type { ReportView } from '../../server/contracts/handling.ts';
import { useApi } from '../api/queries.ts';
import { useFormat } from '../format/FormatContext.tsx';
import { addDays } from '../parts/days.ts';
import { Failed } from '../parts/Failed.tsx';
import { TableFrame } from '../parts/TableFrame.tsx';
import { Name } from '../parts/Name.tsx';

/** The day of WIB that a moment is in. */
function dayIn(at: number): string {
  return new Date(at + 7 * 3_600_000).toISOString().slice(0, 10);
}

const weekMs = 7 * 86_400_000;

/** Who saw whose personal data in a period: what the notice is written from, to take along as PDF, CSV and JSON. */
export function BreachPackage({ incident, report }: { incident: string; report: ReportView }): ReactNode {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const known = Date.parse(report.knownAt);
  const [days, setDays] = useState({ dari: dayIn(known - weekMs), sampai: dayIn(known) });
  const query = new URLSearchParams();
  addDays(query, new URLSearchParams(days));
  const asked = query.toString();
  const base = `incidents/${encodeURIComponent(incident)}/reports/${encodeURIComponent(report.kind)}/breach`;
  const api = useApi();
  const found = useQuery({
    queryKey: ['breach', incident, report.kind, asked],
    queryFn: () => api.get(`${base}?${asked}`, breachView),
    enabled: query.has('from') && query.has('to'),
    retry: false,
  });
  const view = found.data;
  const number = (value: number): string => format.number(value, 0);
  return (
    <section className="document-field breach">
      <h2>{t('breach.title')}</h2>
      <p className="note">{t('breach.explained')}</p>
      <div className="document-tools">
        <label className="field">
          {t('accessFilter.from')}
          <input className="input" type="date" value={days.dari} onChange={({ target }) => { setDays({ ...days, dari: target.value }); }} />
        </label>
        <label className="field">
          {t('accessFilter.to')}
          <input className="input" type="date" value={days.sampai} onChange={({ target }) => { setDays({ ...days, sampai: target.value }); }} />
        </label>
        <a className="button" href={`/api/v1/${base}/file?language=${i18n.language === 'en' ? 'en' : 'id'}&${asked}`} download>PDF</a>
        <a className="button" href={`/api/v1/${base}/lookups?format=csv&limit=5000&${asked}`} download>CSV</a>
        <a className="button" href={`/api/v1/${base}?${asked}`} download={`${report.kind}-${incident}.json`}>JSON</a>
      </div>
      <Failed error={found.error} />
      {view === undefined ? null : (
        <>
          {view.isCut ? <p className="field-error">{t('breach.cut')}</p> : null}
          <dl className="document-facts">
            <dt>{t('breach.lookups')}</dt>
            <dd>{t('breach.lookupsBy', { lookups: number(view.counts.lookups), users: number(view.counts.users) })}</dd>
            <dt>{t('breach.subjects')}</dt>
            <dd>{t('breach.subjectsOf', { subjects: number(view.counts.subjects), identities: number(view.counts.identities) })}</dd>
            <dt>{t('breach.held')}</dt>
            <dd>{t('breach.heldOf', { tickets: number(view.held.tickets), persons: number(view.held.persons), events: number(view.held.cardEvents + view.held.namedEvents) })}</dd>
          </dl>
          {view.users.length === 0 ? null : (
            <TableFrame label={t('breach.users')}>
              <table className="table">
                <thead>
                  <tr>
                    <th scope="col">{t('breach.user')}</th>
                    <th scope="col" className="number">{t('breach.lookups')}</th>
                    <th scope="col" className="number">{t('breach.tickets')}</th>
                    <th scope="col">{t('breach.last')}</th>
                  </tr>
                </thead>
                <tbody>
                  {view.users.map(({ user, lookups, tickets, lastAt }) => (
                    <tr key={user}>
                      <th scope="row"><Name>{user}</Name></th>
                      <td className="number">{number(lookups)}</td>
                      <td className="number">{number(tickets)}</td>
                      <td>{format.moment(Date.parse(lastAt))}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </TableFrame>
          )}
        </>
      )}
    </section>
  ); // prettier-ignore
}
