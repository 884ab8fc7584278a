import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { openInRoom } from '../../domain/room.ts';
import { worstIncident } from '../../domain/severity.ts';
import type { IncidentSummary } from '../../server/contracts/incidents.ts';
import type { SiteView } from '../../server/contracts/sites.ts';
import { useLabel } from '../format/FormatContext.tsx';
import { Name } from '../parts/Name.tsx';
import { SeverityMark } from '../parts/SeverityMark.tsx';
import '../place/room.css';

/** The rooms of a site, each with the worst that is open in it. */
export function Rooms({
  site,
  incidents,
}: {
  site: SiteView;
  incidents: readonly IncidentSummary[];
}): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  return (
    <section className="panel" aria-labelledby="situs-ruang">
      <h2 id="situs-ruang">{t('room.rooms')}</h2>
      <ul className="plain room-list">
        {site.rooms.map((room) => {
          const worst = worstIncident(openInRoom(incidents, { site: site.id, room: room.id }));
          return (
            <li key={room.id}>
              <Link to={`/ruang/${site.id}/${room.id}`}>
                <Name>{label(room.name)}</Name>
                {worst === undefined ? null : <SeverityMark priority={worst.priority} />}
              </Link>
            </li>
          );
        })}
      </ul>
    </section>
  ); // prettier-ignore
}
