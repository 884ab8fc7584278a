import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../app/title.ts';
import { useOpenIncidents, useSites } from '../api/queries.ts';
import { layers, planPoints, type Layer } from '../../domain/plan.ts';
import type { IncidentSummary } from '../../server/contracts/incidents.ts';
import type { SiteView } from '../../server/contracts/sites.ts';
import { StartHint } from '../start/StartHint.tsx';
import { useWatch } from '../live/hooks.tsx';
import { useSession } from '../app/session.tsx';
import { usePaints } from './usePaints.ts';
import { Footer } from './Footer.tsx';
import { IncidentFoot } from './IncidentFoot.tsx';
import { WallMuster } from './Muster.tsx';
import { SiteCard } from './SiteCard.tsx';
import { WallHeader } from './WallHeader.tsx';
import './wall.css';

const nothing: readonly never[] = [];

/** One glance: is anything wrong, where, how bad, who has it, how long is left. */
export function WallPage(): ReactNode {
  const { t } = useTranslation();
  useTitle(t('page.wall'));
  const isWall = useSession().now.user?.role === 'wall';
  usePaints(isWall);
  const sites = useSites().data;
  const incidents = useOpenIncidents();
  const [layer, setLayer] = useLayer();
  return (
    <main className={isWall ? 'wall wall--hung' : 'wall'}>
      <h1 className="hidden">{t('page.wall')}</h1>
      <WallHeader />
      <StartHint />
      {sites === undefined ? (
        <p className="splash">{t('link.connecting')}</p>
      ) : (
        <WallBody sites={sites} incidents={incidents} layer={layer} />
      )}
      <Footer sites={sites ?? nothing} layer={layer} onLayer={setLayer} />
    </main>
  );
}

/** What the wall says of the sites, and the incidents at its foot: of now, or of the moment that the live values around it are of. */
export function WallBody(props: {
  readonly sites: readonly SiteView[];
  readonly incidents: readonly IncidentSummary[] | undefined;
  readonly layer: Layer;
  readonly past?: boolean;
}): ReactNode {
  const { sites, incidents, layer, past = false } = props;
  const racks = useMemo(() => planPoints(sites.flatMap((site) => site.racks)), [sites]);
  useWatch(racks);
  return (
    <>
      {past ? null : <WallMuster sites={sites} incidents={incidents ?? nothing} />}
      <div className="wall-sites">
        {sites.map((site) => (
          <SiteCard key={site.id} site={site} incidents={incidents ?? nothing} layer={layer} />
        ))}
      </div>
      <IncidentFoot incidents={incidents} sites={sites} past={past} />
    </>
  );
}

/** The layer of the plans, changed by the keys 1 to 4 too. */
export function useLayer(): [Layer, (layer: Layer) => void] {
  const [layer, setLayer] = useState<Layer>('temperature');
  useEffect(() => {
    const choose = (event: KeyboardEvent): void => {
      const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
      const wanted = layers[Number(event.key) - 1];
      if (!typing && !event.ctrlKey && !event.altKey && !event.metaKey && wanted !== undefined)
        setLayer(wanted);
    };
    document.addEventListener('keydown', choose);
    return () => {
      document.removeEventListener('keydown', choose);
    };
  }, []);
  return [layer, setLayer];
}
