import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { FileText, Table } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { reportView, type ReportView } from '../../server/contracts/reports.ts';
import { useApi } from '../api/queries.ts';
import { useMay } from '../app/session.tsx';
import { useTitle } from '../app/title.ts';
import { useFormat } from '../format/FormatContext.tsx';
import { Failed } from '../parts/Failed.tsx';
import { Operations } from './Operations.tsx';
import { monthlyReportsQuery, reportsKey } from './queries.ts';
import { Name } from '../parts/Name.tsx';
import './compliance.css';

/** The monthly reports: their files, whom they were sent to, and the operations of a month as they are now. */
export function ReportsPage(): ReactNode {
  const { t } = useTranslation();
  useTitle(t('compliance.reports'));
  const reports = useQuery(monthlyReportsQuery(useApi()));
  const { data } = reports;
  return (
    <div className="compliance">
      <header className="page-head">
        <h1>{t('compliance.reports')}</h1>
        <p className="note">{t('compliance.reportsExplained')}</p>
      </header>
      <Failed error={reports.error} />
      {data === undefined ? null : (
        <section className="panel">
          <h2>{t('compliance.made')}</h2>
          {data.making === null ? null : <output className="note">{t('compliance.making', { what: data.making })}</output>}
          {data.problem === null ? null : <p className="field-error" role="alert">{t('compliance.problem', { why: data.problem })}</p>}
          {data.unsent === null ? null : <p className="note">{t(`compliance.unsent.${data.unsent}`)}</p>}
          {data.items.length === 0 ? <p className="note">{t('compliance.noReports')}</p> : null}
          <ul className="plain compliance-reports">
            {data.items.map((report) => <Report key={report.id} report={report} />)}
          </ul>
        </section>
      )}
      <Operations />
    </div>
  );
} // prettier-ignore

function Report({ report }: { report: ReportView }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const mayMake = useMay('manager');
  const { id, kind, siteName, month, revision, madeAt, madeBy, reason, sha256, files, deliveries } = report;
  return (
    <li>
      <b>
        {t(`complianceKinds.${kind}`)} {siteName ?? ''} {month}
      </b>{' '}
      <span>
        {t('compliance.revision', { revision })} · {format.moment(Date.parse(madeAt))} ·{' '}
        {madeBy === 'server' ? t('compliance.byItself') : madeBy}
        {reason === null ? '' : ` · ${reason}`}
      </span>
      <span className="compliance-files">
        {files.map((file) => (
          <a
            key={file.name}
            className="button"
            href={`/api/v1/reports/${encodeURIComponent(id)}/files/${encodeURIComponent(file.name)}`}
            download
          >
            {file.type === 'application/pdf' ? (
              <FileText aria-hidden="true" size="1em" />
            ) : (
              <Table aria-hidden="true" size="1em" />
            )}{' '}
            {file.name.split('.').at(-1)?.toUpperCase()} {t(`complianceLanguage.${file.language}`)}
            <span className="hidden">
              {' '}
              <Name>{file.name}</Name>
            </span>
          </a>
        ))}
      </span>
      <small>
        SHA-256 {sha256.slice(0, 16)}…{' '}
        {deliveries
          .map(({ person, state }) =>
            t('compliance.delivery', { person, state: t(`complianceSent.${state}`) }),
          )
          .join(', ')}
      </small>
      {mayMake ? <Again report={report} /> : null}
    </li>
  );
}

function Again({ report: { kind, site, month } }: { report: ReportView }): ReactNode {
  const { t } = useTranslation();
  const api = useApi();
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const make = useMutation({
    mutationFn: () =>
      api.send('POST', 'reports', {
        body: { kind, month, reason, ...(site === null ? {} : { site }) },
        schema: reportView,
      }),
    async onSuccess() {
      setReason('');
      await queries.invalidateQueries({ queryKey: reportsKey });
    },
  });
  return (
    <details>
      <summary>{t('compliance.again')}</summary>
      <label className="field">
        {t('compliance.why')}
        <input
          value={reason}
          onChange={(event) => {
            setReason(event.target.value);
          }}
        />
      </label>
      <button
        type="button"
        className="button"
        disabled={reason.trim().length < 3 || make.isPending}
        onClick={() => {
          make.mutate();
        }}
      >
        {t('compliance.again')}
      </button>
      <Failed error={make.error} />
    </details>
  );
}
