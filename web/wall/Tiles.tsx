import { Droplets, DoorOpen, Fan, Flame, Zap } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { IncidentSummary } from '../../server/contracts/incidents.ts';
import { severityOf, worstIncident } from '../../domain/severity.ts';
import { tileNames, type TileName, type TileStatus } from '../../domain/tiles.ts';

const icons = { power: Zap, cooling: Fan, fire: Flame, water: Droplets, access: DoorOpen } as const;

/** Five disciplines: the text shows the points' state, the colour whether an incident is open. */
export function Tiles({
  tiles,
  incidents,
}: {
  tiles: Record<TileName, TileStatus>;
  incidents: readonly IncidentSummary[];
}): ReactNode {
  return (
    <ul className="tiles">
      {tileNames.map((name) => (
        <Tile key={name} name={name} status={tiles[name]} worst={worstIncident(incidents.filter((one) => one.discipline === name))} />
      ))}
    </ul>
  ); // prettier-ignore
}

function Tile(props: { name: TileName; status: TileStatus; worst: IncidentSummary | undefined }): ReactNode {
  const { t } = useTranslation();
  const { name, status, worst } = props;
  const Icon = icons[name];
  const tone = worst === undefined ? '' : ` tile--abnormal sev-${severityOf(worst.priority)}`;
  const blind = status.unknown > 0 ? ' tile--blind' : '';
  const known = t('tile.partly', { known: status.total - status.unknown, total: status.total });
  return (
    <li className={`tile${tone}${blind}`} data-testid={`tile-${name}`} title={known}>
      <span className="tile-name">
        <Icon aria-hidden="true" />
        {t(`discipline.${name}`)}
      </span>
      <b className={status.normal ? '' : 'tile-odd'}>{t(`tile.${status.text}`, status.values)}</b>
    </li>
  );
}
