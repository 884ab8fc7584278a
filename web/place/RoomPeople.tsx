import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { ticketListQuery } from '../access/queries.ts';
import { plantStatesQuery } from '../alarms/queries.ts';
import { useApi } from '../api/queries.ts';
import { useFormat } from '../format/FormatContext.tsx';
import { useNow } from '../live/hooks.tsx';
import { Failed } from '../parts/Failed.tsx';
import { Name } from '../parts/Name.tsx';
import { headCount, personKey } from '../presence/muster.ts';
import { Person } from '../presence/Person.tsx';
import { presenceQuery } from '../presence/queries.ts';
import '../presence/presence.css';

interface Place {
  readonly site: string;
  readonly room: string;
}

/** Who is in the room, and how sure that is. */
export function RoomPersons({ place: { site, room } }: { place: Place }): ReactNode {
  const { t } = useTranslation();
  const now = useNow();
  const presence = useQuery(presenceQuery(useApi()));
  const persons = (presence.data?.rooms ?? [])
    .filter((one) => one.site === site && one.room === room)
    .flatMap((one) => one.persons);
  return (
    <section className="panel presence-room" aria-labelledby="ruang-orang">
      <h2 id="ruang-orang">
        {t('room.persons')} <small>{headCount(persons)}</small>
      </h2>
      <Failed error={presence.error} />
      {presence.data !== undefined && persons.length === 0 ? (
        <p className="note">{t('room.nobody')}</p>
      ) : null}
      <ul className="plain">
        {persons.map((person) => (
          <li key={personKey(site, person)}>
            <Person person={person} now={now} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Tickets whose window is open now, and work that is declared, for the room or the whole site. */
export function RoomPermits({ place: { site, room } }: { place: Place }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const api = useApi();
  const now = useNow(30_000);
  const query = new URLSearchParams({ site, window: 'open', limit: '500' }).toString();
  const tickets = useQuery(ticketListQuery(api, query));
  const states = useQuery(plantStatesQuery(api));
  const open = (tickets.data?.items ?? []).filter(
    ({ rooms, state }) =>
      (rooms.length === 0 || rooms.includes(room)) && state !== 'rejected' && state !== 'cancelled',
  );
  const works = (states.data ?? []).filter(
    (one) =>
      one.site === site &&
      (one.room === null || one.room === room) &&
      one.endedAt === null &&
      Date.parse(one.from) <= now,
  );
  return (
    <section className="panel" aria-labelledby="ruang-izin">
      <h2 id="ruang-izin">
        {t('room.permits')} <small>{open.length + works.length}</small>
      </h2>
      <Failed error={tickets.error ?? states.error} />
      {tickets.data !== undefined && open.length + works.length === 0 ? (
        <p className="note">{t('room.noPermits')}</p>
      ) : null}
      <ul className="plain">
        {open.map((ticket) => (
          <li key={ticket.id}>
            <Link className="incident-ticket" to={`/akses/${ticket.id}`}>
              <b>
                <Name>{ticket.activity}</Name>
              </b>
              <span>
                {t(`ticketState.${ticket.state}`)} · <Name>{ticket.unit}</Name> · {t('ticket.pic')}: <Name>{ticket.pic}</Name> · {ticket.persons.length}×
              </span>
              <small>
                {format.moment(Date.parse(ticket.from))} – {format.moment(Date.parse(ticket.to))}
              </small>
            </Link>
          </li>
        ))}
        {works.map((work) => (
          <li key={work.id}>
            <b>{t(`plantState.${work.state}`)}</b> <Name>{work.reason}</Name>
            <small>
              {' '}· {t('room.until', { time: format.moment(Date.parse(work.to)) })}
            </small>
          </li>
        ))}
      </ul>
    </section>
  ); // prettier-ignore
}
