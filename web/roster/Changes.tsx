import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { overrideView, timeOffView, type OnCallPage } from '../../server/contracts/on-call.ts';
import { ApiError } from '../api/client.ts';
import { useApi } from '../api/queries.ts';
import { useMay } from '../app/session.tsx';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { Failed } from '../parts/Failed.tsx';
import { Name } from '../parts/Name.tsx';
import './roster.css';

/** Local time fields are WIB. */
const wib = '+07:00';

interface Entry {
  readonly id: string;
  readonly person: string;
  readonly from: string;
  readonly to: string;
  readonly reason: string | null;
}

interface ListProps {
  readonly title: string;
  readonly empty: string;
  readonly entries: readonly Entry[];
  readonly page: OnCallPage;
  /** Below /api/v1. */
  readonly path: 'on-call/overrides' | 'on-call/time-off';
  /** In front of the person's field. */
  readonly children?: ReactNode;
  /** Taking one back may leave a hole. */
  readonly mayLeaveHole: boolean;
}

/** Who takes over for whom. */
export function OverridesPanel({ page }: { page: OnCallPage }): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  return (
    <Changes
      title={t('roster.overrides')} empty={t('roster.noOverrides')} entries={page.overrides} page={page}
      path="on-call/overrides" mayLeaveHole
    >
      <label className="field">
        {t('roster.layer')}
        <select name="layer">{page.layers.map((layer) => <option key={layer.layer} value={layer.layer}>{label(layer.name)}</option>)}</select>
      </label>
    </Changes>
  ); // prettier-ignore
}

/** Who is off, so that the next one is on call. */
export function TimeOffPanel({ page }: { page: OnCallPage }): ReactNode {
  const { t } = useTranslation();
  return (
    <Changes
      title={t('timeOff.title')}
      empty={t('timeOff.none')}
      entries={page.timeOff}
      page={page}
      path="on-call/time-off"
      mayLeaveHole={false}
    />
  );
}

/** Entries of one kind, and the form for another one. One that would leave a hole is refused until that is accepted. */
function Changes({ title, empty, entries, page, path, children, mayLeaveHole }: ListProps): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const api = useApi();
  const queries = useQueryClient();
  const may = useMay('manager');
  const [acceptHole, setAcceptHole] = useState(false);
  const onSuccess = (): void => {
    setAcceptHole(false);
    void queries.invalidateQueries({ queryKey: ['on-call'] });
  };
  const add = useMutation({
    mutationFn: (body: Record<string, string | boolean>) =>
      api.send('POST', path, { body, schema: z.union([overrideView, timeOffView]) }),
    onSuccess,
  });
  const end = useMutation({
    mutationFn: (id: string) =>
      api.send('DELETE', `${path}/${encodeURIComponent(id)}${mayLeaveHole && acceptHole ? '?acceptHole=true' : ''}`, { schema: z.undefined() }),
    onSuccess,
  });
  const nameOf = (person: string): string =>
    page.persons.find((one) => one.person === person)?.name ?? person;
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = Object.fromEntries(
      [...new FormData(form)].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
    );
    end.reset();
    add.mutate(
      { ...fields, from: `${fields['from'] ?? ''}:00${wib}`, to: `${fields['to'] ?? ''}:00${wib}`, acceptHole },
      { onSuccess: () => { form.reset(); } },
    );
  };
  const failed = add.error ?? end.error;
  const isRefused = failed instanceof ApiError && failed.status === 409;
  return (
    <section className="panel">
      <h2>{title}</h2>
      {entries.length === 0 ? <p className="note">{empty}</p> : null}
      <ul className="plain">
        {entries.map((each) => (
          <li key={each.id}>
            <b dir="auto">{nameOf(each.person)}</b> {format.moment(Date.parse(each.from))} – {format.moment(Date.parse(each.to))}
            {each.reason === null ? null : <> · <span dir="auto"><Name>{each.reason}</Name></span></>}{' '}
            {may ? <button type="button" className="button" disabled={end.isPending} onClick={() => { add.reset(); end.mutate(each.id); }}>{t('roster.end')}</button> : null}
          </li>
        ))}
      </ul>
      {may && page.persons.length > 0 ? (
        <form className="roster-form" onSubmit={submit}>
          {children}
          <label className="field">
            {t(path === 'on-call/overrides' ? 'roster.person' : 'timeOff.person')}
            <select name="person">{page.persons.map((one) => <option key={one.person} value={one.person}>{one.name}</option>)}</select>
          </label>
          <label className="field">{t('roster.from')}<input name="from" type="datetime-local" required /></label>
          <label className="field">{t('roster.to')}<input name="to" type="datetime-local" required /></label>
          <label className="field">{t('roster.reason')}<input name="reason" required maxLength={500} /></label>
          {isRefused || acceptHole ? (
            <label className="check">
              <input type="checkbox" checked={acceptHole} onChange={(event) => { setAcceptHole(event.target.checked); }} />
              {t('roster.acceptHole')}
            </label>
          ) : null}
          <button type="submit" className="button button--strong" disabled={add.isPending}>
            {t(path === 'on-call/overrides' ? 'roster.add' : 'timeOff.add')}
          </button>
        </form>
      ) : null}
      <Failed error={failed} />
    </section>
  );
} // prettier-ignore
