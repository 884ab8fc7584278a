import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState, useSyncExternalStore, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { incidentsAt, spanAround, type SpanName, type Speed } from '../../domain/past.ts';
import { page } from '../../server/contracts/common.ts';
import { incidentSummary, type IncidentSummary } from '../../server/contracts/incidents.ts';
import { useApi, useSites } from '../api/queries.ts';
import { useTitle } from '../app/title.ts';
import { useFormat } from '../format/FormatContext.tsx';
import { LiveProvider, useLive } from '../live/hooks.tsx';
import { LayerButtons } from '../wall/Footer.tsx';
import { useLayer, WallBody } from '../wall/WallPage.tsx';
import { createPastLive } from './past-live.ts';
import { Controls } from './Controls.tsx';
import { TimeLine } from './TimeLine.tsx';
import './replay.css';

const nothing: readonly IncidentSummary[] = [];
/** Values are asked for so often while time runs. */
const stepMs = 1_000;

/** The wall as it was: the same components, given the state of a moment. `?t=` is the moment; the address can be shared. */
export function ReplayPage(): ReactNode {
  const { t } = useTranslation();
  useTitle(t('replay.title'));
  const present = useLive();
  const [search, setSearch] = useSearchParams();
  const asked = Date.parse(search.get('t') ?? '');
  const [past] = useState(() =>
    createPastLive(present, Number.isNaN(asked) ? present.now() - 600_000 : asked),
  );
  const state = useSyncExternalStore(past.subscribe, past.state, past.state);
  const [speed, setSpeed] = useState<Speed | null>(null);
  const [span, setSpan] = useState<SpanName>('24h');
  const [layer, setLayer] = useLayer();
  const range = spanAround(state.at, span, present.now());
  const incidents = useIncidents(range) ?? nothing;
  const sites = useSites().data;

  // The address follows the hand, not the running clock.
  const written = useRef('');
  const go = (at: number): void => {
    const moment = Math.min(at, present.now());
    past.seek(moment);
    written.current = addressOf(moment);
    setSearch({ t: written.current }, { replace: true });
  };
  useEffect(() => {
    if (!Number.isNaN(asked) && search.get('t') !== written.current && asked !== past.state().at)
      past.seek(asked);
  }, [asked, search, past]);
  useEffect(() => {
    if (speed === null) return undefined;
    const timer = setInterval(() => {
      const at = past.state().at + stepMs * speed;
      past.seek(Math.min(at, present.now()));
      if (at >= present.now()) setSpeed(null);
    }, stepMs);
    return () => {
      clearInterval(timer);
    };
  }, [speed, past, present]);
  const pause = (): void => {
    setSpeed(null);
    go(past.state().at);
  };
  return (
    <main className="replay" data-testid="replay" data-shown={state.shownAt}>
      <h1 className="hidden">{t('replay.title')}</h1>
      <ReplayHead at={state.at} problem={state.problem} partial={state.partial} />
      <LiveProvider live={past.live}>
        <div className="replay-picture">
          {sites === undefined ? (
            <p className="splash">{t('link.connecting')}</p>
          ) : (
            <WallBody sites={sites} incidents={incidentsAt(incidents, state.at)} layer={layer} past />
          )}
        </div>
      </LiveProvider>
      <TimeLine range={range} at={state.at} incidents={incidents} onSeek={go} />
      <div className="replay-foot">
        <Controls
          at={state.at}
          speed={speed}
          span={span}
          incidents={incidents}
          onSeek={go}
          onSpan={setSpan}
          onSpeed={(next) => {
            if (next === null) pause();
            else setSpeed(next);
          }}
        />
        <LayerButtons layer={layer} onLayer={setLayer} />
      </div>
    </main>
  );
}

/** ISO 8601 with the offset of WIB, to the second. */
function addressOf(at: number): string {
  return `${new Date(Math.floor(at / 1_000) * 1_000 + 25_200_000).toISOString().slice(0, 19)}+07:00`;
}

function ReplayHead(props: { at: number; problem: string | undefined; partial: boolean }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const { at, problem, partial } = props;
  const present = useLive();
  return (
    <header className="replay-head">
      <b className="replay-word">{t('replay.word')}</b>
      <time className="replay-time" dateTime={new Date(at).toISOString()} data-testid="replay-time">
        {format.date(at)} · {format.time(at)} WIB
      </time>
      <span>{t('replay.notNow', { age: format.age(Math.max(0, present.now() - at)) })}</span>
      <output>{problem !== undefined ? t('replay.problem') : partial ? t('replay.partial') : null}</output>
      <Link className="button button--strong" to="/">
        {t('replay.back')}
      </Link>
    </header>
  );
}

/** All that lasted into the time that the line shows. */
function useIncidents({ from, to }: { from: number; to: number }): readonly IncidentSummary[] | undefined {
  const api = useApi();
  // To the minute: the end moves with now, and the list need not.
  const [begin, end] = useMemo(
    () => [from, to].map((at) => new Date(Math.floor(at / 60_000) * 60_000).toISOString()),
    [from, to],
  );
  const query = new URLSearchParams({ from: begin ?? '', to: end ?? '', limit: '5000' }).toString();
  return useQuery({
    queryKey: ['incidents', 'within', query],
    queryFn: async () => (await api.get(`incidents?${query}`, page(incidentSummary))).items,
    placeholderData: (before) => before,
    gcTime: 60_000,
  }).data;
}
