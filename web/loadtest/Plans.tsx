import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { loadTestPlanView, type LoadTestPlanView } from '../../server/contracts/load-test-plans.ts';
import { useApi } from '../api/queries.ts';
import { useMay } from '../app/session.tsx';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { Failed } from '../parts/Failed.tsx';
import { submitting } from '../parts/submitting.ts';
import { PlanForm } from './PlanForm.tsx';
import { plansQuery, useSiteName } from './queries.ts';
import { Name } from '../parts/Name.tsx';

/** Planned load tests: window, witnesses, checklist with its ticks. */
export function Plans(): ReactNode {
  const { t } = useTranslation();
  const may = useMay('operator');
  const plans = useQuery(plansQuery(useApi()));
  // Those to come first, then the latest of the past.
  const items = plans.data?.items ?? [];
  const open = items.filter(isOpen);
  const past = items.filter((plan) => !isOpen(plan)).reverse();
  return (
    <section className="panel">
      <h2>{t('loadTestPlan.title')}</h2>
      <p className="note">{t('loadTestPlan.explained')}</p>
      <Failed error={plans.error} />
      {plans.isSuccess && items.length === 0 ? <p>{t('loadTestPlan.none')}</p> : null}
      <ul className="loadtest-plans" data-testid="load-test-plans">
        {[...open, ...past].map((plan) => (
          <Plan key={plan.id} plan={plan} may={may} />
        ))}
      </ul>
      {may ? <PlanForm /> : null}
    </section>
  );
}

function isOpen({ state }: LoadTestPlanView): boolean {
  return state === 'coming' || state === 'under-way';
}

function Plan({ plan, may }: { plan: LoadTestPlanView; may: boolean }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const siteName = useSiteName();
  const { from, to, witnesses, ticket, note, test, cancelledBy, cancelledWhy } = plan;
  return (
    <li className="loadtest-plan">
      <h3>
        {siteName(plan.site)}, {format.moment(Date.parse(from))} – {format.moment(Date.parse(to))}
      </h3>
      <p className="note">
        {t(`loadTestPlanState.${plan.state}`)} · {t('loadTestPlan.by', { name: plan.createdBy })}
        {witnesses.length === 0 ? null : ` · ${t('loadTestPlan.witnessList', { names: witnesses.join(', ') })}`}
        {ticket === null ? null : (
          <>
            {' · '}
            <Link to={`/akses/${ticket}`}>{t('loadTestPlan.ticketOf', { ticket })}</Link>
          </>
        )}
        {test === null ? null : (
          <>
            {' · '}
            <Link to={`/uji-beban/${test}`}>{t('loadTestPlan.result')}</Link>
          </>
        )}
      </p>
      {note === null ? null : <p>{note}</p>}
      {cancelledWhy === null ? null : (
        <p className="note">{t('loadTestPlan.cancelledWhy', { name: cancelledBy, reason: cancelledWhy })}</p>
      )}
      {plan.state === 'cancelled' ? null : <Checklist plan={plan} may={may && isOpen(plan)} />}
      {may && isOpen(plan) ? <Cancel plan={plan} /> : null}
    </li>
  ); // prettier-ignore
}

function useChange<Body extends object>(path: string) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Body) => api.send('POST', path, { body, schema: loadTestPlanView }),
    onSettled: () => void queries.invalidateQueries({ queryKey: ['load-tests'] }),
  });
}

function Checklist({ plan, may }: { plan: LoadTestPlanView; may: boolean }): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const tick = useChange<{ item: number; done: boolean }>(`load-test-plans/${plan.id}/checks`);
  const done = plan.checklist.filter(({ tickedAt }) => tickedAt !== null).length;
  return (
    <details open={may}>
      <summary>{t('loadTestPlan.checklist', { done, of: plan.checklist.length })}</summary>
      <ul className="loadtest-checks">
        {plan.checklist.map(({ text, tickedBy, tickedAt }, item) => (
          <li key={text.id}>
            <label>
              <input
                type="checkbox"
                checked={tickedAt !== null}
                disabled={!may || tick.isPending}
                onChange={(event) => { tick.mutate({ item, done: event.target.checked }); }}
              />
              <Name>{label(text)}</Name>
            </label>
            {tickedAt === null ? null : (
              <small>{t('loadTestPlan.tickedBy', { name: tickedBy, at: format.moment(Date.parse(tickedAt)) })}</small>
            )}
          </li>
        ))}
      </ul>
      <Failed error={tick.error} />
    </details>
  ); // prettier-ignore
}

function Cancel({ plan }: { plan: LoadTestPlanView }): ReactNode {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const cancel = useChange<{ reason: string }>(`load-test-plans/${plan.id}/cancel`);
  const submit = submitting(() => {
    cancel.mutate({ reason: reason.trim() });
  });
  return (
    <details>
      <summary>{t('loadTestPlan.cancel')}</summary>
      <form className="loadtest-form" onSubmit={submit}>
        <label className="field">
          {t('loadTestPlan.reason')}
          <input value={reason} required maxLength={500} onChange={(event) => { setReason(event.target.value); }} />
        </label>
        <button type="submit" className="button" disabled={cancel.isPending || reason.trim() === ''}>
          {t('loadTestPlan.cancel')}
        </button>
      </form>
      <Failed error={cancel.error} />
    </details>
  ); // prettier-ignore
}
