import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../app/title.ts';
import { useParams } from 'react-router';
import type { RackView, SiteView } from '../../server/contracts/sites.ts';
import { useOpenIncidents, useSites } from '../api/queries.ts';
import { chainPoints, readChain } from '../../domain/chain.ts';
import { layerOf, planPoints } from '../../domain/plan.ts';
import { byUrgency, openAt, severityOf, worstIncident } from '../../domain/severity.ts';
import { readTiles, tilePoints } from '../../domain/tiles.ts';
import { usePoints, useWatch } from '../live/hooks.tsx';
import { IncidentRow } from '../incidents/IncidentRow.tsx';
import { HallPlan } from '../parts/HallPlan.tsx';
import { OneLine } from '../parts/OneLine.tsx';
import { useOpenHistory } from '../parts/PointButton.tsx';
import { Figures } from '../wall/Figures.tsx';
import { LayerButtons } from '../wall/Footer.tsx';
import { PlanCaption } from '../wall/PlanCaption.tsx';
import { disciplineTone, layerTone } from '../wall/SiteCard.tsx';
import { SiteState } from '../wall/SiteState.tsx';
import { Tiles } from '../wall/Tiles.tsx';
import { useLayer } from '../wall/WallPage.tsx';
import '../wall/wall.css';
import '../wall/card.css';
import { DeviceLists } from './DeviceLists.tsx';
import { RackTip } from './RackTip.tsx';
import { Rooms } from './Rooms.tsx';
import { Name } from '../parts/Name.tsx';
import './site.css';

export function SitePage(): ReactNode {
  const { t } = useTranslation();
  const { site: id } = useParams();
  const sites = useSites().data;
  const site = sites?.find((one) => one.id === id);
  if (sites === undefined) return <p className="note">{t('link.connecting')}</p>;
  if (site === undefined) return <p className="note">{t('site.noSite')}</p>;
  return <Site key={site.id} site={site} />;
}

/** One site: the plan and the one-line diagram have the space, then every device one by one. */
function Site({ site }: { site: SiteView }): ReactNode {
  const { t } = useTranslation();
  useTitle(site.name);
  const [layer, setLayer] = useLayer();
  const [pointed, setPointed] = useState<{ rack: RackView; cell: HTMLElement } | null>(null);
  const openHistory = useOpenHistory();
  const here = openAt(useOpenIncidents() ?? [], { site: site.id }).sort(byUrgency);
  const worst = worstIncident(here);
  const ids = useMemo(() => [...chainPoints(site), ...tilePoints(site)], [site]);
  const racks = useMemo(() => planPoints(site.racks), [site]);
  useWatch(racks);
  const get = usePoints(ids);
  const chain = readChain(site, get);
  const pick = useMemo(
    () => (rack: RackView) => {
      const { point } = layerOf(site, rack, layer);
      if (point !== null) openHistory(point);
    },
    [site, layer, openHistory],
  );
  const point = useMemo(
    () => (rack: RackView | null, cell: HTMLElement | null) => {
      setPointed(rack === null || cell === null ? null : { rack, cell });
    },
    [],
  );
  return (
    <div className="site">
      <header className={`card-head${worst === undefined ? '' : ` sev-${severityOf(worst.priority)}`}`}>
        <h1>
          <Name>{site.name}</Name>
        </h1>
        <span className="card-building">
          <Name>{site.building}</Name> · {t('site.racks', { count: site.racks.length })}
        </span>
        <SiteState site={site} worst={worst} />
      </header>
      {here.length > 0 ? (
        <ul className="panel site-incidents">
          {here.map((incident) => (
            <IncidentRow key={incident.id} incident={incident} />
          ))}
        </ul>
      ) : null}
      <div className="site-top">
        <section className="panel site-plan">
          <LayerButtons layer={layer} onLayer={setLayer} />
          <HallPlan site={site} layer={layer} tone={layerTone(here, layer)} onPick={pick} onPoint={point} />
          <PlanCaption site={site} layer={layer} />
        </section>
        <section className="panel site-power">
          <Figures site={site} tone={layerTone(here, 'temperature')} />
          <OneLine chain={chain} site={site.name} tone={disciplineTone(here, 'power')} />
          <Tiles tiles={readTiles(site, chain, get)} incidents={here} />
          <p className="note">
            {t('quantity.endurance')}: {t('site.required', { hours: site.limits.endurance.hours })} ·{' '}
            {site.limits.endurance.clause}
          </p>
        </section>
      </div>
      <Rooms site={site} incidents={here} />
      <DeviceLists site={site} />
      {pointed === null ? null : <RackTip rack={pointed.rack} cell={pointed.cell} />}
    </div>
  );
}
