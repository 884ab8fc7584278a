import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { TableFrame } from '../parts/TableFrame.tsx';
import { importReport, type ImportMistake } from '../../server/contracts/ticket-import.ts';
import { useApi } from '../api/queries.ts';
import { useMay } from '../app/session.tsx';
import { useTitle } from '../app/title.ts';
import { AccessNav } from './AccessNav.tsx';
import { findingText } from './refusal.ts';
import { Refused } from './Refused.tsx';
import './access.css';

/** The server takes no more; said before anything is read. */
const largestBytes = 10 * 1_048_576;
/** An empty file has the columns alone. */
const template = '/api/v1/tickets/export?as=xlsx&from=2099-01-01T00:00:00Z';

/** A file is looked at first, row by row; then it is imported, or corrected. */
export function ImportPage(): ReactNode {
  const { t } = useTranslation();
  useTitle(t('accessNav.import'));
  return useMay('operator') ? <Import /> : <h1 className="note">{t('page.notAllowed')}</h1>;
}

function Import(): ReactNode {
  const { t } = useTranslation();
  const api = useApi();
  const queries = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const isTooLarge = file !== null && file.size > largestBytes;
  const send = useMutation({
    mutationFn: async (options: { readonly dryRun: boolean; readonly onlyGood: boolean }) => {
      if (file === null) throw new TypeError('no file');
      const body = { name: file.name, data: await base64Of(file), ...options };
      return api.send('POST', 'tickets/import', { body, schema: importReport });
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['tickets'] }),
  });
  const report = send.data;
  const isDone = report !== undefined && !send.variables.dryRun;
  return (
    <div className="ticket-form">
      <header className="page-head">
        <h1>{t('accessNav.import')}</h1>
        <AccessNav />
      </header>
      <p>{t('accessImport.what')} <a href={template} download>{t('accessImport.template')}</a></p>
      <form className="access-filters" onSubmit={(event) => { event.preventDefault(); send.mutate({ dryRun: true, onlyGood: false }); }}>
        <label className="field">
          {t('accessImport.file')}
          <input className="input" type="file" required accept=".csv,.xlsx,text/csv" onChange={(event) => { setFile(event.target.files?.[0] ?? null); send.reset(); }} />
        </label>
        <button className="button button--strong" disabled={file === null || isTooLarge || send.isPending}>{t('accessImport.check')}</button>
      </form>
      {isTooLarge ? <p className="field-error" role="alert">{t('accessRefusal.tooLarge')}</p> : null}
      <Refused error={send.error} />
      {report === undefined ? null : (
        <section className="panel" aria-live="polite">
          <h2>{isDone ? t('accessImport.done', { count: report.imported }) : t('accessImport.result')}</h2>
          <p>{t('accessImport.counts', { rows: report.rows, good: report.good, repeated: report.repeated, bad: report.bad })}</p>
          {report.ignoredColumns.length === 0 ? null : <p className="note">{t('accessImport.ignored', { columns: report.ignoredColumns.join(', ') })}</p>}
          {isDone ? null : (
            <p className="access-files">
              {report.bad === 0 && report.good > 0 ? <button type="button" className="button button--strong" disabled={send.isPending} onClick={() => { send.mutate({ dryRun: false, onlyGood: false }); }}>{t('accessImport.all', { count: report.good })}</button> : null}
              {report.bad > 0 && report.good > 0 ? <button type="button" className="button" disabled={send.isPending} onClick={() => { send.mutate({ dryRun: false, onlyGood: true }); }}>{t('accessImport.onlyGood', { count: report.good })}</button> : null}
            </p>
          )}
          {report.mistakes.length === 0 ? null : <Mistakes mistakes={report.mistakes} />}
        </section>
      )}
    </div>
  ); // prettier-ignore
}

const codes: Readonly<Record<string, string>> = {
  date: 'accessImport.date',
  party: 'accessImport.party',
  'yes-no': 'accessImport.yesNo',
  required: 'form.required',
  twice: 'accessImport.twice',
  too_small: 'form.required',
  too_big: 'form.tooLong',
  custom: 'form.order',
  invalid_format: 'form.email',
};

function Mistakes({ mistakes }: { mistakes: readonly ImportMistake[] }): ReactNode {
  const { t } = useTranslation();
  const text = ({ code }: ImportMistake): string => findingText(code, t) ?? t(codes[code] ?? 'form.invalid');
  return (
    <TableFrame label={t('accessImport.mistakes')}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t('accessImport.row')}</th>
            <th scope="col">{t('accessImport.column')}</th>
            <th scope="col">{t('accessImport.reason')}</th>
          </tr>
        </thead>
        <tbody>
          {mistakes.map((mistake) => (
            <tr key={`${mistake.row} ${mistake.column} ${mistake.code} ${mistake.message}`}>
              <td>{mistake.row}</td>
              <td>{mistake.column}</td>
              <td>{text(mistake)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

/** A call takes so many arguments everywhere. */
const bytesAtOnce = 8_192;

async function base64Of(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = '';
  for (let from = 0; from < bytes.length; from += bytesAtOnce)
    text += String.fromCodePoint(...bytes.subarray(from, from + bytesAtOnce));
  return btoa(text);
}
