import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { partName } from '../../config/schema/part-names.ts';
import type { IncidentView } from '../../server/contracts/incidents.ts';
import { historyView, type HistoryView } from '../../server/contracts/points.ts';
import type { Api } from '../api/client.ts';
import { useApi, useSites } from '../api/queries.ts';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { Chart } from '../history/Chart.tsx';
import { toSeries } from '../history/series.ts';
import { useStates } from '../history/states.ts';
import { useLive, usePoint } from '../live/hooks.tsx';
import { Value } from '../parts/Value.tsx';
import { useOpenHistory } from '../parts/PointButton.tsx';
import { curvesOf, momentOf, type Curve } from './curves.ts';
import './curves.css';

/** What the cause looked like when it began: its points with their limits, from before the incident until now or its end. */
export function Curves({ incident }: { incident: IncidentView }): ReactNode {
  const { t } = useTranslation();
  const curves = useMemo(() => curvesOf(incident), [incident]);
  if (curves.length === 0) return null;
  return (
    <section className="panel curves">
      <h2>{t('curve.title')}</h2>
      {curves.map((curve) => (
        <Around key={curve.point} curve={curve} incident={incident} />
      ))}
    </section>
  );
}

function Around({ curve, incident }: { curve: Curve; incident: IncidentView }): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const api = useApi();
  const live = useLive();
  const openHistory = useOpenHistory();
  const now = usePoint(curve.point);
  const site = useSites().data?.find((one) => one.id === incident.site);
  const states = useStates({ id: curve.point, unit: curve.unit, quantity: curve.quantity }, site);
  const { openedAt, returnedAt, resolvedAt } = incident;
  const { over } = momentOf(incident, live.now());
  const history = useQuery({
    queryKey: ['history', curve.point, 'incident', openedAt, returnedAt, resolvedAt],
    queryFn: async () => {
      const range = momentOf(incident, live.now());
      return { range, series: toSeries(await read(api, curve.point, range)) };
    },
    // What is over does not change any more.
    refetchInterval: over ? false : 15_000,
    staleTime: over ? Infinity : 5_000,
    placeholderData: keepPreviousData,
  });
  const levels = useMemo(
    () =>
      curve.levels.map(({ value, clause }) => ({
        value,
        text: `${t('incident.limit')} ${format.quantity(value, curve.unit)}${clause === null ? '' : ` · ${clause}`}`,
      })),
    [curve, format, t],
  );
  const marks = useMemo(
    () =>
      [
        { time: openedAt, text: t('curve.opened') },
        { time: returnedAt, text: t('curve.returned') },
      ].flatMap(({ time, text }) =>
        time === null ? [] : [{ at: Date.parse(time), text: `${text} ${format.clock(Date.parse(time))}` }],
      ),
    [openedAt, returnedAt, format, t],
  );
  const quantity = t([`quantity.${curve.quantity}`, curve.quantity]);
  const name = [label(curve.owner), curve.part === null ? null : label(partName(curve.part)), quantity]
    .filter((one) => one !== null)
    .join(' · ');
  return (
    <div className="curve" data-testid="curve">
      <h3>
        <button type="button" className="point" data-point={curve.point} onClick={() => { openHistory(curve.point); }}>
          {name}
        </button>{' '}
        <small>{levels.map(({ text }) => text).join('; ')}</small>{' '}
        <span className="curve-now">
          {t('curve.now')} <Value point={now} unit={curve.unit} word={now.value === null ? undefined : states?.get(now.value)} />
        </span>
      </h3>
      {history.data === undefined ? (
        <p className="note">{t(history.isError ? 'history.failed' : 'history.loading')}</p>
      ) : history.data.series.x.length === 0 ? (
        <p className="note">{t('history.empty')}</p>
      ) : (
        <Chart series={history.data.series} unit={curve.unit} band={curve.band} states={states} range={history.data.range} label={t('history.chart', { name })} levels={levels} marks={marks} />
      )}
    </div>
  ); // prettier-ignore
}

/** As fine as the length allows, which keeps it within one answer. */
function read(api: Api, point: string, { from, to }: { from: number; to: number }): Promise<HistoryView> {
  const query = new URLSearchParams({ from: new Date(from).toISOString(), to: new Date(to).toISOString() });
  return api.get(`points/${encodeURIComponent(point)}/history?${query.toString()}`, historyView);
}
