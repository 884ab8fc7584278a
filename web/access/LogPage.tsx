import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { doorLabel } from '../../domain/wording/door.ts';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { useApi, useSites } from '../api/queries.ts';
import { useTitle } from '../app/title.ts';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { FilterRow, withFilter, type FilterField } from '../parts/FilterRow.tsx';
import { addDays } from '../parts/days.ts';
import { AccessNav } from './AccessNav.tsx';
import { accessEventsQuery } from './queries.ts';
import { TableFrame } from '../parts/TableFrame.tsx';
import { Refused } from './Refused.tsx';
import { Name } from '../parts/Name.tsx';
import './access.css';

/** Kinds of events at doors (`core/access-event`). */
const kinds = ['access-granted', 'access-denied', 'door-forced', 'door-held', 'door-opened', 'door-closed', 'duress', 'tamper'] as const; // prettier-ignore

/** What happened at the doors, newest first; filters are in the address, the print is what is shown. */
export function LogPage(): ReactNode {
  const { t } = useTranslation();
  useTitle(t('accessNav.log'));
  const format = useFormat();
  const label = useLabel();
  const [search, setSearch] = useSearchParams();
  const sites = useSites().data ?? [];
  const query = requestOf(search);
  const events = useQuery(accessEventsQuery(useApi(), `${query}&limit=500`));
  const set = (name: string, text: string): void => {
    setSearch(
      (before) => {
        const next = withFilter(before, name, text);
        if (name === 'situs') next.delete('ruang');
        return next;
      },
      { replace: true },
    );
  };
  const rooms = sites.find(({ id }) => id === search.get('situs'))?.rooms ?? [];
  const fields: readonly FilterField[] = [
    {
      name: 'situs',
      label: t('ticket.site'),
      kind: 'choice',
      all: t('accessFilter.allSites'),
      choices: sites.map(({ id, name }) => ({ value: id, text: name })),
    },
    {
      name: 'ruang',
      label: t('accessLog.room'),
      kind: 'choice',
      all: t('accessLog.allRooms'),
      choices: rooms.map(({ id, name }) => ({ value: id, text: label(name) })),
    },
    {
      name: 'jenis',
      label: t('accessLog.kind'),
      kind: 'choice',
      all: t('accessLog.allKinds'),
      choices: kinds.map((value) => ({ value, text: t(`accessEvent.${value}`) })),
    },
    { name: 'kartu', label: t('accessLog.card'), kind: 'text', maxLength: 64 },
    { name: 'orang', label: t('accessLog.person'), kind: 'text', maxLength: 64 },
    { name: 'dari', label: t('accessFilter.from'), kind: 'day' },
    { name: 'sampai', label: t('accessFilter.to'), kind: 'day' },
  ];
  const roomName = (source: string, room: string | null): string => {
    const found = sites.find(({ id }) => id === source.split('/')[0])?.rooms.find(({ id }) => id === room);
    return found === undefined ? (room ?? '–') : label(found.name);
  };
  const doorName = (source: string, door: unknown): string => {
    const [site, device] = source.split('/');
    const found = sites.find(({ id }) => id === site)?.devices.find(({ id }) => id === device);
    const part = typeof door === 'string' || typeof door === 'number' ? String(door) : null;
    return label(doorLabel(found?.name ?? { id: source, en: source }, part));
  };
  return (
    <div>
      <header className="page-head">
        <h1>{t('accessNav.log')}</h1>
        <AccessNav />
      </header>
      <FilterRow fields={fields} search={search} onChange={set}>
        <a className="button" href={`/api/v1/access-events?format=csv&limit=5000&${query}`} download>CSV</a>
        <a className="button" href={`/api/v1/access-events/file?language=${format.language}&${query}`} download>PDF</a>
        <button type="button" className="button" onClick={() => { window.print(); }}>{t('accessLog.print')}</button>
      </FilterRow>
      <Refused error={events.error} />
      {events.data?.items.length === 0 ? <p className="note">{t('accessLog.none')}</p> : null}
      <TableFrame label={t('accessNav.log')}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t('accessLog.at')}</th>
              <th scope="col">{t('accessLog.kind')}</th>
              <th scope="col">{t('accessLog.place')}</th>
              <th scope="col">{t('accessLog.card')}</th>
              <th scope="col">{t('accessLog.person')}</th>
            </tr>
          </thead>
          <tbody>
            {events.data?.items.map(({ id, at, kind, source, room, attributes }) => (
              <tr key={id}>
                <td><time dateTime={at} title={format.date(Date.parse(at))}>{format.day(Date.parse(at))} {format.time(Date.parse(at))}</time></td>
                <td>{t(`accessEvent.${kind}`, { defaultValue: kind })}</td>
                <td>{roomName(source, room)} <small><Name>{doorName(source, attributes['door'])}</Name></small></td>
                <td>{String(attributes['card'] ?? '–')}</td>
                <td><Name>{String(attributes['person'] ?? '–')}</Name></td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
      {(events.data?.next ?? null) === null ? null : <p className="note">{t('accessFilter.more')}</p>}
    </div>
  ); // prettier-ignore
}

function requestOf(search: URLSearchParams): string {
  const query = new URLSearchParams();
  for (const [name, key] of [['situs', 'site'], ['ruang', 'room'], ['jenis', 'kind'], ['kartu', 'card'], ['orang', 'person']] as const) {
    const value = search.get(name)?.trim() ?? '';
    if (value !== '') query.set(key, value);
  }
  addDays(query, search);
  return query.toString();
} // prettier-ignore
