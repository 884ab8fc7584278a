import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CartesianGrid, Line, LineChart, ReferenceLine, ResponsiveContainer, XAxis, YAxis } from 'recharts';
import type { TrendView } from '../../server/contracts/capacity.ts';
import { useApi } from '../api/queries.ts';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { Failed } from '../parts/Failed.tsx';
import { trendsQuery } from './queries.ts';
import { useChartWidth } from '../parts/paper.ts';

/** A chart of more points only grows slower. */
const mostPoints = 300;

export function Trends({ site }: { site: string }): ReactNode {
  const { t } = useTranslation();
  const query = useQuery(trendsQuery(useApi(), site));
  return (
    <section className="panel">
      <h2>{t('capacity.trends')}</h2>
      <Failed error={query.error} />
      <div className="capacity-trends">
        {query.data?.items.map((trend) => (
          <Trend key={trend.key} trend={trend} />
        ))}
      </div>
    </section>
  );
}

function Trend({ trend }: { trend: TrendView }): ReactNode {
  const label = useLabel();
  const text = useTrendText()(trend);
  const width = useChartWidth();
  const name = trend.name === null ? trend.key : label(trend.name);
  return (
    <figure className="capacity-trend">
      <figcaption>
        <b>{name}</b> {text}
      </figcaption>
      {trend.days.length < 2 ? null : (
        <div aria-hidden="true">
          <ResponsiveContainer width={width} height={160}>
            <LineChart data={trend.days.slice(-mostPoints)} accessibilityLayer={false}>
              <CartesianGrid stroke="var(--chart-grid)" vertical={false} />
              <XAxis dataKey="day" stroke="var(--chart-text)" tickLine={false} minTickGap={40} />
              <YAxis
                stroke="var(--chart-text)"
                tickLine={false}
                width={56}
                unit=" kW"
                domain={['auto', 'auto']}
              />
              {trend.limitKw === null ? null : (
                <ReferenceLine y={trend.limitKw} stroke="var(--chart-edge)" strokeDasharray="6 4" />
              )}
              <Line
                dataKey="kw"
                stroke="var(--chart-line)"
                dot={false}
                isAnimationActive={false}
                strokeWidth={2}
              />
            </LineChart>
          </ResponsiveContainer>
        </div>
      )}
    </figure>
  );
}

function useTrendText(): (trend: TrendView) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return ({ days, trend, why }) => {
    if (trend === null)
      return why === 'too-few-days' ? t('capacity.tooFewDays', { n: days.length }) : t('capacity.noSlope');
    const kw = (value: number): string => format.number(value, 1);
    const slope = t('capacity.slope', { kw: kw(trend.kwPerMonth), low: kw(trend.low), high: kw(trend.high) });
    if (trend.reaches === null) return slope;
    const { date, earliest, latest } = trend.reaches;
    return `${slope} ${t('capacity.reaches', { date, earliest, latest: latest ?? t('capacity.notForeseen') })}`;
  };
}
