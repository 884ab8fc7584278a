import { useQuery } from '@tanstack/react-query';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../app/session.tsx';
import { useTitle } from '../app/title.ts';
import { protocol as protocols } from '../../server/contracts/common.ts';
import { collectorsQuery, deviceDiagnosticsQuery, useApi, useSites } from '../api/queries.ts';
import { useFormat } from '../format/FormatContext.tsx';
import { Collectors } from './Collectors.tsx';
import { DeviceTable } from './DeviceTable.tsx';
import { Discovery } from './Discovery.tsx';
import { useCollectorName } from './names.ts';
import { arrange, everything, type View } from './rows.ts';
import './devices.css';

/** State of the collectors, and how each device answers them, so that a failing device is noticed early. */
export function DevicesPage(): ReactNode {
  const { t } = useTranslation();
  useTitle(t('page.devices'));
  const format = useFormat();
  const api = useApi();
  const answer = useQuery(deviceDiagnosticsQuery(api));
  const collectors = useQuery(collectorsQuery(api)).data;
  const mayDiscover = useMay('manager');
  const [view, setView] = useState<View>(everything);
  const rows = useMemo(() => arrange(answer.data ?? [], view), [answer.data, view]);
  return (
    <div>
      <header className="page-head">
        <h1>{t('page.devices')}</h1>
        {answer.data === undefined ? null : (
          <span data-testid="devices-count">
            {t('devices.count', {
              shown: format.number(rows.length, 0),
              total: format.number(answer.data.length, 0),
            })}
          </span>
        )}
      </header>
      {collectors === undefined ? null : <Collectors collectors={collectors} />}
      {mayDiscover ? <Discovery /> : null}
      <Filters view={view} onChange={setView} collectors={(collectors ?? []).map(({ name }) => name)} />
      {answer.data === undefined ? (
        <p className="note">{t(answer.isError ? 'devices.unavailable' : 'history.loading')}</p>
      ) : (
        <DeviceTable
          rows={rows}
          view={view}
          onSort={(by) => {
            setView({ ...view, by, descending: view.by === by && !view.descending });
          }}
        />
      )}
    </div>
  );
}

interface FiltersProps {
  readonly view: View;
  readonly onChange: (view: View) => void;
  readonly collectors: readonly string[];
}

function Filters({ view, onChange, collectors }: FiltersProps): ReactNode {
  const { t } = useTranslation();
  const sites = useSites().data ?? [];
  const collectorName = useCollectorName();
  const choices = [
    {
      by: 'collector',
      all: t('devices.everyCollector'),
      options: collectors.map((name) => ({ name, text: collectorName(name) })),
    },
    {
      by: 'site',
      all: t('devices.everySite'),
      options: sites.map(({ id, name }) => ({ name: id, text: name })),
    },
    {
      by: 'protocol',
      all: t('devices.everyProtocol'),
      options: protocols.options.map((name) => ({ name, text: t(`protocol.${name}`) })),
    },
  ] as const;
  return (
    <search className="devices-filters">
      <input
        className="input devices-search"
        type="search"
        placeholder={t('devices.search')}
        aria-label={t('devices.search')}
        value={view.search}
        onChange={(event) => {
          onChange({ ...view, search: event.target.value });
        }}
      />
      {choices.map(({ by, all, options }) => (
        <select
          key={by}
          className="input"
          aria-label={t(`devices.${by}`)}
          value={view[by]}
          onChange={(event) => {
            onChange({ ...view, [by]: event.target.value });
          }}
        >
          <option value="">{all}</option>
          {options.map(({ name, text }) => (
            <option key={name} value={name}>
              {text}
            </option>
          ))}
        </select>
      ))}
      <label className="check">
        <input
          type="checkbox"
          checked={view.onlySick}
          onChange={(event) => {
            onChange({ ...view, onlySick: event.target.checked });
          }}
        />
        {t('devices.onlySick')}
      </label>
    </search>
  );
}
