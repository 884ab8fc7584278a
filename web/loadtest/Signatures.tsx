import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { loadTestTexts } from '../../domain/wording/load-test.ts';
import {
  loadTestView,
  signatureForm,
  type LoadTestView,
  type SignatureForm,
} from '../../server/contracts/load-test-document.ts';
import { useApi } from '../api/queries.ts';
import { useMay, useRight } from '../app/session.tsx';
import { useFormat } from '../format/FormatContext.tsx';
import { Failed } from '../parts/Failed.tsx';
import { submitting } from '../parts/submitting.ts';

/** Who signed the report, its revisions, and the forms to sign and to correct it. */
export function Signatures({ view }: { view: LoadTestView }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const { words, forms } = loadTestTexts[format.language];
  const maySign = useMay('operator');
  const seesNames = useRight('see-identities');
  const mayCorrect = useMay('manager');
  const isLatest = view.revisions[0]?.revision === view.revision;
  return (
    <section className="panel">
      <h2>{words.signatures}</h2>
      {view.signatures.length === 0 ? <p className="note">{words.unsigned}</p> : null}
      {view.signatures.length > 0 && !seesNames ? <p className="note">{words.masked}</p> : null}
      <ul className="plain">
        {view.signatures.map(({ form, signedBy, signedAt, evidence }) => (
          <li key={`${form} ${signedBy}`}>
            {words.signedBy
              .replace('{name}', signedBy)
              .replace('{at}', format.moment(Date.parse(signedAt)))
              .replace('{form}', forms[form])}
            {evidence === null ? null : <small> {evidence}</small>}
          </li>
        ))}
      </ul>
      {view.sealed === null ? null : (
        <p className="note">
          {words.documentHash}: <code className="loadtest-hash">{view.sealed.sha256}</code>
        </p>
      )}
      <p>
        <Link to={`/verifikasi/${view.id}/${view.revision}`}>{words.verify}</Link>
      </p>
      {maySign && isLatest ? <Sign view={view} /> : null}
      <h3>{words.revision}</h3>
      <ul className="plain">
        {view.revisions.map((each) => (
          <li key={each.revision}>
            <Link
              to={`/uji-beban/${view.id}?revisi=${each.revision}`}
              aria-current={each.revision === view.revision ? 'page' : undefined}
            >
              {words.revision} {each.revision}
            </Link>
            , {format.moment(Date.parse(each.madeAt))}
            {each.madeBy === null ? '' : `, ${each.madeBy}`}
            {each.reason === null ? '' : `: ${each.reason === 'continued' ? words.continued : each.reason}`}
            {each.isSigned ? ` (${t('loadTestReport.signed')})` : ''}
          </li>
        ))}
      </ul>
      {mayCorrect && isLatest ? <Correct view={view} /> : null}
    </section>
  );
}

function useChange(path: string) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: object) => api.send('POST', path, { body, schema: loadTestView }),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['load-tests'] }),
  });
}

function Sign({ view }: { view: LoadTestView }): ReactNode {
  const { t } = useTranslation();
  const { language } = useFormat();
  const { forms } = loadTestTexts[language];
  const [form, setForm] = useState<SignatureForm>('application');
  const [password, setPassword] = useState('');
  const [nik, setNik] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const sign = useChange(`load-tests/${encodeURIComponent(view.id)}/signatures`);
  const submit = submitting(() => {
    sign.mutate({ form, password, ...(form === 'bsre' ? { nik, passphrase } : {}) });
    // Secrets are not kept on the screen, whatever becomes of them.
    setPassword('');
    setPassphrase('');
  });
  return (
    <details>
      <summary>{t('loadTestReport.sign')}</summary>
      <p className="note">{t('loadTestReport.signNote')}</p>
      <form className="loadtest-form" onSubmit={submit}>
        <label className="field">
          {t('loadTestReport.form')}
          <select value={form} onChange={(event) => { setForm(signatureForm.options.find((each) => each === event.target.value) ?? 'application'); }}>
            {view.forms.map((each) => (
              <option key={each} value={each}>
                {forms[each]}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          {t('loadTestReport.password')}
          <input type="password" autoComplete="current-password" required value={password} onChange={(event) => { setPassword(event.target.value); }} />
        </label>
        {form === 'bsre' ? (
          <>
            <label className="field">
              {t('loadTestReport.nik')}
              <input inputMode="numeric" required pattern="\d{16}" value={nik} onChange={(event) => { setNik(event.target.value); }} />
            </label>
            <label className="field">
              {t('loadTestReport.passphrase')}
              <input type="password" autoComplete="off" required value={passphrase} onChange={(event) => { setPassphrase(event.target.value); }} />
            </label>
          </>
        ) : null}
        <button type="submit" className="button" disabled={sign.isPending}>
          {t('loadTestReport.sign')}
        </button>
      </form>
      <Failed error={sign.error} />
    </details>
  ); // prettier-ignore
}

function Correct({ view }: { view: LoadTestView }): ReactNode {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const correct = useChange(`load-tests/${encodeURIComponent(view.id)}/revisions`);
  const submit = submitting(() => {
    correct.mutate(
      { reason: reason.trim() },
      {
        onSuccess: () => {
          setReason('');
        },
      },
    );
  });
  return (
    <details>
      <summary>{t('loadTestReport.correct')}</summary>
      <p className="note">{t('loadTestReport.correctNote')}</p>
      <form className="loadtest-form" onSubmit={submit}>
        <label className="field">
          {t('loadTestReport.reason')}
          <input required maxLength={500} value={reason} onChange={(event) => { setReason(event.target.value); }} />
        </label>
        <button type="submit" className="button" disabled={correct.isPending || reason.trim() === ''}>
          {t('loadTestReport.correct')}
        </button>
      </form>
      <Failed error={correct.error} />
    </details>
  ); // prettier-ignore
}
