import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { IncidentSummary } from '../../server/contracts/incidents.ts';
import type { SiteView } from '../../server/contracts/sites.ts';
import { chainPoints, readChain } from '../../domain/chain.ts';
import type { Layer } from '../../domain/plan.ts';
import { openAt, severityOf, worstIncident, type Severity } from '../../domain/severity.ts';
import { readTiles, sparePoints, tilePoints } from '../../domain/tiles.ts';
import { usePoints } from '../live/hooks.tsx';
import { Fit } from '../parts/Fit.tsx';
import { HallPlan } from '../parts/HallPlan.tsx';
import { OneLine } from '../parts/OneLine.tsx';
import { CoolingUnits } from './CoolingUnits.tsx';
import { Figures } from './Figures.tsx';
import { PlanCaption } from './PlanCaption.tsx';
import { signName } from './sign.ts';
import { SiteState } from './SiteState.tsx';
import { Tiles } from './Tiles.tsx';

interface SiteCardProps {
  readonly site: SiteView;
  /** All open incidents, of every site. */
  readonly incidents: readonly IncidentSummary[];
  readonly layer: Layer;
  /** The only one on the wall: it has room for the cooling units one by one. */
  readonly wide?: boolean;
  /** Persons inside; undefined: not known, or of a replay. */
  readonly persons?: number | undefined;
}

export function SiteCard({ site, incidents, layer, wide = false, persons }: SiteCardProps): ReactNode {
  const { t } = useTranslation();
  const here = openAt(incidents, { site: site.id });
  const worst = worstIncident(here);
  const ids = useMemo(() => [...chainPoints(site), ...tilePoints(site), ...sparePoints(site)], [site]);
  const get = usePoints(ids);
  const chain = readChain(site, get);
  const tone = worst === undefined ? '' : ` card--abnormal sev-${severityOf(worst.priority)}`;
  return (
    <article
      className={`card${tone}${wide ? ' card--wide' : ''}`}
      aria-labelledby={`site-${site.id}`}
      data-testid={`site-${site.id}`}
    >
      <header className={signName(site) === site.name ? 'card-head' : 'card-head card-head--long'}>
        <h2 id={`site-${site.id}`}>
          <Link to={`/situs/${site.id}`}>
            <Fit text={site.name} className="card-name" />
          </Link>
        </h2>
        <Fit text={shortBuilding(site.building)} className="card-building" />
        <SiteState site={site} worst={worst} />
      </header>
      <Figures site={site} tone={layerTone(here, 'temperature')} />
      <OneLine chain={chain} site={site.name} tone={disciplineTone(here, 'power')} />
      <Link className="card-plan" to={`/situs/${site.id}`}>
        <span className="hidden">{t('plan.open', { site: site.name })} </span>
        <HallPlan site={site} layer={layer} tone={layerTone(here, layer)} />
        <PlanCaption site={site} layer={layer} />
      </Link>
      {wide ? <CoolingUnits site={site} /> : null}
      <Tiles tiles={readTiles(site, chain, get)} incidents={here} persons={persons} />
    </article>
  );
}

/** *Gedung* is written short on signs. */
function shortBuilding(building: string): string {
  return building.replace(/^Gedung /, 'Gd. ');
}

/** Colour for what is out of a layer's band: of the incident about it, yellow while none is open yet. */
export function layerTone(incidents: readonly IncidentSummary[], layer: Layer): Severity {
  const quantities = {
    temperature: ['temperature'],
    humidity: ['humidity'],
    load: ['power', 'load-after-loss'],
    loss: ['load-after-loss', 'power'],
  }[layer];
  const about = incidents.filter((incident) =>
    quantities.includes(incident.worst?.point.split('/').at(-1) ?? ''),
  );
  const worst = worstIncident(about);
  if (worst !== undefined) return severityOf(worst.priority);
  return disciplineTone(incidents, layer === 'temperature' || layer === 'humidity' ? 'cooling' : 'power');
}

export function disciplineTone(
  incidents: readonly IncidentSummary[],
  discipline: IncidentSummary['discipline'],
): Severity {
  const worst = worstIncident(incidents.filter((incident) => incident.discipline === discipline));
  return worst === undefined ? 'p3' : severityOf(worst.priority);
}
