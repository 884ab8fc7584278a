import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { IncidentAccessView } from '../../server/contracts/incident-access.ts';
import type { IncidentView } from '../../server/contracts/incidents.ts';
import { useApi, useSites } from '../api/queries.ts';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { Failed } from '../parts/Failed.tsx';
import { Person } from '../presence/Person.tsx';
import { incidentAccessQuery } from '../presence/queries.ts';
import { Name } from '../parts/Name.tsx';
import '../presence/presence.css';

/** Of the others a controller repeats the way of the last card. */
const ways = new Set<string>(['access-granted', 'access-denied']);

type Inside = IncidentAccessView['inside'][number];

/** Who was there when it began: open tickets with their escort, persons inside then and in the hour before, and the doors. For who may read names. */
export function IncidentAccess({ incident }: { incident: Pick<IncidentView, 'id' | 'site'> }): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const access = useQuery(incidentAccessQuery(useApi(), incident.id));
  const roomName = useRoomName(incident.site);
  const { data } = access;
  return (
    <section className="panel" data-testid="incident-access">
      <h2>{t('incidentAccess.title')}</h2>
      {access.isPending ? <p className="note">{t('page.loading')}</p> : null}
      <Failed error={access.error} />
      {data === undefined ? null : (
        <>
          <p className="note">{t('incidentAccess.asOf', { time: format.moment(Date.parse(data.firstOutAt)) })}</p>
          <h3>{t('incidentAccess.tickets')} <small>{data.tickets.length}</small></h3>
          {data.tickets.length === 0 ? <p className="note">{t('incidentAccess.noTickets')}</p> : null}
          <ul className="plain">
            {data.tickets.map((ticket) => (
              <li key={ticket.id}>
                <Link className="incident-ticket" to={`/akses/${ticket.id}`}>
                  <b dir="auto"><Name>{ticket.activity}</Name></b>
                  <span>
                    {t(`ticketState.${ticket.state}`)} · <Name>{ticket.unit}</Name> · {t('ticket.pic')}: <Name>{ticket.pic}</Name> ·{' '}
                    {t('ticket.escort')}: <Name>{ticket.escort ?? '–'}</Name>
                  </span>
                  <small>
                    {format.moment(Date.parse(ticket.from))} – {format.moment(Date.parse(ticket.to))} ·{' '}
                    {ticket.rooms.length === 0 ? t('ticket.wholeSite') : ticket.rooms.map(roomName).join(', ')}
                  </small>
                </Link>
              </li>
            ))}
          </ul>
          <Persons title={t('incidentAccess.inside')} none={t('incidentAccess.noInside')} persons={data.inside} at={data.firstOutAt} roomName={roomName} />
          <Persons title={t('incidentAccess.before')} none={t('incidentAccess.noBefore')} persons={data.before} at={data.firstOutAt} roomName={roomName} />
          <h3>{t('incidentAccess.doors')} <small>{data.doorEvents.length}</small></h3>
          {data.doorEvents.length === 0 ? <p className="note">{t('incidentAccess.noDoors')}</p> : null}
          <ul className="plain">
            {data.doorEvents.map((event) => (
              <li key={event.id}>
                {format.time(Date.parse(event.at))} <b>{t([`doorEvent.${event.kind}`, 'doorEvent.other'])}</b>{' '}
                {event.direction === null || !ways.has(event.kind) ? '' : `${t(`doorWay.${event.direction}`)} `}
                {event.name === null ? null : <Name>{event.name}</Name>} <small><Name>{label(event.doorName)}</Name></small>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  ); // prettier-ignore
}

interface PersonsProps {
  readonly title: string;
  readonly none: string;
  readonly persons: readonly Inside[];
  readonly at: string;
  readonly roomName: (room: string) => string;
}

function Persons({ title, none, persons, at, roomName }: PersonsProps): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <h3>
        {title} <small>{persons.length}</small>
      </h3>
      {persons.length === 0 ? <p className="note">{none}</p> : null}
      <ul className="person-list">
        {persons.map((person) => (
          <li key={`${person.kind} ${person.ticket ?? ''} ${person.name}`}>
            <small>
              {person.room === null ? t('presence.nowhere') : roomName(person.room)}
              {person.isInRoom ? <strong> · {t('incidentAccess.here')}</strong> : null}
            </small>
            <Person person={person} now={Date.parse(at)} />
          </li>
        ))}
      </ul>
    </>
  );
}

function useRoomName(site: string): (room: string) => string {
  const label = useLabel();
  const rooms = useSites().data?.find(({ id }) => id === site)?.rooms ?? [];
  return (id) => {
    const room = rooms.find((one) => one.id === id);
    return room === undefined ? id : label(room.name);
  };
}
