import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { plantStatesQuery } from '../alarms/queries.ts';
import { useApi, useSites } from '../api/queries.ts';
import { useTitle } from '../app/title.ts';
import { useFormat } from '../format/FormatContext.tsx';
import type { Mark, Range } from '../history/drawing.ts';
import { useLive } from '../live/hooks.tsx';
import { Failed } from '../parts/Failed.tsx';
import { Exports } from './Exports.tsx';
import { Incidents } from './Incidents.tsx';
import { Legend } from './Legend.tsx';
import { incidentsOf, marksOf } from './marks.ts';
import { panelsOf, sidesOf, trendsOf } from './panels.ts';
import { PointSearch } from './PointSearch.tsx';
import { useFoundPoints, useIncidents, useTrendData } from './queries.ts';
import { savedTrend } from './saved.ts';
import { TimeBar } from './TimeBar.tsx';
import { TrendPanel } from './TrendPanel.tsx';
import { mostPoints, rangeByKey, rangeOf, readView, withPoint, writeView, type TrendView } from './view.ts';
import './trends.css';

/** From the last turn of the wheel to the question for its readings, ms. */
const restMs = 350;
const noMarks: readonly Mark[] = [];

/** Several points over time. What is shown is in the address; the page keeps only what a hand is doing. */
export function TrendPage(): ReactNode {
  const { t } = useTranslation();
  useTitle(t('page.trends'));
  const format = useFormat();
  const live = useLive();
  const [search, setSearch] = useSearchParams();
  const view = useMemo(() => readView(search), [search]);
  useEffect(() => {
    if (view.points.length > 0) savedTrend.write(sessionStorage, search);
  }, [view, search]);
  const change = (next: Partial<TrendView>): void => {
    setSearch((before) => writeView(before, { ...readView(before), ...next }));
  };

  const { points, isPending } = useFoundPoints(view.points);
  const trends = useMemo(() => trendsOf(points), [points]);
  const panels = useMemo(() => panelsOf(trends), [trends]);
  const ids = points.map(({ id }) => id);
  const data = useTrendData(view, isPending ? [] : ids);
  const [opened] = useState(() => live.now());
  const [draft, setDraft] = useState<Range | null>(null);
  useEffect(() => {
    if (draft === null) return undefined;
    const timer = setTimeout(() => {
      setSearch((before) => writeView(before, { ...readView(before), time: draft }));
      setDraft(null);
    }, restMs);
    return () => {
      clearTimeout(timer);
    };
  }, [draft, setSearch]);
  const [cursor, setCursor] = useState<number | null>(null);
  const [pinned, setPinned] = useState<number | null>(null);

  const sites = useMemo(() => [...new Set(points.map(({ site }) => site))], [points]);
  const wanted = view.incidents && points.length > 0;
  // Marks and incidents follow when the hand rests.
  const settled = useMemo(
    () => (typeof view.time === 'string' ? (data.data?.range ?? rangeOf(view.time, opened)) : view.time),
    [view.time, data.data?.range, opened],
  );
  const range = draft ?? settled;
  const near = useIncidents(wanted ? sites : [], settled);
  const plant = useQuery(plantStatesQuery(useApi())).data;
  const incidents = useMemo(() => incidentsOf(near, trends, settled), [near, trends, settled]);
  const marks = useMemo(() => {
    if (!wanted) return noMarks;
    const loadTests = (plant ?? []).filter(
      ({ state, site }) => state === 'load-test' && sites.includes(site),
    );
    return marksOf(near, loadTests, { range: settled, loadTest: t('trend.loadTest') });
  }, [wanted, near, plant, sites, settled, t]);
  const charts = useRef<HTMLDivElement>(null);

  const byKey = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.shiftKey && /^Arrow(Left|Right)$/.test(event.key)) {
      const step = ((range.to - range.from) / 100) * (event.key === 'ArrowLeft' ? -1 : 1);
      const at = Math.min(range.to, Math.max(range.from, (cursor ?? range.to) + step));
      setPinned(at);
      setCursor(at);
      event.preventDefault();
      return;
    }
    const next = rangeByKey(event.key, range, live.now());
    if (next === undefined) return;
    event.preventDefault();
    setDraft(next);
  };

  return (
    <div className="trends">
      <header className="page-head">
        <h1>{t('page.trends')}</h1>
        <p className="note trend-range">{format.moment(range.from)} – {format.moment(range.to)} WIB</p>
        <span className="grow" />
        {data.data === undefined ? null : <Exports charts={charts} trends={trends} data={data.data} range={range} />}
      </header>
      <PointSearch shown={view.points} onAdd={(id) => { change({ points: [...view.points, id] }); }} />
      {view.points.length === 0 ? <Starts /> : (
        <>
          <TimeBar view={view} range={range} now={() => live.now()} onChange={change} />
          {panels.filter(({ units }) => !units.includes('state')).length > 1 ? <p className="note">{t('trend.multiples')}</p> : null}
          {view.points.filter((id) => !isPending && !ids.includes(id)).map((id) => (
            <p key={id} className="note">
              {t('trend.unknown', { id })}{' '}
              <button type="button" className="button button--plain" onClick={() => { change({ points: view.points.filter((one) => one !== id) }); }}>{t('trend.remove', { name: id })}</button>
            </p>
          ))}
          <Failed error={data.error} />
          {data.isPending && ids.length > 0 ? <output className="note">{t('history.loading')}</output> : null}
          {data.data === undefined ? null : (
            // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/no-noninteractive-tabindex -- a chart is moved and zoomed with keys; "application" hands them to it
            <div className={`trend-charts${data.isPlaceholderData ? ' trend-charts--old' : ''}`} ref={charts} role="application" tabIndex={0} aria-label={t('trend.keys')} aria-keyshortcuts="ArrowLeft ArrowRight + - Shift+ArrowLeft Shift+ArrowRight" onKeyDown={byKey} data-testid="charts">
              {panels.map((panel) => (
                <TrendPanel key={panel.key} panel={panel} data={data.data} range={range} marks={marks} limits={view.limits} pinned={pinned} sides={sidesOf(panels)} now={() => live.now()} onRange={setDraft} onCursor={setCursor} />
              ))}
            </div>
          )}
          <Legend trends={trends} data={data.data} at={cursor ?? range.to} isCompared={view.comparison !== undefined} onRemove={(id) => { change({ points: view.points.filter((one) => one !== id) }); }} />
          {wanted ? <Incidents incidents={incidents} /> : null}
        </>
      )}
    </div>
  ); // prettier-ignore
}

/** What most people look for, and what was last looked at. */
function Starts(): ReactNode {
  const { t } = useTranslation();
  const sites = useSites().data ?? [];
  const saved = savedTrend.read(sessionStorage);
  const starts = ['power', 'temperature-max', 'humidity-max'];
  return (
    <section className="panel">
      <h2>{t('trend.start')}</h2>
      <p className="note">{t('trend.startHint', { count: mostPoints })}</p>
      <ul className="trend-starts">
        {saved === '' ? null : <li><Link to={`/tren?${saved}`}>{t('trend.last')}</Link></li>}
        {starts.map((quantity) => (
          <li key={quantity}>
            <Link to={sites.reduce((address, { id }) => withPoint(address.split('?')[1] ?? '', `${id}/site/${quantity}`), '')}>
              {t(`quantity.${quantity}`)} · {sites.map(({ name }) => name).join(', ')}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  ); // prettier-ignore
}
