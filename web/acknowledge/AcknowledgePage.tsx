import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { severityOf } from '../../domain/severity.ts';
import { acknowledgementView, type AcknowledgementView } from '../../server/contracts/notify.ts';
import { ApiError } from '../api/client.ts';
import { useApi } from '../api/queries.ts';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { Failed } from '../parts/Failed.tsx';
import { PublicFrame } from '../parts/PublicFrame.tsx';
import { SeverityMark } from '../parts/SeverityMark.tsx';
import { Name } from '../parts/Name.tsx';
import '../incidents/incidents.css';

/**
 * What a link in a message opens, on a phone at night and without a sign-in: what it is about, and one button. Opening it changes nothing;
 * mail scanners follow links.
 */
export function AcknowledgePage(): ReactNode {
  const { t } = useTranslation();
  const { token = '' } = useParams();
  const api = useApi();
  const path = `acknowledgements/${encodeURIComponent(token)}`;
  const key = ['acknowledgement', token];
  const queries = useQueryClient();
  const shown = useQuery({ queryKey: key, queryFn: () => api.get(path, acknowledgementView), retry: 1 });
  const act = useMutation({
    mutationFn: (all: boolean) => api.send('POST', path, { body: { all }, schema: acknowledgementView }),
    onSuccess: (view) => {
      queries.setQueryData(key, view);
    },
    // Used on another device, or the answer was lost on the way: the page shows how things stand.
    onError: () => void queries.invalidateQueries({ queryKey: key }),
  });
  return (
    <PublicFrame title={t('acknowledge.title')}>
      {shown.data === undefined ? (
        <p className="note" role={shown.isError ? 'alert' : undefined}>
          {shown.isError ? t('acknowledge.invalid') : t('history.loading')}
        </p>
      ) : (
        <Subject view={shown.data} busy={act.isPending} onAcknowledge={act.mutate} />
      )}
      <Failed error={isRefused(act.error) ? null : act.error} />
      <Link to="/gangguan">{t('acknowledge.signIn')}</Link>
    </PublicFrame>
  );
}

/** The page itself says it: the link is used up, or too old. */
function isRefused(error: Error | null): boolean {
  return error instanceof ApiError && error.status === 409;
}

interface SubjectProps {
  readonly view: AcknowledgementView;
  readonly busy: boolean;
  readonly onAcknowledge: (all: boolean) => void;
}

function Subject({ view, busy, onAcknowledge }: SubjectProps): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const label = useLabel();
  const { incident, person, expired, waiting, usedAt } = view;
  const works = !expired && usedAt === null;
  return (
    <article className={`incident sev-${severityOf(incident.priority)}`}>
      <header className="incident-head">
        <SeverityMark priority={incident.priority} />
        <h1><Name>{label(incident.title)}</Name></h1>
        <p>
          {t('incident.since', { time: format.moment(Date.parse(incident.openedAt)) })} WIB · {incident.clause}
        </p>
      </header>
      <output>
        {incident.acknowledgedBy === null || incident.waiting ? null : (
          <p className="actions-done">
            <Check aria-hidden="true" /> {t('acknowledge.done', { who: incident.acknowledgedBy })}
          </p>
        )}
      </output>
      {expired ? <p className="note">{t('acknowledge.expired')}</p> : null}
      {usedAt === null ? null : (
        <p className="note">
          {t('acknowledge.used', { time: format.moment(Date.parse(usedAt)) })}
          {waiting > 0 ? ` ${t('acknowledge.more', { count: waiting })}` : ''}
        </p>
      )}
      {incident.waiting && works ? (
        <button type="button" className="button button--strong acknowledge-button" disabled={busy} onClick={() => { onAcknowledge(false); }}>
          <Check aria-hidden="true" /> {t('acknowledge.one', { who: person })}
        </button>
      ) : null}
      {waiting > (incident.waiting ? 1 : 0) && works ? (
        <button type="button" className="button acknowledge-button" disabled={busy} onClick={() => { onAcknowledge(true); }}>
          {t('acknowledge.all', { count: waiting })}
        </button>
      ) : null}
    </article>
  ); // prettier-ignore
}
