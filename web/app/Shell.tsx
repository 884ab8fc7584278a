import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Outlet, useLocation } from 'react-router';
import { useOpenIncidents } from '../api/queries.ts';
import { DisasterBanner } from '../incidents/Disaster.tsx';
import { useFormat } from '../format/FormatContext.tsx';
import { severityOf, worstIncident } from '../../domain/severity.ts';
import { useNow } from '../live/hooks.tsx';
import { Menu, PageLinks } from '../parts/Menu.tsx';
import { SeverityMark } from '../parts/SeverityMark.tsx';
import { Palette } from '../palette/Palette.tsx';
import { Simulated } from '../parts/Simulated.tsx';
import { useThemed } from '../theme/theme.tsx';
import { IncidentsPage } from './incidents-page.ts';
import { PageBoundary } from './PageBoundary.tsx';
import { PrintedBy } from './PrintedBy.tsx';
import './shell.css';
import './print.css';

/** The frame of every page but the wall: where one is, what time it is, and whether something is wrong. */
export function Shell(): ReactNode {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  useThemed();
  return (
    <div className="shell">
      <a className="skip" href="#isi">
        {t('page.skip')}
      </a>
      <header className="shell-head">
        <Link to="/" className="shell-name">
          Pantau DC
        </Link>
        <nav className="shell-links" aria-label={t('menu.label')}>
          <PageLinks />
        </nav>
        <Simulated />
        <OpenMark />
        <Clock />
        <Palette />
        <Menu />
      </header>
      <Printed />
      <DisasterBanner />
      <main key={pathname} ref={showTop} id="isi" className="shell-body" tabIndex={-1}>
        <PageBoundary>
          <Outlet />
        </PageBoundary>
      </main>
    </div>
  );
}

/** A new page begins at its top. */
function showTop(main: HTMLElement | null): void {
  if (main !== null) window.scrollTo(0, 0);
}

function Printed(): ReactNode {
  return <PrintedBy now={useNow(10_000)} />;
}

function Clock(): ReactNode {
  const format = useFormat();
  const now = useNow();
  return <time className="shell-clock">{format.time(now)} WIB</time>;
}

/** The worst that is open, on every page. */
function OpenMark(): ReactNode {
  const { t } = useTranslation();
  const incidents = useOpenIncidents() ?? [];
  const worst = worstIncident(incidents);
  useEffect(() => {
    // Where the next click most likely goes: its code is fetched beside the incidents themselves, and is there by then.
    void IncidentsPage.preload();
  }, []);
  if (worst === undefined) return null;
  return (
    <Link to="/gangguan" className={`shell-open sev-${severityOf(worst.priority)}`}>
      <SeverityMark priority={worst.priority} />
      <span aria-hidden="true">{incidents.length}</span>
      <span className="hidden">{t('header.open', { count: incidents.length })}</span>
    </Link>
  );
}
