import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Check, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import {
  logVerificationView,
  type LogVerificationView,
  type VerificationResult,
} from '../../server/contracts/audit.ts';
import { useApi } from '../api/queries.ts';
import { useFormat } from '../format/FormatContext.tsx';
import { Failed } from '../parts/Failed.tsx';
import { logQuery, verificationKey, verificationQuery } from './queries.ts';
import { Name } from '../parts/Name.tsx';

/** What is signed, who else keeps it, and what the last verification found. */
export function LogStatus(): ReactNode {
  const { t } = useTranslation();
  const log = useQuery(logQuery(useApi()));
  return (
    <section className="panel audit-status" aria-label={t('audit.status')}>
      <h2>{t('audit.status')}</h2>
      <Failed error={log.error} />
      {(log.data?.problem ?? null) === null ? null : (
        <p className="field-error" role="alert" lang="en">
          {log.data?.problem}
        </p>
      )}
      <div className="audit-parts">
        <Signed />
        <Verification />
      </div>
    </section>
  );
}

function Signed(): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const log = useQuery(logQuery(useApi())).data;
  if (log === undefined) return <p className="note">{t('page.loading')}</p>;
  const { checkpoint, witnesses, size } = log;
  return (
    <div>
      <h3>{t('audit.checkpoint')}</h3>
      {checkpoint === null ? (
        <p className="note">{t('audit.noCheckpoint')}</p>
      ) : (
        <dl className="facts">
          <div><dt>{t('audit.at')}</dt><dd>{format.moment(Date.parse(checkpoint.at))} ({t('audit.ago', { age: format.age(msSince(checkpoint.at)) })})</dd></div>
          <div><dt>{t('audit.size')}</dt><dd>{t('audit.entriesOf', { count: checkpoint.size, size: format.number(checkpoint.size, 0), all: format.number(size, 0) })}</dd></div>
          <div><dt>{t('audit.rootHash')}</dt><dd><code>{checkpoint.root}</code></dd></div>
        </dl>
      )}
      <h3>{t('audit.witnesses')}</h3>
      {witnesses.length === 0 ? <p className="note">{t('audit.noWitness')}</p> : null}
      <ul className="audit-witnesses">
        {witnesses.map(({ name, number, at }) => (
          <li key={name}>
            <b>{name}</b> {t('audit.countersigned', { number, time: format.moment(Date.parse(at)), age: format.age(msSince(at)) })}
          </li>
        ))}
      </ul>
    </div>
  ); // prettier-ignore
}

function msSince(at: string): number {
  return Math.max(0, Date.now() - Date.parse(at));
}

function Verification(): ReactNode {
  const { t } = useTranslation();
  const api = useApi();
  const queries = useQueryClient();
  const state = useQuery(verificationQuery(api));
  const start = useMutation({
    mutationFn: () => api.send('POST', 'log/verification', { schema: logVerificationView }),
    onSuccess: (view) => {
      queries.setQueryData(verificationKey, view);
    },
  });
  const running = state.data?.running ?? null;
  return (
    <div>
      <h3>{t('audit.verification')}</h3>
      <p className="note">{t('audit.verificationExplained')}</p>
      <Failed error={start.error ?? state.error} />
      {running === null ? (
        <button type="button" className="button" disabled={start.isPending || state.data === undefined} onClick={() => { start.mutate(); }}>
          {t('audit.verify')}
        </button>
      ) : (
        <Progress running={running} />
      )}
      {state.data === undefined ? null : <Last last={state.data.last} />}
    </div>
  ); // prettier-ignore
}

function Progress({ running }: { running: NonNullable<LogVerificationView['running']> }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const { actor, startedAt, done, of } = running;
  const words = t('audit.progress', { done: format.number(done, 0), of: format.number(of, 0) });
  return (
    <p className="audit-progress">
      <progress value={done} max={Math.max(1, of)} aria-label={t('audit.verification')} />
      <span>{words}</span>
      <small>{t('audit.startedBy', { actor, time: format.moment(Date.parse(startedAt)) })}</small>
    </p>
  );
}

function Last({ last }: { last: LogVerificationView['last'] }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  if (last === null) return <p className="note">{t('audit.never')}</p>;
  const { actor, startedAt, endedAt, result } = last;
  return (
    <div aria-live="polite" data-testid="verification">
      <Verdict result={result} />
      <p>
        <small>
          {t('audit.endedBy', {
            actor,
            time: format.moment(Date.parse(endedAt)),
            took: format.duration(Math.max(0, Date.parse(endedAt) - Date.parse(startedAt))),
          })}
        </small>
      </p>
    </div>
  );
}

function Verdict({ result }: { result: VerificationResult }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  if (result.state === 'failed')
    return <p className="field-error">{t('audit.failed')} <small lang="en"><Name>{result.reason}</Name></small></p>; // prettier-ignore
  const { entries, checkpoints, erased, problems, findings } = result;
  const good = problems === 0;
  const Mark = good ? Check : X;
  return (
    <>
      <p className={`audit-verdict audit-verdict--${good ? 'included' : 'not-included'}`}>
        <Mark aria-hidden="true" size="1.1em" />{' '}
        {good ? t('audit.clean') : t('audit.problems', { count: problems, problems: format.number(problems, 0) })}
      </p>
      <p>{t('audit.read', { entries: format.number(entries, 0), checkpoints: format.number(checkpoints, 0), erased: format.number(erased, 0) })}</p>
      {good ? null : (
        <ul className="audit-findings">
          {findings.slice(0, 10).map(({ what, message }) => (
            <li key={message}><b>{t(`auditFinding.${what}`, { defaultValue: what })}</b> <span lang="en">{message}</span></li>
          ))}
        </ul>
      )}
    </>
  ); // prettier-ignore
}
