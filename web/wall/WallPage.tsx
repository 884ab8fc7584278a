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
import { useHeadCounts } from './useHeadCounts.ts';
import { usePaints } from './usePaints.ts';
import { useStage, useStageChoice } from './useStage.ts';
import { Footer } from './Footer.tsx';
import { IncidentFoot } from './IncidentFoot.tsx';
import { WallMuster } from './Muster.tsx';
import { SiteStrip } from './SiteStrip.tsx';
import { SiteCard } from './SiteCard.tsx';
import { WallHeader } from './WallHeader.tsx';
import './wall.css';
import './card.css';
import './foot.css';

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
  const stage = useStageChoice();
  return (
    <main className={isWall ? 'wall wall--hung' : 'wall'}>
      <h1 className="hidden">{t('page.wall')}</h1>
      <WallHeader />
      <StartHint />
      {sites === undefined ? (
        <p className="splash">{t('link.connecting')}</p>
      ) : (
        <LiveBody sites={sites} incidents={incidents} layer={layer} view={stage.view} />
      )}
      <Footer sites={sites ?? nothing} layer={layer} onLayer={setLayer} stage={stage} />
    </main>
  );
}

/** All sites, or the one that is chosen or whose turn it is. */
function LiveBody(props: {
  readonly sites: readonly SiteView[];
  readonly incidents: readonly IncidentSummary[] | undefined;
  readonly layer: Layer;
  readonly view: string;
}): ReactNode {
  const { sites, incidents, layer, view } = props;
  const shown = useStage(view, sites, incidents ?? nothing);
  return (
    <WallBody sites={sites} shown={shown} incidents={incidents} layer={layer} persons={useHeadCounts()} />
  );
}

/** What the wall says of the sites, and the incidents at its foot: of now, or of the moment that the live values around it are of. */
export function WallBody(props: {
  readonly sites: readonly SiteView[];
  /** Those that have the wall now; absent: all. */
  readonly shown?: readonly SiteView[];
  readonly incidents: readonly IncidentSummary[] | undefined;
  readonly layer: Layer;
  /** Persons inside, by site. */
  readonly persons?: ReadonlyMap<string, number> | undefined;
  readonly past?: boolean;
}): ReactNode {
  const { sites, incidents, layer, persons, past = false } = props;
  const shown = props.shown ?? sites;
  const isOne = shown.length === 1;
  const racks = useMemo(() => planPoints(sites.flatMap((site) => site.racks)), [sites]);
  useWatch(racks);
  return (
    <>
      {past ? null : <WallMuster sites={sites} incidents={incidents ?? nothing} />}
      {isOne && sites.length > 1 ? (
        <SiteStrip sites={sites} shown={shown[0]} incidents={incidents ?? nothing} />
      ) : null}
      <div className="wall-sites">
        {shown.map((site) => (
          <SiteCard
            key={site.id}
            site={site}
            incidents={incidents ?? nothing}
            layer={layer}
            wide={isOne}
            persons={persons?.get(site.id)}
          />
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
