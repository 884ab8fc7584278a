import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { complianceDocumentView, type ComplianceDocumentView } from '../../server/contracts/compliance.ts';
import { useApi } from '../api/queries.ts';
import { useMay } from '../app/session.tsx';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { Failed } from '../parts/Failed.tsx';
import { submitting } from '../parts/submitting.ts';
import { UploadProgress } from '../parts/UploadProgress.tsx';
import { complianceKey, documentKindsQuery, documentsKey, documentsQuery } from './queries.ts';
import { Name } from '../parts/Name.tsx';

const mostBytes = 10 * 1_024 * 1_024;

/** What proves the rows that no sensor measures: which documents there are, until when, and where one is missing. */
export function Documents({ site }: { site: string }): ReactNode {
  const { t } = useTranslation();
  const api = useApi();
  const label = useLabel();
  const mayUpload = useMay('manager');
  const documents = useQuery(documentsQuery(api, site));
  const kinds = useQuery(documentKindsQuery(api)).data?.items.filter((kind) => kind.site === site) ?? [];
  const all = documents.data?.items ?? [];
  const missing = kinds.filter((kind) => !all.some((each) => each.kind === kind.kind && (each.state === 'valid' || each.state === 'expiring')));
  return (
    <section className="panel">
      <h2>{t('compliance.documents')}</h2>
      <Failed error={documents.error} />
      {missing.length === 0 ? null : (
        <p className="compliance-missing">
          {t('compliance.missing', { list: missing.map((kind) => `${label(kind.name)} (${kind.clause})`).join(', ') })}
        </p>
      )}
      <ul className="plain">
        {all.map((document) => <Document key={document.id} document={document} mayWithdraw={mayUpload} />)}
      </ul>
      {all.length === 0 && !documents.isPending ? <p className="note">{t('compliance.noDocuments')}</p> : null}
      {mayUpload ? <Upload site={site} kinds={kinds.map(({ kind, name }) => ({ kind, text: label(name) }))} /> : null}
    </section>
  );
} // prettier-ignore

function useDocumentsChanged(): () => void {
  const queries = useQueryClient();
  return () => {
    void queries.invalidateQueries({ queryKey: documentsKey });
    void queries.invalidateQueries({ queryKey: complianceKey });
  };
}

function Document({
  document,
  mayWithdraw,
}: {
  document: ComplianceDocumentView;
  mayWithdraw: boolean;
}): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const label = useLabel();
  const { id, state, withdrawn } = document;
  return (
    <li className={`compliance-document compliance-document--${state}`}>
      <a href={`/api/v1/compliance/documents/${encodeURIComponent(id)}/file`} download>
        <b>
          <Name>{label(document.kindName)}</Name>
        </b>
        : <Name>{document.name}</Name>
      </a>
      <span>
        {t(`complianceState.${state}`)} · {format.date(Date.parse(document.validFrom))} –{' '}
        {format.date(Date.parse(document.expiresAt) - 1)}
      </span>
      <small>
        {document.clause} · {document.addedBy} · {format.moment(Date.parse(document.addedAt))}
        {document.note === null ? '' : ` · ${document.note}`}
      </small>
      {withdrawn === null ? null : (
        <small>{t('compliance.withdrawnBy', { who: withdrawn.by, why: withdrawn.why })}</small>
      )}
      {mayWithdraw && withdrawn === null ? <Withdraw id={id} /> : null}
    </li>
  );
}

function Withdraw({ id }: { id: string }): ReactNode {
  const { t } = useTranslation();
  const api = useApi();
  const changed = useDocumentsChanged();
  const [why, setWhy] = useState('');
  const withdraw = useMutation({
    mutationFn: () =>
      api.send('POST', `compliance/documents/${encodeURIComponent(id)}/withdraw`, {
        body: { why },
        schema: complianceDocumentView,
      }),
    onSuccess: changed,
  });
  return (
    <details>
      <summary>{t('compliance.withdraw')}</summary>
      <label className="field">
        {t('compliance.why')}
        <input
          value={why}
          onChange={(event) => {
            setWhy(event.target.value);
          }}
        />
      </label>
      <button
        type="button"
        className="button"
        disabled={why.trim().length < 3 || withdraw.isPending}
        onClick={() => {
          withdraw.mutate();
        }}
      >
        {t('compliance.withdraw')}
      </button>
      <Failed error={withdraw.error} />
    </details>
  );
}

function Upload({
  site,
  kinds,
}: {
  site: string;
  kinds: readonly { readonly kind: string; readonly text: string }[];
}): ReactNode {
  const { t } = useTranslation();
  const api = useApi();
  const changed = useDocumentsChanged();
  const [share, setShare] = useState<number | null>(null);
  const upload = useMutation({
    async mutationFn(form: HTMLFormElement) {
      const fields = new FormData(form);
      const file = fields.get('file');
      if (!(file instanceof File) || file.size === 0) throw new Error(t('compliance.chooseFile'));
      if (file.size > mostBytes) throw new Error(t('compliance.tooLarge'));
      const text = (name: string): string => {
        const value = fields.get(name);
        return typeof value === 'string' ? value : '';
      };
      const note = text('note').trim();
      const about = new URLSearchParams({
        site,
        kind: text('kind'),
        name: file.name,
        validFrom: text('validFrom'),
        validTo: text('validTo'),
        ...(note === '' ? {} : { note }),
      });
      await api.upload(`compliance/documents?${about.toString()}`, file, {
        schema: complianceDocumentView,
        onProgress: setShare,
      });
      form.reset();
    },
    onSettled() {
      setShare(null);
    },
    onSuccess: changed,
  });
  return (
    <form
      className="compliance-upload"
      onSubmit={submitting(upload.mutate)}
      aria-label={t('compliance.upload')}
    >
      <h3>{t('compliance.upload')}</h3>
      <label className="field">
        {t('compliance.kind')}
        <select name="kind" required>
          {kinds.map(({ kind, text }) => (
            <option key={kind} value={kind}>
              {text}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        {t('compliance.validFrom')}
        <input type="date" name="validFrom" required />
      </label>
      <label className="field">
        {t('compliance.validTo')}
        <input type="date" name="validTo" required />
      </label>
      <label className="field">
        {t('compliance.note')}
        <input name="note" maxLength={500} />
      </label>
      <label className="field">
        {t('compliance.file')}
        <input type="file" name="file" accept=".pdf,.png,.jpg,.jpeg" required />
      </label>
      <button className="button button--strong" type="submit" disabled={upload.isPending}>
        {t('compliance.send')}
      </button>
      <UploadProgress share={share} />
      <Failed error={upload.error} />
    </form>
  );
}
