import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ticketDetails, type TicketAction, type TicketDetails } from '../../server/contracts/tickets.ts';
import { useApi } from '../api/queries.ts';
import { ApprovalCheck } from './ApprovalCheck.tsx';
import { CardFields, cardsOf, type TypedCards } from './Cards.tsx';
import { instantOf } from './draft.ts';
import { Refused } from './Refused.tsx';

const withReason = new Set<TicketAction>(['reject', 'cancel', 'reopen']);
const withEscort = new Set<TicketAction>(['approve', 'schedule']);

/** What can be done with the ticket now by who is signed in, one form for each. */
export function TicketActions({ ticket }: { ticket: TicketDetails }): ReactNode {
  const { t } = useTranslation();
  const { actions } = ticket;
  if (actions.length === 0) return null;
  return (
    <section className="panel ticket-actions">
      <h2>{t('ticket.actions')}</h2>
      {actions.map((action, place) => (
        <details key={action} open={place === 0}>
          <summary>{t(`ticketAction.${action}`)}</summary>
          {action === 'approve' ? <ApprovalCheck ticket={ticket.id} /> : null}
          <ActionForm ticket={ticket} action={action} />
        </details>
      ))}
    </section>
  );
}

function ActionForm({ ticket, action }: { ticket: TicketDetails; action: TicketAction }): ReactNode {
  const { t } = useTranslation();
  const api = useApi();
  const queries = useQueryClient();
  const [note, setNote] = useState('');
  const [escort, setEscort] = useState(ticket.escort ?? '');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [cards, setCards] = useState<TypedCards>({});
  const act = useMutation({
    mutationFn: () =>
      api.send('POST', `tickets/${encodeURIComponent(ticket.id)}/${action}`, {
        body: {
          ...(note.trim() === '' ? {} : { note }),
          ...(withEscort.has(action) && escort.trim() !== '' ? { escort } : {}),
          ...(action === 'check-in' ? { cards: cardsOf(ticket, cards) } : {}),
          ...(action === 'reopen' ? { from: instantOf(from), to: instantOf(to) } : {}),
        },
        schema: ticketDetails,
      }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['ticket', ticket.id] });
      void queries.invalidateQueries({ queryKey: ['tickets'] });
    },
  });
  return (
    <form
      className="ticket-action"
      onSubmit={(event) => {
        event.preventDefault();
        act.mutate();
      }}
    >
      {withEscort.has(action) ? (
        <label className="field">
          {t('ticket.escort')}
          <input className="input" maxLength={200} required={action === 'schedule'} value={escort} onChange={(event) => { setEscort(event.target.value); }} />
        </label>
      ) : null}
      {action === 'check-in' ? <CardFields ticket={ticket} typed={cards} onType={setCards} /> : null}
      {action === 'reopen' ? (
        <>
          <label className="field">
            {t('ticket.from')}
            <input className="input" type="datetime-local" required value={from} onChange={(event) => { setFrom(event.target.value); }} />
          </label>
          <label className="field">
            {t('ticket.to')}
            <input className="input" type="datetime-local" required value={to} onChange={(event) => { setTo(event.target.value); }} />
          </label>
        </>
      ) : null}
      <label className="field">
        {t(withReason.has(action) ? 'ticket.reason' : 'ticket.note')}
        <input className="input" maxLength={500} required={withReason.has(action)} value={note} onChange={(event) => { setNote(event.target.value); }} />
      </label>
      <button className="button" disabled={act.isPending}>{t(`ticketAction.${action}`)}</button>
      <Refused error={act.error} />
    </form>
  ); // prettier-ignore
}
