import { useMutation, useQueryClient } from '@tanstack/react-query';
import { AlertDialog } from 'radix-ui';
import { useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { manyAcknowledged, type IncidentSummary } from '../../server/contracts/incidents.ts';
import { openIncidentsKey, useApi } from '../api/queries.ts';
import { useLabel } from '../format/FormatContext.tsx';
import { SeverityMark } from '../parts/SeverityMark.tsx';
import { Failed } from '../parts/Failed.tsx';
import { alarmsKey } from './queries.ts';
import { Name } from '../parts/Name.tsx';
import './dialog.css';

/** Named in the question; of the others the number. */
const named = 6;

interface AcknowledgeDialogProps {
  /** The most urgent first; empty: the dialog is closed. */
  readonly incidents: readonly IncidentSummary[];
  readonly onClose: () => void;
  readonly onDone: (count: number) => void;
}

/** Acknowledging says that somebody looks after it: asked once, with what it is about. */
export function AcknowledgeDialog({ incidents, onClose, onDone }: AcknowledgeDialogProps): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  const api = useApi();
  const queries = useQueryClient();
  const confirm = useRef<HTMLButtonElement>(null);
  const opener = useRef<Element>(null);
  const act = useMutation({
    mutationFn: () =>
      api.send('POST', 'incidents/ack', {
        body: { incidents: incidents.map(({ id }) => id) },
        schema: manyAcknowledged,
      }),
    onSuccess: ({ acknowledged }) => {
      void queries.invalidateQueries({ queryKey: openIncidentsKey });
      void queries.invalidateQueries({ queryKey: alarmsKey });
      onDone(acknowledged.length);
    },
  });
  const close = (): void => {
    act.reset();
    onClose();
  };
  return (
    <AlertDialog.Root
      open={incidents.length > 0}
      onOpenChange={(open) => {
        if (!open) close();
      }}
    >
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="dialog-shade" />
        <AlertDialog.Content
          className="dialog"
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            opener.current = document.activeElement;
            confirm.current?.focus();
          }}
          onCloseAutoFocus={(event) => {
            // Opened by a key, not by a trigger: the focus goes back to the row where it was.
            event.preventDefault();
            if (opener.current instanceof HTMLElement) opener.current.focus();
          }}
        >
          <AlertDialog.Title>{t('list.ackTitle', { count: incidents.length })}</AlertDialog.Title>
          <AlertDialog.Description>{t('list.ackMeans')}</AlertDialog.Description>
          <ul className="dialog-list">
            {incidents.slice(0, named).map((incident) => (
              <li key={incident.id}>
                <SeverityMark priority={incident.priority} /> <span><Name>{label(incident.title)}</Name></span>
              </li>
            ))}
            {incidents.length > named ? <li>{t('incident.more', { count: incidents.length - named })}</li> : null}
          </ul>
          <Failed error={act.error} />
          <div className="dialog-buttons">
            <button
              ref={confirm}
              type="button"
              className="button button--strong"
              disabled={act.isPending}
              onClick={() => { act.mutate(); }}
            >
              {t('list.ackDo', { count: incidents.length })}
            </button>
            <AlertDialog.Cancel className="button">{t('list.cancel')}</AlertDialog.Cancel>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  ); // prettier-ignore
}
