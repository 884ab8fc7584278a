import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { identitiesView, type TicketView } from '../../server/contracts/tickets.ts';
import { useApi } from '../api/queries.ts';
import { useRight } from '../app/session.tsx';
import { Failed } from '../parts/Failed.tsx';
import { Name } from '../parts/Name.tsx';

/** The persons of a ticket. Their identities are masked; who may see them says what for, and the look-up is recorded. */
export function Persons({ ticket }: { ticket: Pick<TicketView, 'id' | 'persons'> }): ReactNode {
  const { t } = useTranslation();
  const api = useApi();
  const maySee = useRight('see-identities');
  const [reason, setReason] = useState('');
  const lookup = useMutation({
    mutationFn: () =>
      api.send('POST', `tickets/${encodeURIComponent(ticket.id)}/identities`, {
        body: { reason },
        schema: identitiesView,
      }),
  });
  const persons = lookup.data?.persons ?? ticket.persons;
  return (
    <section className="panel">
      <h2>{t('ticket.persons')}</h2>
      <ul className="plain">
        {persons.map((person) => (
          <li key={`${person.identity} ${person.name}`}>
            <b><Name>{person.name}</Name></b> <Name>{person.identity}</Name> <small>{t(`ticket.${person.party}`)}</small>
          </li>
        ))}
      </ul>
      {maySee && lookup.data === undefined ? (
        <form
          className="identity-lookup"
          onSubmit={(event) => {
            event.preventDefault();
            lookup.mutate();
          }}
        >
          <label className="field">
            {t('ticket.identityReason')}
            <input className="input" required minLength={3} maxLength={500} value={reason} onChange={(event) => { setReason(event.target.value); }} />
          </label>
          <button className="button" disabled={lookup.isPending}>{t('ticket.showIdentities')}</button>
        </form>
      ) : null}
      {lookup.data === undefined ? null : <p className="note">{t('ticket.lookupRecorded')}</p>}
      <Failed error={lookup.error} />
    </section>
  ); // prettier-ignore
}
