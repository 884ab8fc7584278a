import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../app/title.ts';
import { Link, useParams } from 'react-router';
import { priority } from '../../config/schema/common.ts';
import type { TicketDetails } from '../../server/contracts/tickets.ts';
import { ticketQuery, useApi, useSites } from '../api/queries.ts';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { useNow } from '../live/hooks.tsx';
import { SeverityMark } from '../parts/SeverityMark.tsx';
import { Cards } from './Cards.tsx';
import { Persons } from './Persons.tsx';
import { TicketTests } from './TicketTests.tsx';
import { TicketActions } from './TicketActions.tsx';
import { Failed } from '../parts/Failed.tsx';
import { Name } from '../parts/Name.tsx';
import './access.css';

export function TicketPage(): ReactNode {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const ticket = useQuery(ticketQuery(useApi(), id));
  if (ticket.data !== undefined) return <Ticket ticket={ticket.data} />;
  return (
    <div className="note">
      <h1>{t('page.access')}</h1>
      {ticket.isError ? <Failed error={ticket.error} /> : t('history.loading')}
    </div>
  );
}

function Ticket({ ticket }: { ticket: TicketDetails }): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const site = useSites().data?.find((one) => one.id === ticket.site);
  const now = useNow();
  useTitle(`${t('page.access')} ${ticket.service}`);
  const rooms = ticket.rooms.map((id) => {
    const room = site?.rooms.find((one) => one.id === id);
    return room === undefined ? id : label(room.name);
  });
  /** The time of the norm, and whether it was kept. */
  function norm(dueAt: string, doneAt: string | null): string {
    const due = format.moment(Date.parse(dueAt));
    if (doneAt === null) return t(Date.parse(dueAt) < now ? 'ticket.normOver' : 'ticket.normDue', { due });
    const done = format.moment(Date.parse(doneAt));
    return t(Date.parse(doneAt) > Date.parse(dueAt) ? 'ticket.normMissed' : 'ticket.normKept', { due, done });
  }
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
    ...(ticket.picEmail === null ? [] : [[t('ticket.picEmail'), ticket.picEmail] as const]),
    [t('ticket.superiorEmail'), ticket.superiorEmail],
    ...Object.entries(ticket.fields).map(([key, value]) => {
      const field = site?.access?.fields.find((each) => each.key === key);
      const choice = field?.choices.find((each) => each.choice === value);
      return [
        field === undefined ? key : label(field.label),
        choice === undefined ? String(value) : label(choice.name),
      ] as const;
    }),
    ...(ticket.reference === null ? [] : [[t('access.reference'), ticket.reference] as const]),
    ...(ticket.dayOff === null ? [] : [[t('access.day'), t(`accessDay.${ticket.dayOff}`)] as const]),
    ...(ticket.place === null ? [] : [[t('access.place'), String(ticket.place)] as const]),
    [t('ticket.escort'), ticket.escort ?? '–'],
    ...(ticket.takesOut.length === 0 ? [] : [[t('work.takesOut'), ticket.takesOut.join(', ')] as const]),
    ...(ticket.suppresses === null
      ? []
      : [[t('work.suppresses'), t(`permitWork.${ticket.suppresses}`)] as const]),
    [t('ticket.answerDue'), norm(ticket.answer.dueAt, ticket.answer.answeredAt)],
    [
      t('access.normUsed'),
      t('accessQueue.norm', {
        used: format.duration(ticket.answer.usedMs),
        norm: format.duration(ticket.answer.normMs),
      }),
    ],
    ...(ticket.close === null
      ? []
      : [[t('ticket.closeDue'), norm(ticket.close.dueAt, ticket.close.closedAt)] as const]),
  ];
  return (
    <article className="ticket">
      <header className="page-head">
        <h1>{ticket.service}</h1>
        <span className={`ticket-state ticket-state--${ticket.state}`}>
          {t(`ticketState.${ticket.state}`)}
        </span>
        <span>
          {t('ticket.created', { time: format.moment(Date.parse(ticket.createdAt)), who: ticket.createdBy })}
        </span>
      </header>
      <p className="ticket-activity">
        <Name>{ticket.activity}</Name>
      </p>
      <dl className="panel facts">
        {facts.map(([name, text]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <TicketActions key={ticket.state} ticket={ticket} />
      <Cards ticket={ticket} />
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
                  {known.success ? <SeverityMark priority={known.data} /> : incident.priority}{' '}
                  <Name>{label(incident.title)}</Name>
                  <small>{format.moment(Date.parse(incident.openedAt))}</small>
                </Link>
              </li>
            );
          })}
        </ul>
      </section>
      <TicketTests ticket={ticket.id} />
      <section className="panel">
        <h2>{t('incident.timeline')}</h2>
        <ul className="plain">
          {ticket.events.map(({ at, action, actor, note }) => (
            <li key={`${at} ${action}`}>
              {format.moment(Date.parse(at))} <b>{t(`ticketEvent.${action}`)}</b>{' '}
              <small>
                <Name>{actor}</Name>
              </small>
              {note === null ? null : <div className="ticket-note">{note}</div>}
            </li>
          ))}
        </ul>
      </section>
      {ticket.mails.length === 0 ? null : (
        <section className="panel">
          <h2>{t('access.mails')}</h2>
          <ul className="plain">
            {ticket.mails.map(({ at, action, to, cc, state, answer }) => (
              <li key={`${at} ${action}`}>
                {format.moment(Date.parse(at))} <b>{t(`ticketEvent.${action}`)}</b>{' '}
                <small>
                  {[to, ...cc].join(', ')} · {t(`deliveryState.${state}`)}
                  {state === 'failed' && answer !== null ? ` (${answer})` : ''}
                </small>
              </li>
            ))}
          </ul>
        </section>
      )}
    </article>
  );
}
