import { Suspense, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useOpenIncidents } from '../api/queries.ts';
import { lazyPart } from '../app/lazy-page.tsx';
import { useFormat } from '../format/FormatContext.tsx';
import { OnDuty } from '../handover/OnDuty.tsx';
import { isWaiting } from '../../domain/severity.ts';
import { useLink, useNow } from '../live/hooks.tsx';
import { Palette } from '../palette/Palette.tsx';
import { Simulated } from '../parts/Simulated.tsx';
import { Sound } from './Sound.tsx';

// Lists that open are the largest part of the wall's files, and nobody opens one in its first second.
const Menu = lazyPart(() => import('../parts/Menu.tsx'), 'Menu');

/** Shows that the page is live: the server's clock, and how long a sample takes to get here. */
export function WallHeader(): ReactNode {
  const { clockKnown } = useLink();
  return (
    <header className="wall-header">
      {/* The clock of this computer may be wrong: until the server's is known there is none to show. */}
      {clockKnown ? <ServerClock /> : <time className="wall-clock">––.––.––</time>}
      <OnDuty />
      <div className="wall-simulated">
        <Simulated />
      </div>
      <Latency />
      <Open />
      <Sound />
      <div className="wall-tools">
        <Palette />
        <Suspense fallback={<span className="menu-place" />}>
          <Menu />
        </Suspense>
      </div>
    </header>
  );
}

function ServerClock(): ReactNode {
  const format = useFormat();
  const now = useNow();
  return (
    <>
      <time className="wall-clock" dateTime={new Date(now).toISOString()}>
        {format.time(now)}
      </time>
      <div className="fact">
        <b>{format.fullDay(now)}</b>
        <span>{format.weekday(now)}, WIB</span>
      </div>
    </>
  );
}

function Open(): ReactNode {
  const { t } = useTranslation();
  const incidents = useOpenIncidents();
  if (incidents === undefined) return null;
  const waiting = incidents.filter(isWaiting).length;
  const who = waiting === 0 ? t('header.allAcknowledged') : t('header.waiting', { count: waiting });
  return (
    <div className="fact">
      <b>{t('header.open', { count: incidents.length })}</b>
      <span>{incidents.length === 0 ? t('header.none') : who}</span>
    </div>
  );
}

/** From the sample in the field to this page: the server's median of a minute and half a round trip. */
function Latency(): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const { latencyMs, networkMs } = useLink();
  const seconds = (ms: number): string => `${format.number((ms + networkMs) / 1_000, 1)} s`;
  return (
    <div
      className="fact"
      data-testid="latency"
      title={latencyMs === null ? '' : `p99 ${seconds(latencyMs.p99)}`}
    >
      <b>{latencyMs === null ? '…' : seconds(latencyMs.p50)}</b>
      <span>{t('header.latency')}</span>
    </div>
  );
}
