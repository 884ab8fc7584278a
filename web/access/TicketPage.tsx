import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../app/title.ts';
import { Link, useParams } from 'react-router';
import { priority } from '../../config/schema/common.ts';
import type { TicketView } from '../../server/contracts/tickets.ts';
import { ticketQuery, useApi, useSites } from '../api/queries.ts';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { SeverityMark } from '../parts/SeverityMark.tsx';
import { Persons } from './Persons.tsx';
import './access.css';

export function TicketPage(): ReactNode {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const ticket = useQuery(ticketQuery(useApi(), id));
  if (ticket.data !== undefined) return <Ticket ticket={ticket.data} />;
  return (
    <p className="note">
      {ticket.isError ? t('error.general', { why: ticket.error.message }) : t('history.loading')}
    </p>
  );
}

function Ticket({ ticket }: { ticket: TicketView }): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const site = useSites().data?.find((one) => one.id === ticket.site);
  useTitle(`${t('page.access')} ${ticket.service}`);
  const rooms = ticket.rooms.map((id) => {
    const room = site?.rooms.find((one) => one.id === id);
    return room === undefined ? id : label(room.name);
  });
  const facts: readonly (readonly [string, string])[] = [
    [t('ticket.site'), site?.name ?? ticket.site],
    [t('ticket.rooms'), rooms.length === 0 ? t('ticket.wholeSite') : rooms.join(', ')],
    [
      t('ticket.window'),
      `${format.moment(Date.parse(ticket.from))} – ${format.moment(Date.parse(ticket.to))}`,
    ],
    [t('ticket.unit'), ticket.unit],
    [t('ticket.pic'), ticket.pic],
    [t('ticket.accompanied'), ticket.accompanied ? '✓' : '–'],
    [t('ticket.superiorEmail'), ticket.superiorEmail],
  ];
  return (
    <article className="ticket">
      <header className="page-head">
        <h1>{ticket.service}</h1>
        <span>
          {t('ticket.created', { time: format.moment(Date.parse(ticket.createdAt)), who: ticket.createdBy })}
        </span>
      </header>
      <p className="ticket-activity">{ticket.activity}</p>
      <dl className="panel facts">
        {facts.map(([name, text]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <Persons ticket={ticket} />
      <section className="panel">
        <h2>{t('ticket.incidents')}</h2>
        {ticket.incidents.length === 0 ? <p className="note">{t('ticket.noIncidents')}</p> : null}
        <ul className="plain">
          {ticket.incidents.map((incident) => {
            const known = priority.safeParse(incident.priority);
            return (
              <li key={incident.id}>
                <Link to={`/gangguan/${incident.id}`}>
                  {known.success ? <SeverityMark priority={known.data} /> : incident.priority} {incident.rule}
                  <small>{format.moment(Date.parse(incident.openedAt))}</small>
                </Link>
              </li>
            );
          })}
        </ul>
      </section>
    </article>
  );
}
