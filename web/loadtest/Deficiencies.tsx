import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { loadTestTexts } from '../../domain/wording/load-test.ts';
import {
  deficiencyView,
  type DeficiencyView,
  type LoadTestView,
} from '../../server/contracts/load-test-document.ts';
import { useApi } from '../api/queries.ts';
import { useMay } from '../app/session.tsx';
import { useFormat } from '../format/FormatContext.tsx';
import { useNow } from '../live/hooks.tsx';
import { Failed } from '../parts/Failed.tsx';
import { submitting } from '../parts/submitting.ts';

/** What a run found wanting, and what earlier runs had that is not mended yet. */
export function Deficiencies({ view }: { view: LoadTestView }): ReactNode {
  const { t } = useTranslation();
  const { language } = useFormat();
  const may = useMay('operator');
  const { words } = loadTestTexts[language];
  const isLatest = view.revisions[0]?.revision === view.revision;
  return (
    <section className="panel">
      <h2>{words.deficiencies}</h2>
      {view.deficiencies.length === 0 ? <p className="note">{words.none}</p> : <List rows={view.deficiencies} may={may} />}
      {may && isLatest && view.sealed === null ? <Add test={view.id} /> : null}
      {view.sealed === null ? null : <p className="note">{t('loadTestReport.sealed')}</p>}
      {view.openBefore.length === 0 ? null : (
        <>
          <h3>{words.openBefore}</h3>
          <List rows={view.openBefore} may={may} />
        </>
      )}
    </section>
  ); // prettier-ignore
}

function List({ rows, may }: { rows: readonly DeficiencyView[]; may: boolean }): ReactNode {
  const format = useFormat();
  const now = useNow();
  const { words } = loadTestTexts[format.language];
  return (
    <ul className="loadtest-plans">
      {rows.map((row) => {
        const due = Date.parse(row.dueAt);
        const isLate = row.closedAt === null && due <= now;
        return (
          <li key={row.id} className="loadtest-plan">
            <b>{row.text}</b>
            <p className="note">
              {words.owner}: {row.owner} ·{' '}
              <span className={isLate ? 'loadtest-overdue' : ''}>
                {words.dueBy}: {format.date(due - 1)}
              </span>
              {row.closedAt === null
                ? null
                : ` · ${words.closed} ${format.moment(Date.parse(row.closedAt))}: ${row.closing ?? ''}`}{' '}
              <Link to={`/uji-beban/${row.test}`}>{row.test}</Link>
            </p>
            {may && row.closedAt === null ? <Close id={row.id} /> : null}
          </li>
        );
      })}
    </ul>
  );
}

function useSend(path: string) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: object) => api.send('POST', path, { body, schema: deficiencyView }),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['load-tests'] }),
  });
}

function Close({ id }: { id: string }): ReactNode {
  const { t } = useTranslation();
  const [closing, setClosing] = useState('');
  const close = useSend(`load-test-deficiencies/${id}/close`);
  const submit = submitting(() => {
    close.mutate({ closing: closing.trim() });
  });
  return (
    <details>
      <summary>{t('loadTestReport.close')}</summary>
      <form className="loadtest-form" onSubmit={submit}>
        <label className="field">
          {t('loadTestReport.closing')}
          <input value={closing} required maxLength={500} onChange={(event) => { setClosing(event.target.value); }} />
        </label>
        <button type="submit" className="button" disabled={close.isPending || closing.trim() === ''}>
          {t('loadTestReport.close')}
        </button>
      </form>
      <Failed error={close.error} />
    </details>
  ); // prettier-ignore
}

const nothing = { text: '', owner: '', due: '' };

function Add({ test }: { test: string }): ReactNode {
  const { t } = useTranslation();
  const { language } = useFormat();
  const { words } = loadTestTexts[language];
  const [draft, setDraft] = useState(nothing);
  const add = useSend(`load-tests/${encodeURIComponent(test)}/deficiencies`);
  const submit = submitting(() => {
    add.mutate(draft, {
      onSuccess: () => {
        setDraft(nothing);
      },
    });
  });
  const field = (name: keyof typeof nothing, title: string, type: 'text' | 'date'): ReactNode => (
    <label className="field">
      {title}
      <input
        type={type}
        required
        maxLength={name === 'owner' ? 120 : 500}
        value={draft[name]}
        onChange={(event) => {
          setDraft({ ...draft, [name]: event.target.value });
        }}
      />
    </label>
  );
  return (
    <details>
      <summary>{t('loadTestReport.add')}</summary>
      <form className="loadtest-form" onSubmit={submit}>
        {field('text', words.deficiency, 'text')}
        {field('owner', words.owner, 'text')}
        {field('due', words.dueBy, 'date')}
        <button type="submit" className="button" disabled={add.isPending}>
          {t('loadTestReport.add')}
        </button>
      </form>
      <Failed error={add.error} />
    </details>
  ); // prettier-ignore
}
