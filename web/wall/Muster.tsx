import { Users } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { IncidentSummary } from '../../server/contracts/incidents.ts';
import type { SiteView } from '../../server/contracts/sites.ts';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { headCount, roomsOf } from '../presence/muster.ts';
import { useMuster, type Muster } from '../presence/useMuster.ts';
import { Name } from '../parts/Name.tsx';
import './muster.css';

interface MusterProps {
  readonly incidents: readonly IncidentSummary[];
  readonly sites: readonly SiteView[];
}

/** Sites where smoke, fire, a hazardous gas or released extinguishing gas is alarmed, in the order of the wall. */
export function sitesToMuster({ incidents, sites }: MusterProps): SiteView[] {
  const called = new Set(
    incidents
      .filter(({ lifeSafety, discipline, state }) => lifeSafety && discipline === 'fire' && state === 'open')
      .map(({ site }) => site),
  );
  return sites.filter(({ id }) => called.has(id));
}

/** Who may be inside a site that must be left; nothing while there is no such site, and nothing is asked for then. */
export function WallMuster(props: MusterProps): ReactNode {
  const sites = sitesToMuster(props);
  return sites.length === 0 ? null : <Called sites={sites} />;
}

function Called({ sites }: { sites: readonly SiteView[] }): ReactNode {
  const muster = useMuster();
  return (
    <div className="wall-musters">
      {sites.map((site) => (
        <SiteMuster key={site.id} site={site} muster={muster} />
      ))}
    </div>
  );
}

export function SiteMuster({ site, muster }: { site: SiteView; muster: Muster }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const label = useLabel();
  const { list, isOld, ageMs } = muster;
  const rooms = list === undefined ? [] : roomsOf(list.view, site.id);
  const count = headCount(rooms.flatMap(({ persons }) => persons));
  return (
    <section className="wall-muster" role="alert" data-testid={`muster-${site.id}`}>
      <Link to={`/kehadiran/kumpul?situs=${encodeURIComponent(site.id)}`}>
        <strong>
          <Users aria-hidden="true" size="1em" /> {t('muster.title')} <Name>{site.name}</Name>
        </strong>
        <b>{list === undefined ? t('muster.unknown') : t('muster.inside', { count })}</b>
        {isOld && list !== undefined ? (
          <em>
            {t('muster.old')} · {format.age(ageMs)}
          </em>
        ) : null}
        <span className="wall-muster-rooms">
          {rooms.map((room) => (
            <span key={room.room ?? ''}>
              <b>
                <Name>{room.name === null ? t('presence.nowhere') : label(room.name)}</Name> (
                {headCount(room.persons)})
              </b>{' '}
              {room.persons.map((person, place) => (
                <span key={`${person.kind} ${person.ticket ?? ''} ${person.name}`}>
                  {place === 0 ? '' : ', '}
                  <Name>{person.name}</Name>
                  {person.evidence === 'detected' ? '' : '?'}
                </span>
              ))}
            </span>
          ))}
        </span>
        {rooms.some(({ persons }) => persons.some(({ evidence }) => evidence !== 'detected')) ? (
          <small>{t('muster.unsure')}</small>
        ) : null}
      </Link>
    </section>
  );
}
