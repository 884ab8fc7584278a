import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { reportView, type ReportView } from '../../server/contracts/handling.ts';
import { useApi } from '../api/queries.ts';
import { useMay, useRight } from '../app/session.tsx';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { useNow } from '../live/hooks.tsx';
import { Failed } from '../parts/Failed.tsx';
import { reportsQuery } from './queries.ts';
import { Name } from '../parts/Name.tsx';

/** What can be printed of an incident, and what the law asks for, with the time that is left. */
export function Reports({ incident }: { incident: string }): ReactNode {
  const { t } = useTranslation();
  const mayRead = useMay('operator');
  return (
    <section className="panel">
      <h2>{t('report.title')}</h2>
      <p>
        <Link to={`/gangguan/${incident}/laporan`}>
          <b>{t('report.show')}</b>
        </Link>
      </p>
      {mayRead ? <Statutory incident={incident} /> : null}
    </section>
  );
}

function Statutory({ incident }: { incident: string }): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const api = useApi();
  const queries = useQueryClient();
  const mayOpen = useRight('statutory-reports');
  const { data } = useQuery(reportsQuery(api, incident));
  const open = useMutation({
    mutationFn: (kind: string) =>
      api.send('POST', `incidents/${encodeURIComponent(incident)}/reports`, {
        body: { kind },
        schema: reportView,
      }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['reports', incident] });
      void queries.invalidateQueries({ queryKey: ['incident', incident] });
    },
  });
  return (
    <>
      <ul className="plain">
        {data?.reports.map((report) => (
          <li key={report.kind}>
            <Link to={`/gangguan/${incident}/laporan/${report.kind}`}>
              <b><Name>{label(report.name)}</Name></b>
            </Link>
            <small>
              {report.clause} · {t(`report.${report.state}`)} · <ReportClock report={report} />
            </small>
          </li>
        ))}
      </ul>
      {mayOpen
        ? data?.possible.map(({ kind, name, clause, withinMs }) => (
            <p key={kind} className="report-possible">
              <button type="button" className="button" disabled={open.isPending} onClick={() => { open.mutate(kind); }}>
                {t('report.open')}
              </button>
              <span><Name>{label(name)}</Name> <small>{clause}, {format.duration(withinMs)}</small></span>
            </p>
          ))
        : null}
      <Failed error={open.error} />
    </>
  ); // prettier-ignore
}

/** What is left of the law's time; of a report that was sent, when it was. */
export function ReportClock({ report }: { report: ReportView }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  if (report.sent !== null)
    return t('report.sentBy', { who: report.sent.by, time: format.moment(Date.parse(report.sent.at)) });
  const leftMs = Date.parse(report.dueAt) - now;
  return (
    <b className={leftMs < 0 ? 'over' : ''}>
      {t(leftMs < 0 ? 'report.over' : 'report.left', { time: format.duration(Math.abs(leftMs)) })}
    </b>
  );
}
