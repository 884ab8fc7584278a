import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import type { AuditEntryView } from '../../server/contracts/audit.ts';
import { useApi } from '../api/queries.ts';
import { useTitle } from '../app/title.ts';
import { useFormat } from '../format/FormatContext.tsx';
import { Failed } from '../parts/Failed.tsx';
import { TableFrame } from '../parts/TableFrame.tsx';
import { EntryProof } from './EntryProof.tsx';
import { LogStatus } from './LogStatus.tsx';
import { auditQuery, auditRequest } from './queries.ts';
import '../access/access.css';
import './audit.css';

/** Beginnings of the paths of commands; each has a name in the texts. */
const areas = ['/session', '/users', '/tickets', '/ticket-series', '/revoked-cards', '/persons', '/incidents', '/alarms', '/plant-states', '/on-call', '/shifts', '/compliance', '/load-tests', '/commissioning', '/discovery', '/log'] as const; // prettier-ignore

/** Who did what through the API, and whether the log that proves it is what was written. Filters are in the address. */
export function AuditPage(): ReactNode {
  const { t } = useTranslation();
  useTitle(t('page.audit'));
  return (
    <div className="audit">
      <header className="page-head">
        <h1>{t('page.audit')}</h1>
        <p className="note">{t('audit.explained')}</p>
      </header>
      <LogStatus />
      <Entries />
    </div>
  );
}

function Entries(): ReactNode {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const query = auditRequest(search);
  const cursor = search.get('mulai') ?? '';
  const entries = useQuery({ ...auditQuery(useApi(), query, cursor), placeholderData: keepPreviousData });
  const set = (name: string, text: string): void => {
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        if (text === '') next.delete(name);
        else next.set(name, text);
        // Another list begins at its own beginning.
        if (name !== 'mulai') next.delete('mulai');
        return next;
      },
      { replace: name !== 'mulai' },
    );
  };
  const next = entries.data?.next ?? null;
  return (
    <section className="panel">
      <h2>{t('audit.entries')}</h2>
      <Filters search={search} set={set} query={query} />
      <Failed error={entries.error} />
      {entries.data?.items.length === 0 ? <p className="note">{t('audit.none')}</p> : null}
      <TableFrame label={t('audit.entries')}>
        <table className="table table--stacked" data-testid="audit">
          <thead>
            <tr>
              <th scope="col">{t('audit.at')}</th>
              <th scope="col">{t('audit.actor')}</th>
              <th scope="col">{t('audit.what')}</th>
              <th scope="col">{t('audit.outcome')}</th>
              <th scope="col">{t('audit.proof')}</th>
            </tr>
          </thead>
          <tbody>
            {entries.data?.items.map((entry) => (
              <Row key={entry.id} entry={entry} />
            ))}
          </tbody>
        </table>
      </TableFrame>
      <p className="audit-pages">
        {cursor === '' ? null : (
          <button type="button" className="button" onClick={() => { set('mulai', ''); }}>{t('audit.newest')}</button>
        )}
        {next === null ? null : (
          <button type="button" className="button" onClick={() => { set('mulai', next); }}>{t('audit.older')}</button>
        )}
      </p>
    </section>
  ); // prettier-ignore
}

interface FilterProps {
  search: URLSearchParams;
  set: (name: string, text: string) => void;
  query: string;
}

function Filters({ search, set, query }: FilterProps): ReactNode {
  const { t } = useTranslation();
  const value = (name: string): string => search.get(name) ?? '';
  const change = (name: string) => (event: { target: { value: string } }) => {
    set(name, event.target.value);
  };
  return (
    <search className="access-filters">
      <label className="field">
        {t('audit.actor')}
        <input className="input" type="search" maxLength={100} value={value('siapa')} onChange={change('siapa')} />
      </label>
      <label className="field">
        {t('audit.area')}
        <select className="input" value={value('apa')} onChange={change('apa')}>
          <option value="">{t('audit.allAreas')}</option>
          {areas.map((area) => <option key={area} value={area}>{t(`auditArea.${area.slice(1)}`)}</option>)}
        </select>
      </label>
      <label className="field">
        {t('audit.subject')}
        <input className="input" type="search" maxLength={200} value={value('hal')} onChange={change('hal')} />
      </label>
      <label className="field">
        {t('audit.outcome')}
        <select className="input" value={value('hasil')} onChange={change('hasil')}>
          <option value="">{t('audit.allOutcomes')}</option>
          <option value="done">{t('audit.done')}</option>
          <option value="refused">{t('audit.refused')}</option>
        </select>
      </label>
      <label className="field">
        {t('accessFilter.from')}
        <input className="input" type="date" value={value('dari')} onChange={change('dari')} />
      </label>
      <label className="field">
        {t('accessFilter.to')}
        <input className="input" type="date" value={value('sampai')} onChange={change('sampai')} />
      </label>
      <span className="access-files">
        <a className="button" href={`/api/v1/audit?format=csv&limit=5000&${query}`} download>CSV</a>
      </span>
    </search>
  ); // prettier-ignore
}

function Row({ entry }: { entry: AuditEntryView }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const [shown, setShown] = useState(false);
  const { id, at, actor, role, address, method, path, subject, status, input, problem } = entry;
  const done = status < 400;
  return (
    <>
      <tr className={done ? undefined : 'audit-refused'}>
        <td data-label={t('audit.at')}>
          {format.moment(Date.parse(at))}
        </td>
        <td data-label={t('audit.actor')}>
          <bdi>{actor === '' ? t('audit.nobody') : actor}</bdi>
          <small>{[role === '' ? '' : t(`role.${role}`), address].filter((text) => text !== '').join(' · ')}</small>
        </td>
        <td data-label={t('audit.what')}>
          <code>{method} {path}</code>
          {subject === '' ? null : <small><bdi>{subject}</bdi></small>}
          {input === 'null' ? null : (
            <details>
              <summary>{t('audit.input')}</summary>
              <code className="audit-input">{input}</code>
            </details>
          )}
        </td>
        <td data-label={t('audit.outcome')}>
          {done ? t('audit.done') : t('audit.refused')} ({status})
          {problem === null ? null : <small lang="en">{problem}</small>}
        </td>
        <td data-label={t('audit.proof')}>
          <button type="button" className="button" aria-expanded={shown} onClick={() => { setShown(!shown); }}>
            {t('audit.check')}
          </button>
        </td>
      </tr>
      {shown ? (
        <tr>
          <td colSpan={5}><EntryProof id={id} /></td>
        </tr>
      ) : null}
    </>
  ); // prettier-ignore
}
