import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { ticketCardView } from '../../server/contracts/access-judgement.ts';
import type { actionInputs, TicketDetails } from '../../server/contracts/tickets.ts';
import { useApi } from '../api/queries.ts';
import { useMay } from '../app/session.tsx';
import { useFormat } from '../format/FormatContext.tsx';
import { Failed } from '../parts/Failed.tsx';
import { Name } from '../parts/Name.tsx';
import './work.css';

type Ticket = Pick<TicketDetails, 'id' | 'persons' | 'pic'>;
type GivenCards = NonNullable<z.input<(typeof actionInputs)['check-in']>['cards']>;

/** What is typed at check-in, by place in the list of persons, or `pic`. */
export type TypedCards = Readonly<Record<string, string>>;

/** Cards to send: of those who get one. */
export function cardsOf({ persons }: Pick<Ticket, 'persons'>, typed: TypedCards): GivenCards {
  const places = [...persons.keys(), 'pic' as const];
  return places.flatMap((person) => {
    const card = typed[String(person)]?.trim() ?? '';
    return card === '' ? [] : [{ person, card }];
  });
}

function nameAt({ persons, pic }: Ticket, person: number | 'pic'): string {
  return person === 'pic' ? pic : (persons[person]?.name ?? String(person));
}

interface CardFieldsProps {
  readonly ticket: Ticket;
  readonly typed: TypedCards;
  readonly onType: (typed: TypedCards) => void;
}

/** One field for each person at check-in; a reader at the desk types like a keyboard. */
export function CardFields({ ticket, typed, onType }: CardFieldsProps): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      {[...ticket.persons.keys(), 'pic' as const].map((person) => (
        <label key={person} className="field">
          {t('cards.give', { name: nameAt(ticket, person) })}
          {person === 'pic' ? ' (PIC)' : ''}
          <input
            className="input"
            maxLength={64}
            autoComplete="off"
            value={typed[String(person)] ?? ''}
            onChange={(event) => {
              onType({ ...typed, [person]: event.target.value });
            }}
            onKeyDown={(event) => {
              // A reader ends a number with Enter: the next person's card follows, not the check-in.
              if (event.key === 'Enter') event.preventDefault();
            }}
          />
        </label>
      ))}
      <small className="cards-hint">{t('cards.hint')}</small>
    </>
  );
}

/** Cards that were given, and whether they are back; for those who hand them out. */
export function Cards({ ticket }: { ticket: Ticket & Pick<TicketDetails, 'state'> }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const api = useApi();
  const isOperator = useMay('operator');
  const cards = useQuery({
    // With the state: giving and returning go with actions on the ticket.
    queryKey: ['ticket', ticket.id, 'cards', ticket.state],
    queryFn: async () =>
      (
        await api.get(
          `tickets/${encodeURIComponent(ticket.id)}/cards`,
          z.object({ items: z.array(ticketCardView) }),
        )
      ).items,
    enabled: isOperator,
  });
  if (!isOperator || (cards.data?.length === 0 && cards.error === null)) return null;
  return (
    <section className="panel">
      <h2>{t('cards.title')}</h2>
      <Failed error={cards.error} />
      <ul className="plain">
        {cards.data?.map((card) => (
          <li key={`${card.card} ${card.givenAt}`}>
            <b>{card.card}</b> <Name>{nameAt(ticket, card.person)}</Name>{' '}
            <strong>
              {card.returnedAt === null
                ? t('cards.out')
                : t('cards.returned', { time: format.moment(Date.parse(card.returnedAt)) })}
            </strong>{' '}
            <small>
              {t('cards.given', { time: format.moment(Date.parse(card.givenAt)), who: card.givenBy })}
            </small>
          </li>
        ))}
      </ul>
    </section>
  );
}
