import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { overrideView, type OnCallPage } from '../../server/contracts/notify.ts';
import { z } from 'zod';
import { useApi, useSites } from '../api/queries.ts';
import { useMay } from '../app/session.tsx';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { PushPanel } from '../push/PushPanel.tsx';
import { Deliveries } from './Deliveries.tsx';
import { onCallQuery } from './queries.ts';
import './roster.css';

/** Local time fields are WIB. */
const wib = '+07:00';

/** Who is on call now and next, whom an incident would be told to, who takes over for whom, and what was sent. */
export function RosterPage(): ReactNode {
  const { t } = useTranslation();
  const [moment, setMoment] = useState('');
  const at = moment === '' ? null : `${moment}:00${wib}`;
  const roster = useQuery(onCallQuery(useApi(), at));
  const may = useMay('operator');
  return (
    <div className="roster">
      <header className="page-head">
        <h1>{t('page.roster')}</h1>
      </header>
      {roster.isError ? <p className="note">{t('error.general', { why: roster.error.message })}</p> : null}
      {roster.data === undefined ? null : (
        <>
          {roster.data.problem === null ? null : (
            <p className="roster-problem" role="alert">
              {t('roster.problem', { why: roster.data.problem })}
            </p>
          )}
          <OnDuty page={roster.data} />
          <section className="panel">
            <h2>{t('roster.whom')}</h2>
            <label className="field">
              {t('roster.at')}
              <input type="datetime-local" value={moment} onChange={(event) => { setMoment(event.target.value); }} />
            </label>
            <Escalation page={roster.data} />
          </section>
          <OverridesPanel page={roster.data} />
        </>
      )}
      <PushPanel />
      {may ? <Deliveries /> : null}
    </div>
  ); // prettier-ignore
}

function OnDuty({ page }: { page: OnCallPage }): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  return (
    <section className="panel">
      <h2>{t('roster.now')}</h2>
      {page.layers.length === 0 ? <p className="note">{t('roster.none')}</p> : null}
      <ul className="roster-layers">
        {page.layers.map((layer) => (
          <li key={layer.layer}>
            <small>{label(layer.name)}</small>
            <b>{layer.personName}</b>
            <span>
              {t('roster.until', { time: format.moment(Date.parse(layer.until)) })}
              {layer.because === 'override' ? ` · ${t('roster.override')}` : ''}
            </span>
            <span>{t('roster.next', { who: layer.nextName })}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Escalation({ page }: { page: OnCallPage }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const sites = useSites().data ?? [];
  const [first] = page.escalation;
  const [site, setSite] = useState(first?.site ?? '');
  const rows = page.escalation.filter((row) => row.site === site);
  return (
    <>
      <label className="field">
        {t('roster.site')}
        <select value={site} onChange={(event) => { setSite(event.target.value); }}>
          {[...new Set(page.escalation.map((row) => row.site))].map((id) => (
            <option key={id} value={id}>{sites.find((one) => one.id === id)?.name ?? id}</option>
          ))}
        </select>
      </label>
      <div className="table-frame">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t('roster.priority')}</th>
              <th scope="col">{t('roster.steps')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ priority, steps }) => (
              <tr key={priority}>
                <th scope="row">{priority}</th>
                <td>
                  {steps.length === 0 ? t('roster.nobody') : null}
                  <ol className="roster-steps">
                    {steps.map((step) => (
                      <li key={step.afterMs}>
                        {step.afterMs === 0 ? t('roster.atOnce') : t('roster.after', { time: format.duration(step.afterMs) })}:{' '}
                        {step.recipients.length === 0
                          ? t('roster.nobody')
                          : step.recipients.map((each) => `${each.name} (${each.channels.map((channel) => t(`channel.${channel}`)).join(', ')})`).join('; ')}
                      </li>
                    ))}
                  </ol>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  ); // prettier-ignore
}

function OverridesPanel({ page }: { page: OnCallPage }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const label = useLabel();
  const api = useApi();
  const queries = useQueryClient();
  const may = useMay('manager');
  const refresh = (): void => void queries.invalidateQueries({ queryKey: ['on-call'] });
  const add = useMutation({
    mutationFn: (body: Record<string, string>) =>
      api.send('POST', 'on-call/overrides', { body, schema: overrideView }),
    onSuccess: refresh,
  });
  const end = useMutation({
    mutationFn: (id: string) =>
      api.send('DELETE', `on-call/overrides/${encodeURIComponent(id)}`, { schema: z.undefined() }),
    onSuccess: refresh,
  });
  const nameOf = (person: string): string =>
    page.persons.find((one) => one.person === person)?.name ?? person;
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = event.currentTarget;
    const text = (name: string): string => {
      const value = new FormData(form).get(name);
      return typeof value === 'string' ? value : '';
    };
    add.mutate(
      {
        layer: text('layer'),
        person: text('person'),
        from: `${text('from')}:00${wib}`,
        to: `${text('to')}:00${wib}`,
        reason: text('reason'),
      },
      {
        onSuccess: () => {
          form.reset();
        },
      },
    );
  };
  const failed = add.error ?? end.error;
  return (
    <section className="panel">
      <h2>{t('roster.overrides')}</h2>
      {page.overrides.length === 0 ? <p className="note">{t('roster.noOverrides')}</p> : null}
      <ul className="plain">
        {page.overrides.map((each) => (
          <li key={each.id}>
            <b dir="auto">{nameOf(each.person)}</b> {format.moment(Date.parse(each.from))} – {format.moment(Date.parse(each.to))} · <span dir="auto">{each.reason}</span>{' '}
            {may ? <button type="button" className="button" disabled={end.isPending} onClick={() => { end.mutate(each.id); }}>{t('roster.end')}</button> : null}
          </li>
        ))}
      </ul>
      {may && page.layers.length > 0 ? (
        <form className="roster-form" onSubmit={submit}>
          <label className="field">
            {t('roster.layer')}
            <select name="layer">{page.layers.map((layer) => <option key={layer.layer} value={layer.layer}>{label(layer.name)}</option>)}</select>
          </label>
          <label className="field">
            {t('roster.person')}
            <select name="person">{page.persons.map((one) => <option key={one.person} value={one.person}>{one.name}</option>)}</select>
          </label>
          <label className="field">{t('roster.from')}<input name="from" type="datetime-local" required /></label>
          <label className="field">{t('roster.to')}<input name="to" type="datetime-local" required /></label>
          <label className="field">{t('roster.reason')}<input name="reason" required maxLength={500} /></label>
          <button type="submit" className="button button--strong" disabled={add.isPending}>{t('roster.add')}</button>
        </form>
      ) : null}
      {failed === null ? null : <p className="field-error" role="alert">{t('error.general', { why: failed.message })}</p>}
    </section>
  ); // prettier-ignore
}
