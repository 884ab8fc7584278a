import { useQuery } from '@tanstack/react-query';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeviceHealthView } from '../../server/contracts/system.ts';
import { devicesHealthQuery, useApi, useSites } from '../api/queries.ts';
import { useFormat } from '../format/FormatContext.tsx';
import { useNow } from '../live/hooks.tsx';
import { arrange, columns, type Column, type View } from './rows.ts';
import './devices.css';

/** Rows drawn before the rest is asked for: there are two thousand devices. */
const first = 100;
const numbers = new Set<Column>(['latencyMs', 'polls', 'timeouts', 'decodeErrors', 'late', 'skipped']);

/** How every device answers, so that one sick device is found before it is missed. */
export function DevicesPage(): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const answer = useQuery(devicesHealthQuery(useApi()));
  const [view, setView] = useState<View>({ by: 'state', descending: false, onlyLost: false, search: '' });
  const [every, setEvery] = useState(false);
  const rows = useMemo(() => arrange(answer.data ?? [], view), [answer.data, view]);
  if (answer.data === undefined) {
    return <p className="note">{t(answer.isError ? 'devices.unavailable' : 'history.loading')}</p>;
  }
  return (
    <div>
      <header className="page-head">
        <h1>{t('page.devices')}</h1>
        <span>{t('devices.count', { shown: format.number(rows.length, 0), total: format.number(answer.data.length, 0) })}</span>
        <span className="grow" />
        <input
          className="input devices-search"
          type="search"
          placeholder={t('devices.search')}
          aria-label={t('devices.search')}
          value={view.search}
          onChange={(event) => { setView({ ...view, search: event.target.value }); }}
        />
        <label className="check">
          <input type="checkbox" checked={view.onlyLost} onChange={(event) => { setView({ ...view, onlyLost: event.target.checked }); }} />
          {t('devices.onlyLost')}
        </label>
      </header>
      <div className="panel table-frame">
        <table className="table devices">
          <thead>
            <tr>
              {columns.map((column) => (
                <Head key={column} column={column} view={view} onSort={() => { setView({ ...view, by: column, descending: view.by === column && !view.descending }); }} />
              ))}
            </tr>
          </thead>
          <tbody>
            {(every ? rows : rows.slice(0, first)).map((row) => <Row key={`${row.site}/${row.device}`} row={row} />)}
          </tbody>
        </table>
        {!every && rows.length > first ? (
          <button type="button" className="button" onClick={() => { setEvery(true); }}>
            {t('devices.more')} ({rows.length})
          </button>
        ) : null}
      </div>
    </div>
  ); // prettier-ignore
}

const names: Readonly<Record<Column, string>> = {
  device: 'device', site: 'site', state: 'state', lastAnswerAt: 'lastAnswer', latencyMs: 'latency', polls: 'polls',
  timeouts: 'timeouts', decodeErrors: 'decodeErrors', late: 'late', skipped: 'skipped', lastError: 'lastError',
}; // prettier-ignore

function Head({ column, view, onSort }: { column: Column; view: View; onSort: () => void }): ReactNode {
  const { t } = useTranslation();
  const sorted = view.by === column;
  const Arrow = view.descending ? ArrowDown : ArrowUp;
  return (
    <th scope="col" className={numbers.has(column) ? 'number' : ''} aria-sort={sorted ? (view.descending ? 'descending' : 'ascending') : 'none'}>
      <button type="button" onClick={onSort}>
        {t(`devices.${names[column]}`)}
        {sorted ? <Arrow aria-hidden="true" size="1em" /> : null}
      </button>
    </th>
  ); // prettier-ignore
}

const counted = ['polls', 'timeouts', 'decodeErrors', 'late', 'skipped'] as const;

function Row({ row }: { row: DeviceHealthView }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const site = useSites().data?.find((one) => one.id === row.site);
  return (
    <tr className={row.state === 'lost' ? 'devices-lost' : ''}>
      <th scope="row">{row.device}</th>
      <td>{site?.name ?? row.site}</td>
      <td>{t(`deviceState.${row.state}`)}</td>
      <td>{row.lastAnswerAt === null ? '–' : <Answered at={Date.parse(row.lastAnswerAt)} />}</td>
      <td className="number">{row.latencyMs === null ? '–' : `${format.number(row.latencyMs, 0)} ms`}</td>
      {counted.map((name) => (
        <td key={name} className={row[name] > 0 && name !== 'polls' ? 'number devices-some' : 'number'}>
          {format.number(row[name], 0)}
        </td>
      ))}
      <td className="devices-error">{row.lastError ?? ''}</td>
    </tr>
  );
}

function Answered({ at }: { at: number }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow(5_000);
  return t('value.age', { age: format.age(now - at) });
}
