import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import type { AuditEntryView } from '../../server/contracts/audit.ts';
import { useApi } from '../api/queries.ts';
import { useTitle } from '../app/title.ts';
import { useFormat } from '../format/FormatContext.tsx';
import { Failed } from '../parts/Failed.tsx';
import { FilterRow, withFilter, type FilterField } from '../parts/FilterRow.tsx';
import { TableFrame } from '../parts/TableFrame.tsx';
import { EntryProof } from './EntryProof.tsx';
import { LogStatus } from './LogStatus.tsx';
import { auditQuery, auditRequest } from './queries.ts';
import { Name } from '../parts/Name.tsx';
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
        const next = withFilter(before, name, text);
        // Another list begins at its own beginning.
        if (name !== 'mulai') next.delete('mulai');
        return next;
      },
      { replace: name !== 'mulai' },
    );
  };
  const next = entries.data?.next ?? null;
  const fields: readonly FilterField[] = [
    { name: 'siapa', label: t('audit.actor'), kind: 'text', maxLength: 100 },
    {
      name: 'apa',
      label: t('audit.area'),
      kind: 'choice',
      all: t('audit.allAreas'),
      choices: areas.map((value) => ({ value, text: t(`auditArea.${value.slice(1)}`) })),
    },
    { name: 'hal', label: t('audit.subject'), kind: 'text', maxLength: 200 },
    {
      name: 'hasil',
      label: t('audit.outcome'),
      kind: 'choice',
      all: t('audit.allOutcomes'),
      choices: [
        { value: 'done', text: t('audit.done') },
        { value: 'refused', text: t('audit.refused') },
      ],
    },
    { name: 'dari', label: t('accessFilter.from'), kind: 'day' },
    { name: 'sampai', label: t('accessFilter.to'), kind: 'day' },
  ];
  return (
    <section className="panel">
      <h2>{t('audit.entries')}</h2>
      <FilterRow fields={fields} search={search} onChange={set}>
        <a className="button" href={`/api/v1/audit?format=csv&limit=5000&${query}`} download>CSV</a>
      </FilterRow>
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
          <Name>{actor === '' ? t('audit.nobody') : actor}</Name>
          <small>{[role === '' ? '' : t(`role.${role}`), address].filter((text) => text !== '').join(' · ')}</small>
        </td>
        <td data-label={t('audit.what')}>
          <code>{method} {path}</code>
          {subject === '' ? null : <small><Name>{subject}</Name></small>}
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
