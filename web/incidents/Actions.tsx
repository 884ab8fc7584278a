import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { incidentView, type IncidentView } from '../../server/contracts/incidents.ts';
import { ApiError } from '../api/client.ts';
import { openIncidentsKey, useApi } from '../api/queries.ts';
import { useDraft } from '../app/useDraft.ts';
import { useMay } from '../app/session.tsx';
import { useFormat } from '../format/FormatContext.tsx';
import { Failed } from '../parts/Failed.tsx';
import { allowedActions } from './allowed.ts';
import { alarmsKey } from './queries.ts';
import { newNoteKey } from './outbox.ts';
import { useOutbox } from './useOutbox.ts';
import { WaitingNotes } from './WaitingNotes.tsx';

type Act =
  { readonly verb: 'ack' | 'reset' } | { readonly verb: 'note'; readonly text: string; readonly key: string };

/** Acknowledge, note, reset: for operators; large enough for a phone at night. */
export function Actions({ incident }: { incident: IncidentView }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const api = useApi();
  const queries = useQueryClient();
  const [note, setNote] = useDraft(`catatan.${incident.id}`);
  const may = useMay('operator');
  const { outbox } = useOutbox();
  const act = useMutation({
    mutationFn: (what: Act) =>
      api.send('POST', `incidents/${encodeURIComponent(incident.id)}/${what.verb}`, {
        body: what.verb === 'note' ? { text: what.text, key: what.key } : {},
        schema: incidentView,
      }),
    onSuccess: (view, what) => {
      queries.setQueryData(['incident', incident.id], view);
      void queries.invalidateQueries({ queryKey: openIncidentsKey });
      void queries.invalidateQueries({ queryKey: alarmsKey });
      if (what.verb === 'note') setNote('');
    },
    onError: (error, what) => {
      // Only a note may wait: an acknowledgement that waits would look like one.
      if (what.verb !== 'note' || !isUnreached(error)) return;
      outbox.add({
        // The server may have it although no answer came: it knows it by its key.
        id: what.key,
        incident: incident.id,
        text: what.text,
        at: Date.now(),
        problem: null,
      });
      setNote('');
    },
  });
  const allowed = allowedActions(incident);
  return (
    <section className="actions">
      {incident.durable ? null : (
        <output className="not-durable">{t('incident.notDurable')}</output>
      )}
      {incident.acknowledgedAt === null ? null : (
        <p className="actions-done">
          <Check aria-hidden="true" />
          {t('incident.acknowledgedBy', {
            who: incident.acknowledgedBy ?? '',
            time: format.moment(Date.parse(incident.acknowledgedAt)),
          })}
        </p>
      )}
      {incident.acknowledgedAt !== null && allowed.waiting > 0 ? (
        <p className="actions-waiting">{t('incident.unacknowledged', { count: allowed.waiting })}</p>
      ) : null}
      {allowed.acknowledge && may ? (
        <button type="button" className="button button--strong actions-ack" disabled={act.isPending} onClick={() => { act.mutate({ verb: 'ack' }); }}>
          <Check aria-hidden="true" /> {t('incident.ack')}
        </button>
      ) : null}
      {may ? (
        <form
          className="actions-note"
          onSubmit={(event) => {
            event.preventDefault();
            const text = note.trim();
            if (text !== '') act.mutate({ verb: 'note', text, key: newNoteKey() });
          }}
        >
          <label className="field">
            {t('incident.note')}
            <textarea value={note} rows={2} maxLength={2_000} onChange={(event) => { setNote(event.target.value); }} />
          </label>
          <button type="submit" className="button" disabled={act.isPending}>
            {t('incident.addNote')}
          </button>
          {allowed.reset ? (
            <button type="button" className="button" disabled={act.isPending} onClick={() => { act.mutate({ verb: 'reset' }); }}>
              {t('incident.reset')}
            </button>
          ) : null}
        </form>
      ) : null}
      <WaitingNotes incident={incident.id} />
      <Failed error={act.variables?.verb === 'note' && isUnreached(act.error) ? null : act.error} />
    </section>
  ); // prettier-ignore
}

/** The note waits to be sent, and its sign says so. */
function isUnreached(error: Error | null): boolean {
  return error instanceof ApiError && error.status === 0;
}
