import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { climateSensors, inRoom, openInRoom, type RoomThings } from '../../domain/room.ts';
import { severityOf, worstIncident } from '../../domain/severity.ts';
import { partsOfRoom } from '../../domain/site-state.ts';
import type { SiteView } from '../../server/contracts/sites.ts';
import { useOpenIncidents, useSites } from '../api/queries.ts';
import { useMay } from '../app/session.tsx';
import { useTitle } from '../app/title.ts';
import { useLabel } from '../format/FormatContext.tsx';
import { IncidentRow } from '../incidents/IncidentRow.tsx';
import { Crumbs } from '../parts/Crumbs.tsx';
import { Name } from '../parts/Name.tsx';
import { PlaceState } from '../parts/PlaceState.tsx';
import { DeviceLists } from '../site/DeviceLists.tsx';
import '../site/site.css';
import { mostPoints } from '../trends/view.ts';
import { RoomClimate } from './RoomClimate.tsx';
import { RoomPermits, RoomPersons } from './RoomPeople.tsx';
import { RoomRacks } from './RoomRacks.tsx';
import './place.css';
import './room.css';

type Room = SiteView['rooms'][number];

/** One room: how it is, who is in it, and everything that stands there. */
export function RoomPage(): ReactNode {
  const { t } = useTranslation();
  const { site: siteId, room: roomId } = useParams();
  const sites = useSites().data;
  const site = sites?.find(({ id }) => id === siteId);
  const room = site?.rooms.find(({ id }) => id === roomId);
  if (sites === undefined) return <p className="note">{t('link.connecting')}</p>;
  if (site === undefined || room === undefined) return <h1 className="note">{t('room.none')}</h1>;
  return <Shown key={`${site.id}/${room.id}`} site={site} room={room} />;
}

function Shown({ site, room }: { site: SiteView; room: Room }): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  useTitle(`${label(room.name)} · ${site.name}`);
  const things = useMemo(() => inRoom(site, room.id), [site, room.id]);
  const parts = useMemo(() => partsOfRoom(site, room.id), [site, room.id]);
  const here = openInRoom(useOpenIncidents() ?? [], { site: site.id, room: room.id });
  const worst = worstIncident(here);
  const mayOpenFiles = useMay('viewer');
  const place = { site: site.id, room: room.id };
  return (
    <article className={`place room${worst === undefined ? '' : ` sev-${severityOf(worst.priority)}`}`}>
      <header className="page-head">
        <Crumbs site={site} />
        <h1>
          <Name>{label(room.name)}</Name>
        </h1>
        <span>{t('room.holds', { racks: things.racks.length, devices: things.devices.length })}</span>
        {parts.things.length === 0 ? (
          <span className="note">{t('room.nothingRead')}</span>
        ) : (
          <PlaceState parts={parts} worst={worst} />
        )}
        <span className="grow" />
        <TrendLink things={things} />
      </header>
      <section className="panel" aria-labelledby="ruang-gangguan">
        <h2 id="ruang-gangguan">
          {t('room.incidents')} <small>{here.length}</small>
        </h2>
        {here.length === 0 ? <p className="note">{t('room.noIncidents')}</p> : null}
        <ul className="plain site-incidents">
          {here.map((incident) => (
            <IncidentRow key={incident.id} incident={incident} />
          ))}
        </ul>
      </section>
      <RoomClimate site={site} room={room} things={things} />
      {mayOpenFiles ? (
        <div className="room-people">
          <RoomPersons place={place} />
          <RoomPermits place={place} />
        </div>
      ) : null}
      <RoomRacks site={site} room={room} racks={things.racks} here={here} />
      <DeviceLists site={{ ...site, devices: [...things.devices] }} />
    </article>
  );
}

/** What is worth a curve: the climate first, then what the devices give and take. */
function TrendLink({ things }: { things: RoomThings }): ReactNode {
  const { t } = useTranslation();
  const climate = [
    ...climateSensors(things, 'temperature').slice(0, 4),
    ...climateSensors(things, 'humidity').slice(0, 2),
  ].map(({ point }) => point);
  const others = things.devices.flatMap(({ points }) =>
    points.filter(({ part, unit }) => part === null && unit !== 'state').map(({ id }) => id),
  );
  const chosen = [...climate, ...others].slice(0, mostPoints);
  if (chosen.length === 0) return null;
  return (
    <Link className="button" to={`/tren?kurva=${encodeURIComponent(chosen.join(','))}`}>
      {t('page.trends')}
    </Link>
  );
}
