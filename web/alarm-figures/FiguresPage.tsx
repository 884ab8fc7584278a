import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { useApi, useSites } from '../api/queries.ts';
import { useTitle } from '../app/title.ts';
import { Failed } from '../parts/Failed.tsx';
import { Figures } from './Figures.tsx';
import { periodNames, periodOf, type PeriodName } from './period.ts';
import { figuresQuery, figuresSearch } from './queries.ts';
import { Reports } from './Reports.tsx';
import { SiteDetails } from './SiteDetails.tsx';
import { WorkList } from './WorkList.tsx';
import './figures.css';

/** How well the alarm system itself does, and what is to be done about it. Site and time are in the address. */
export function FiguresPage(): ReactNode {
  const { t } = useTranslation();
  useTitle(t('page.alarmFigures'));
  const [search, setSearch] = useSearchParams();
  const [openedAt] = useState(Date.now);
  const site = search.get('situs') ?? '';
  const name = periodNames.find((each) => each === search.get('waktu')) ?? '30d';
  const query = { site, ...periodOf(name, openedAt) };
  const figures = useQuery({ ...figuresQuery(useApi(), query), placeholderData: keepPreviousData });
  const choose = (key: string, value: string): void => {
    const next = new URLSearchParams(search);
    if (value === '') next.delete(key);
    else next.set(key, value);
    setSearch(next, { replace: true });
  };
  return (
    <div className="alarm-figures">
      <header className="page-head">
        <h1>{t('page.alarmFigures')}</h1>
        <p className="note">{t('alarmFigures.explained')}</p>
      </header>
      <Filter site={site} period={name} choose={choose} />
      <Failed error={figures.error} />
      {figures.isPending ? <output className="note">{t('history.loading')}</output> : null}
      {figures.data === undefined ? null : (
        <div
          className={
            figures.isPlaceholderData ? 'alarm-figures-body alarm-figures-body--old' : 'alarm-figures-body'
          }
        >
          <Figures view={figures.data} />
          <WorkList view={figures.data} />
          {figures.data.sites.map((each) => (
            <SiteDetails key={each.site} site={each} />
          ))}
          <p className="alarm-figures-files">
            <a className="button" href={`/api/v1/alarm-figures?${figuresSearch(query)}&format=csv`} download>
              <Download aria-hidden="true" size="1em" /> {t('alarmFigures.csv')}
            </a>
            <a
              className="button"
              href={`/api/v1/alarm-figures/work?${figuresSearch(query)}&format=csv`}
              download
            >
              <Download aria-hidden="true" size="1em" /> {t('alarmFigures.workCsv')}
            </a>
          </p>
        </div>
      )}
      <Reports now={openedAt} />
    </div>
  );
}

function Filter({
  site,
  period,
  choose,
}: {
  site: string;
  period: PeriodName;
  choose: (key: string, value: string) => void;
}): ReactNode {
  const { t } = useTranslation();
  const sites = useSites().data ?? [];
  return (
    <div className="alarm-figures-filter">
      <label className="field">
        {t('alarmFigures.site')}
        <select value={site} onChange={(event) => { choose('situs', event.target.value); }}>
          <option value="">{t('alarmFigures.allSites')}</option>
          {sites.map((each) => (
            <option key={each.id} value={each.id}>{each.name}</option>
          ))}
        </select>
      </label>
      <label className="field">
        {t('alarmFigures.period')}
        <select value={period} onChange={(event) => { choose('waktu', event.target.value); }}>
          {periodNames.map((each) => (
            <option key={each} value={each}>{t(`alarmPeriod.${each}`)}</option>
          ))}
        </select>
      </label>
    </div>
  ); // prettier-ignore
}
