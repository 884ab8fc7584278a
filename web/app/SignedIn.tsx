import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, Outlet, useLocation } from 'react-router';
import type { IncidentSummary } from '../../server/contracts/incidents.ts';
import { alarmsKey } from '../incidents/queries.ts';
import { openIncidentsKey, useOpenIncidents, useSites } from '../api/queries.ts';
import { HistoryDrawer } from '../history/HistoryDrawer.tsx';
import { withIncident } from '../../domain/severity.ts';
import { createLive } from '../live/connection.ts';
import { LiveProvider } from '../live/hooks.tsx';
import { usePushRenewal } from '../push/PushPanel.tsx';
import { LinkGuard } from './LinkGuard.tsx';
import { useSession } from './session.tsx';
import { useOutboxSender } from '../incidents/useOutbox.ts';
import { startWorker } from './worker.ts';
import { whenIdle } from './when-idle.ts';
import { useTab } from './useTab.tsx';

const nothing: readonly IncidentSummary[] = [];
const workerDelayMs = 3_000;

/** What the live connection keeps current. */
function isPushed([first]: readonly unknown[]): boolean {
  return first === 'incidents' || first === 'incident' || first === alarmsKey[0];
}

/** Pages behind sign-in: one live connection for all of them. */
export function SignedIn(): ReactNode {
  const { now, ask } = useSession();
  const location = useLocation();
  const { t } = useTranslation();
  useEffect(() => {
    if (now.phase === 'asking') void ask();
    if (now.phase !== 'unreachable') return undefined;
    const timer = setInterval(() => void ask(), 2_000);
    return () => {
      clearInterval(timer);
    };
  }, [now.phase, ask]);

  const onWall = location.pathname === '/';
  if (now.phase === 'out' || (now.phase === 'expired' && !onWall)) {
    return <Navigate to={`/masuk?ke=${encodeURIComponent(location.pathname + location.search)}`} replace />;
  }
  if (now.user === null) {
    return (
      <p className="splash">{t(now.phase === 'unreachable' ? 'link.unreachable' : 'link.connecting')}</p>
    );
  }
  return <Connected />;
}

function Connected(): ReactNode {
  const queries = useQueryClient();
  const { ask } = useSession();
  const [live] = useState(() =>
    createLive({
      onIncident: (incident) => {
        queries.setQueryData<IncidentSummary[]>(openIncidentsKey, (open) =>
          withIncident(open ?? [], incident),
        );
        void queries.invalidateQueries({ queryKey: ['incident', incident.id] });
        void queries.invalidateQueries({ queryKey: ['incidents', 'resolved'] });
        void queries.invalidateQueries({ queryKey: alarmsKey });
      },
      onConnect: (again) => {
        // What was fetched before the first connection is of a moment ago: only what is pushed may have changed unseen.
        if (again) void queries.invalidateQueries();
        else
          whenIdle(() => void queries.invalidateQueries({ predicate: ({ queryKey }) => isPushed(queryKey) }));
      },
      onRefused: () => void ask(),
    }),
  );
  usePushRenewal();
  useEffect(() => {
    // It fetches every file of every page: after what this page needs. Without it the pages work as long as there is a network.
    const timer = setTimeout(() => {
      startWorker().catch(() => undefined);
    }, workerDelayMs);
    return () => {
      clearTimeout(timer);
    };
  }, []);
  useOutboxSender();
  useTab(useOpenIncidents() ?? nothing);
  useEffect(() => {
    live.open();
    return () => {
      live.close();
    };
  }, [live]);
  const sites = useSites().data;
  useEffect(() => {
    for (const point of (sites ?? []).flatMap((site) => site.devices).flatMap((device) => device.points)) {
      if (point.staleAfterMs !== undefined) live.store.setStaleAfter(point.id, point.staleAfterMs);
    }
  }, [live, sites]);
  return (
    <LiveProvider live={live}>
      <LinkGuard>
        <Outlet />
        <HistoryDrawer />
      </LinkGuard>
    </LiveProvider>
  );
}
