import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CartesianGrid, Line, LineChart, ResponsiveContainer, XAxis, YAxis } from 'recharts';
import { inWib } from '../../core/wib.ts';
import type { LoadTestTrendItem } from '../../server/contracts/load-tests.ts';
import { useApi, useSites } from '../api/queries.ts';
import { useFormat } from '../format/FormatContext.tsx';
import { SiteOptions } from '../parts/SiteOptions.tsx';
import { Failed } from '../parts/Failed.tsx';
import { trendsQuery } from './queries.ts';
import { useChartWidth } from '../parts/paper.ts';

const figures = [
  'crankS', 'crankVolts', 'startTransferS', 'steadyVoltage', 'steadyFrequency', 'recoveryVoltageS', 'recoveryFrequencyS', 'kwMax',
  'fuelRate', 'enduranceHours',
] as const; // prettier-ignore

/** How start, voltage, fuel and recovery of a site's gensets change from test to test. */
export function Trends(): ReactNode {
  const { t } = useTranslation();
  const sites = useSites().data ?? [];
  const [chosen, setSite] = useState('');
  const site = chosen === '' ? (sites[0]?.id ?? '') : chosen;
  const query = useQuery({ ...trendsQuery(useApi(), site), enabled: site !== '' });
  const items = query.data?.items ?? [];
  return (
    <section className="panel">
      <h2>{t('loadTestTrend.title')}</h2>
      <label className="field">
        {t('loadTestTrend.site')}
        <select value={site} onChange={(event) => { setSite(event.target.value); }}>
          <SiteOptions sites={sites} />
        </select>
      </label>
      <Failed error={query.error} />
      {query.isSuccess && items.length < 2 ? <p className="note">{t('loadTestTrend.none')}</p> : null}
      {items.length < 2 ? null : (
        <div className="loadtest-sites">
          {figures.map((figure) => (
            <Trend key={figure} figure={figure} items={items} />
          ))}
        </div>
      )}
    </section>
  ); // prettier-ignore
}

function Trend({ figure, items }: { figure: (typeof figures)[number]; items: readonly LoadTestTrendItem[] }): ReactNode {
  const { t } = useTranslation();
  const width = useChartWidth();
  const format = useFormat();
  const data = items.flatMap((item) => {
    const value = item[figure];
    return value === null ? [] : [{ day: `${format.day(Date.parse(item.from))} ${inWib(Date.parse(item.from)).getUTCFullYear()}`, value }];
  });
  const [first, last] = [data[0], data.at(-1)];
  if (first === undefined || last === undefined || data.length < 2) return null;
  const number = (value: number): string => format.number(value, Math.abs(value) < 100 ? 1 : 0);
  return (
    <figure className="loadtest-trend">
      <figcaption>
        <b>{t(`loadTestFigure.${figure}`)}</b>{' '}
        {t('loadTestTrend.range', { first: number(first.value), last: number(last.value) })}
      </figcaption>
      <div aria-hidden="true">
        <ResponsiveContainer width={width} height={140}>
          <LineChart data={data} accessibilityLayer={false} margin={{ top: 12, right: 12 }}>
            <CartesianGrid stroke="var(--chart-grid)" vertical={false} />
            <XAxis dataKey="day" stroke="var(--chart-text)" tickLine={false} minTickGap={40} />
            <YAxis stroke="var(--chart-text)" tickLine={false} width={56} domain={['auto', 'auto']} tickFormatter={number} />
            <Line dataKey="value" stroke="var(--chart-line)" isAnimationActive={false} strokeWidth={2} />
          </LineChart>
        </ResponsiveContainer>
      </div>
    </figure>
  );
} // prettier-ignore
