import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import type { ComplianceVerdict, ComplianceView } from '../../server/contracts/compliance.ts';
import { useApi, useSites } from '../api/queries.ts';
import { useTitle } from '../app/title.ts';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { SiteOptions } from '../parts/SiteOptions.tsx';
import { Failed } from '../parts/Failed.tsx';
import { Chart } from './Chart.tsx';
import { Documents } from './Documents.tsx';
import { Indices } from './Indices.tsx';
import { recentMonths } from './months.ts';
import { Verdict } from './parts.tsx';
import { complianceQuery, complianceSearch, progressQuery } from './queries.ts';
import { RowTable } from './RowTable.tsx';
import { Name } from '../parts/Name.tsx';
import './compliance.css';

/** BAB IV as a live page. Site and month are in the address. */
export function CompliancePage(): ReactNode {
  const { t } = useTranslation();
  useTitle(t('page.compliance'));
  const [search, setSearch] = useSearchParams();
  const [openedAt] = useState(Date.now);
  const months = recentMonths(openedAt);
  const sites = useSites().data ?? [];
  const site = search.get('situs') ?? sites[0]?.id ?? '';
  const asked = search.get('bulan') ?? '';
  const month = /^\d{4}-\d{2}$/.test(asked) ? asked : (months[0] ?? '');
  const compliance = useQuery({
    ...complianceQuery(useApi(), site, month),
    placeholderData: keepPreviousData,
  });
  const choose = (key: string, value: string): void => {
    const next = new URLSearchParams(search);
    next.set(key, value);
    setSearch(next, { replace: true });
  };
  const { data: view, isPlaceholderData: isOld } = compliance;
  return (
    <div className="compliance">
      <header className="page-head">
        <h1>{t('page.compliance')}</h1>
        <p className="note">{t('compliance.explained')}</p>
      </header>
      <div className="compliance-filter">
        <label className="field">
          {t('compliance.site')}
          <select value={site} onChange={(event) => { choose('situs', event.target.value); }}>
            <SiteOptions sites={sites} />
          </select>
        </label>
        <label className="field">
          {t('compliance.month')}
          <select value={month} onChange={(event) => { choose('bulan', event.target.value); }}>
            {(months.includes(month) ? months : [month, ...months]).map((each) => <option key={each} value={each}>{each}</option>)}
          </select>
        </label>
        <a className="button" href={`/api/v1/compliance?${complianceSearch(site, month)}&format=csv`} download>
          <Download aria-hidden="true" size="1em" /> CSV
        </a>
        <Link className="button" to="/kepatuhan/laporan">{t('compliance.reports')}</Link>
      </div>
      <Failed error={compliance.error} />
      <Measuring isAsked={compliance.isFetching && (view === undefined || isOld)} site={site} month={month} />
      {view === undefined ? null : (
        <div className={isOld ? 'compliance-body compliance-body--old' : 'compliance-body'}>
          <Summary view={view} />
          <RowTable view={view} />
          <Chart view={view} />
          <Indices view={view} />
        </div>
      )}
      {site === '' ? null : <Documents site={site} />}
    </div>
  );
} // prettier-ignore

/** A month of a whole site takes some seconds to measure. */
function Measuring({ isAsked, site, month }: { isAsked: boolean; site: string; month: string }): ReactNode {
  const { t } = useTranslation();
  const progress = useQuery(progressQuery(useApi(), isAsked)).data;
  if (!isAsked) return null;
  const mine = progress?.items.find((each) => each.site === site && each.month === month);
  return (
    <output className="compliance-progress">
      {t('compliance.measuring')}{' '}
      {mine === undefined || mine.of === 0 ? null : (
        <>
          <progress value={mine.done} max={mine.of} /> {mine.done} / {mine.of}
        </>
      )}
    </output>
  );
}

const verdicts: readonly ComplianceVerdict[] = ['fails', 'not-proven', 'holds'];

function Summary({ view }: { view: ComplianceView }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const label = useLabel();
  return (
    <section className="panel">
      <h2>
        <Name>{view.siteName}</Name>, {view.clause}
      </h2>
      <p className="note">
        <Name>{view.building}</Name> · {view.standard} · {t(view.isOver ? 'compliance.over' : 'compliance.running', { time: format.moment(Date.parse(view.to)) })}
      </p>
      <dl className="compliance-summary">
        {verdicts.map((verdict) => (
          <div key={verdict}>
            <dt>
              <Verdict verdict={verdict} />
            </dt>
            <dd>{view.items.filter((item) => item.verdict === verdict).length}</dd>
          </div>
        ))}
      </dl>
      <p className="note">
        {t('compliance.needed', { coverage: view.needed.coverage, share: view.needed.share, source: label(view.needed.source) })}
      </p>
      {view.judgedSince === null ? <p className="note">{t('compliance.neverJudged')}</p> : null}
    </section>
  );
} // prettier-ignore
