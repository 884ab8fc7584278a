import { Droplets, DoorOpen, Fan, Flame, Zap } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { IncidentSummary } from '../../server/contracts/incidents.ts';
import { severityOf, worstIncident, type Severity } from '../../domain/severity.ts';
import { tileNames, type TileName, type TileStatus } from '../../domain/tiles.ts';
import { SeverityMark } from '../parts/SeverityMark.tsx';

const icons = { power: Zap, cooling: Fan, fire: Flame, water: Droplets, access: DoorOpen } as const;

/** Five disciplines. Word and colour agree: where the points are normal although an incident is open, the tile shows its priority. */
export function Tiles({
  tiles,
  incidents,
  persons,
}: {
  tiles: Record<TileName, TileStatus>;
  /** Open ones of this site. */
  incidents: readonly IncidentSummary[];
  /** Persons inside: beside closed doors what matters of the access. */
  persons?: number | undefined;
}): ReactNode {
  const site = worstIncident(incidents);
  return (
    <ul className="tiles">
      {tileNames.map((name) => (
        <Tile
          key={name}
          name={name}
          status={tiles[name]}
          worst={worstIncident(incidents.filter((one) => one.discipline === name))}
          site={site}
          persons={name === 'access' ? persons : undefined}
        />
      ))}
    </ul>
  );
}

interface TileProps {
  readonly name: TileName;
  readonly status: TileStatus;
  readonly worst: IncidentSummary | undefined;
  /** What is worst at the site: a trouble without an incident of its own follows from it. */
  readonly site: IncidentSummary | undefined;
  readonly persons: number | undefined;
}

function Tile({ name, status, worst, site, persons }: TileProps): ReactNode {
  const { t } = useTranslation();
  const Icon = icons[name];
  const tone = toneOf({ status, worst, site });
  const className = `tile${tone === null ? '' : ` tile--abnormal sev-${tone}`}${status.unknown > 0 ? ' tile--blind' : ''}`;
  const known = t('tile.partly', { known: status.total - status.unknown, total: status.total });
  const { spare } = status;
  const text =
    status.normal && persons !== undefined
      ? t('tile.persons', { count: persons })
      : t(`tile.${status.text}`, status.values);
  return (
    <li className={className} data-testid={`tile-${name}`} title={known}>
      <span className="tile-name">
        <Icon aria-hidden="true" />
        {t(`discipline.${name}`)}
      </span>
      {worst !== undefined && status.normal ? (
        <SeverityMark priority={worst.priority} />
      ) : (
        <span className="tile-value">
          <b className={`${status.normal ? '' : 'tile-odd'}${text.length > 9 ? ' tile-long' : ''}`}>{text}</b>
          {spare === undefined ? null : <small title={t('tile.spare', { spare })}>N+{spare}</small>}
        </span>
      )}
    </li>
  );
}

function toneOf({ status, worst, site }: Omit<TileProps, 'name' | 'persons'>): Severity | null {
  if (worst !== undefined) return severityOf(worst.priority);
  if (!status.problem) return null;
  return site === undefined ? 'p3' : severityOf(site.priority);
}
