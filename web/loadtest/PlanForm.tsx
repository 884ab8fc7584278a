import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { loadTestPlanView } from '../../server/contracts/load-test-plans.ts';
import { fieldTime, instantOf } from '../access/draft.ts';
import { useApi, useSites } from '../api/queries.ts';
import { useLive } from '../live/hooks.tsx';
import { SiteOptions } from '../parts/SiteOptions.tsx';
import { Failed } from '../parts/Failed.tsx';
import { submitting } from '../parts/submitting.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

interface Draft {
  readonly site: string;
  readonly from: string;
  readonly to: string;
  readonly witnesses: string;
  readonly ticket: string;
  readonly note: string;
}

/** Tomorrow, from the next full hour, for two hours. */
function newDraft(now: number): Draft {
  const from = Math.ceil(now / hourMs) * hourMs + dayMs;
  return { site: '', from: fieldTime(from), to: fieldTime(from + 2 * hourMs), witnesses: '', ticket: '', note: '' };
} // prettier-ignore

/** Plans a load test; times are WIB whatever the browser's zone is. */
export function PlanForm(): ReactNode {
  const { t } = useTranslation();
  const api = useApi();
  const live = useLive();
  const queries = useQueryClient();
  const sites = useSites().data ?? [];
  const [draft, setDraft] = useState(() => newDraft(live.now()));
  const site = draft.site === '' ? (sites[0]?.id ?? '') : draft.site;
  const set = (change: Partial<Draft>): void => {
    setDraft((before) => ({ ...before, ...change }));
  };
  const plan = useMutation({
    mutationFn: () =>
      api.send('POST', 'load-test-plans', {
        body: {
          site,
          from: instantOf(draft.from),
          to: instantOf(draft.to),
          witnesses: draft.witnesses.split('\n').map((name) => name.trim()).filter((name) => name !== ''),
          ...(draft.ticket.trim() === '' ? {} : { ticket: draft.ticket.trim() }),
          ...(draft.note.trim() === '' ? {} : { note: draft.note.trim() }),
        },
        schema: loadTestPlanView,
      }),
    onSuccess: () => {
      setDraft(newDraft(live.now()));
      void queries.invalidateQueries({ queryKey: ['load-tests'] });
    },
  }); // prettier-ignore
  return (
    <details>
      <summary>{t('loadTestPlan.new')}</summary>
      <form className="loadtest-form" onSubmit={submitting(() => { plan.mutate(); })}>
        <label className="field">
          {t('loadTestPlan.site')}
          <select value={site} onChange={(event) => { set({ site: event.target.value }); }}>
            <SiteOptions sites={sites} />
          </select>
        </label>
        <label className="field">
          {t('loadTestPlan.from')}
          <input type="datetime-local" required value={draft.from} onChange={(event) => { set({ from: event.target.value }); }} />
        </label>
        <label className="field">
          {t('loadTestPlan.to')}
          <input type="datetime-local" required value={draft.to} onChange={(event) => { set({ to: event.target.value }); }} />
        </label>
        <label className="field">
          {t('loadTestPlan.witnesses')}
          <textarea rows={3} value={draft.witnesses} onChange={(event) => { set({ witnesses: event.target.value }); }} />
        </label>
        <label className="field">
          {t('loadTestPlan.ticket')}
          <input value={draft.ticket} maxLength={100} onChange={(event) => { set({ ticket: event.target.value }); }} />
        </label>
        <label className="field">
          {t('loadTestPlan.note')}
          <input value={draft.note} maxLength={1000} onChange={(event) => { set({ note: event.target.value }); }} />
        </label>
        <button type="submit" className="button" disabled={plan.isPending || site === ''}>
          {t('loadTestPlan.save')}
        </button>
      </form>
      <Failed error={plan.error} />
    </details>
  ); // prettier-ignore
}
