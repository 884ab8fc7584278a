import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { IncidentView } from '../../server/contracts/incidents.ts';
import { useFormat } from '../format/FormatContext.tsx';
import { useNow } from '../live/hooks.tsx';
import { Name } from '../parts/Name.tsx';

/** Who had a permit for the room meanwhile. Work that was under way when it began comes first: it may be the cause. */
export function Tickets({ incident }: { incident: IncidentView }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow(30_000);
  const opened = Date.parse(incident.openedAt);
  const within = (time: number, { from, to }: IncidentView['tickets'][number]): boolean =>
    Date.parse(from) <= time && time < Date.parse(to);
  const tickets = [...incident.tickets].sort(
    (a, b) => Number(within(opened, b)) - Number(within(opened, a)) || a.from.localeCompare(b.from),
  );
  return (
    <section className="panel">
      <h2>
        {t('incident.tickets')} <small>{tickets.length}</small>
      </h2>
      {tickets.length === 0 ? <p className="note">{t('incident.noTickets')}</p> : null}
      <ul className="plain">
        {tickets.map((ticket) => (
          <li key={ticket.id}>
            <Link className="incident-ticket" to={`/akses/${ticket.id}`}>
              <b dir="auto">
                <Name>{ticket.activity}</Name>
              </b>
              <span>
                {ticket.service} · <Name>{ticket.unit}</Name> · {t('ticket.pic')}: <Name>{ticket.pic}</Name>
              </span>
              <small>
                {format.moment(Date.parse(ticket.from))} – {format.moment(Date.parse(ticket.to))}
                {within(opened, ticket) ? <strong> · {t('ticket.atOpening')}</strong> : null}
                {within(now, ticket) ? <strong> · {t('ticket.now')}</strong> : null}
              </small>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
