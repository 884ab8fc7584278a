import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../app/title.ts';
import { Link, useParams } from 'react-router';
import { reportView, type ReportView } from '../../server/contracts/handling.ts';
import { useApi } from '../api/queries.ts';
import { useRight } from '../app/session.tsx';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { Failed } from '../parts/Failed.tsx';
import { BreachPackage } from './BreachPackage.tsx';
import { ReportClock } from './Reports.tsx';
import { reportsQuery } from './queries.ts';
import { Name } from '../parts/Name.tsx';
import './incidents.css';
import './print.css';

/** One report that the law asks for: filled in here, printed or saved as a file, and recorded once it was sent. */
export function ReportFormPage(): ReactNode {
  const { t } = useTranslation();
  const { id = '', kind = '' } = useParams();
  const reports = useQuery(reportsQuery(useApi(), id));
  const report = reports.data?.reports.find((each) => each.kind === kind);
  if (report !== undefined) return <Form key={report.version} incident={id} report={report} />;
  return (
    <div className="note">
      {reports.isError ? (
        <Failed error={reports.error} />
      ) : (
        t(reports.isPending ? 'history.loading' : 'page.unknown')
      )}
    </div>
  );
}

function Form({ incident, report }: { incident: string; report: ReportView }): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const api = useApi();
  const queries = useQueryClient();
  const isAuthorised = useRight('statutory-reports');
  const mayWrite = isAuthorised && report.state === 'draft';
  const [texts, setTexts] = useState(() =>
    Object.fromEntries(report.fields.map(({ field, text }) => [field, text])),
  );
  const [receipt, setReceipt] = useState('');
  const act = useMutation({
    mutationFn: ({ verb, body }: { verb: 'save' | 'send'; body: object }) =>
      api.send(
        'POST',
        `incidents/${encodeURIComponent(incident)}/reports/${encodeURIComponent(report.kind)}/${verb}`,
        { body, schema: reportView },
      ),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['reports', incident] });
      void queries.invalidateQueries({ queryKey: ['incident', incident] });
    },
  });
  const isChanged = report.fields.some(({ field, text }) => texts[field] !== text);
  const moment = (at: string): string => `${format.moment(Date.parse(at))} WIB`;
  useTitle(label(report.name));
  return (
    <article className="document">
      <nav className="document-tools">
        <Link to={`/gangguan/${incident}`}>{t('report.back')}</Link>
        <button type="button" className="button" onClick={() => { window.print(); }}>
          {t('report.print')}
        </button>
        <a className="button" href={`/api/v1/incidents/${encodeURIComponent(incident)}/reports/${encodeURIComponent(report.kind)}/file`} download>
          {t('report.file')}
        </a>
      </nav>
      <h1><Name>{label(report.name)}</Name></h1>
      <dl className="document-facts">
        <dt>{t('incident.clause')}</dt>
        <dd>{report.clause}</dd>
        <dt>{t('report.to')}</dt>
        <dd><Name>{label(report.to)}</Name></dd>
        <dt>{t('report.id')}</dt>
        <dd>{incident}</dd>
        <dt>{t('report.knownAt')}</dt>
        <dd>{moment(report.knownAt)}</dd>
        <dt>{t('report.dueAt')}</dt>
        <dd>
          {moment(report.dueAt)} · <ReportClock report={report} />
        </dd>
      </dl>
      {report.fields.map(({ field, name, help, required, text }) => (
        <section key={field} className="document-field">
          <h2>
            <Name>{label(name)}</Name> {required && mayWrite ? <small>{t('report.required')}</small> : null}
          </h2>
          {help === null || !mayWrite ? null : <p className="note"><Name>{label(help)}</Name></p>}
          {mayWrite ? (
            <textarea
              className="input"
              aria-label={label(name)}
              rows={Math.min(14, Math.max(3, text.split('\n').length + 1))}
              maxLength={20_000}
              value={texts[field] ?? ''}
              onChange={({ target }) => { setTexts({ ...texts, [field]: target.value }); }}
            />
          ) : null}
          <p className={mayWrite ? 'document-text document-text--print' : 'document-text'}>{texts[field]}</p>
        </section>
      ))}
      {mayWrite ? (
        <div className="document-tools">
          <button type="button" className="button button--strong" disabled={act.isPending || !isChanged} onClick={() => { act.mutate({ verb: 'save', body: { fields: texts, version: report.version } }); }}>
            {t('report.save')}
          </button>
          <label className="field">
            {t('report.receipt')}
            <input value={receipt} maxLength={200} onChange={({ target }) => { setReceipt(target.value); }} />
          </label>
          <button type="button" className="button" disabled={act.isPending || isChanged} onClick={() => { act.mutate({ verb: 'send', body: { receipt: receipt.trim() === '' ? null : receipt.trim() } }); }}>
            {t('report.send')}
          </button>
          <p className="note">{t(isChanged ? 'report.unsaved' : 'report.sendHint')}</p>
        </div>
      ) : null}
      <Failed error={act.error} />
      {report.personalData && isAuthorised ? <BreachPackage incident={incident} report={report} /> : null}
      <footer className="document-foot">
        <span>{t('report.openedBy', { who: report.opened.by, time: moment(report.opened.at) })}</span>
        {report.saved === null ? null : <span>{t('report.savedBy', { who: report.saved.by, time: moment(report.saved.at) })}</span>}
        {report.sent === null ? null : (
          <span>
            {t('report.sentBy', { who: report.sent.by, time: moment(report.sent.at) })}
            {report.sent.receipt === null ? '' : ` (${report.sent.receipt})`}
          </span>
        )}
      </footer>
    </article>
  ); // prettier-ignore
}
