import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../app/title.ts';
import type { OnCallPage } from '../../server/contracts/on-call.ts';
import { useApi, useSites } from '../api/queries.ts';
import { useMay } from '../app/session.tsx';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { OverridesPanel, TimeOffPanel } from './Changes.tsx';
import { PushPanel } from '../push/PushPanel.tsx';
import { Calendars } from './Calendars.tsx';
import { Deliveries } from './Deliveries.tsx';
import { Proof } from './Proof.tsx';
import { onCallQuery } from './queries.ts';
import { Failed } from '../parts/Failed.tsx';
import { TableFrame } from '../parts/TableFrame.tsx';
import { Name } from '../parts/Name.tsx';
import './roster.css';

/** Local time fields are WIB. */
const wib = '+07:00';

/** Who is on call now and next, whom an incident would be told to, who takes over for whom, and what was sent. */
export function RosterPage(): ReactNode {
  const { t } = useTranslation();
  useTitle(t('page.roster'));
  const [moment, setMoment] = useState('');
  const at = moment === '' ? null : `${moment}:00${wib}`;
  const roster = useQuery(onCallQuery(useApi(), at));
  const may = useMay('operator');
  return (
    <div className="roster">
      <header className="page-head">
        <h1>{t('page.roster')}</h1>
      </header>
      <Failed error={roster.error} />
      {roster.data === undefined ? null : (
        <>
          {roster.data.problem === null ? null : (
            <p className="roster-problem" role="alert">
              {roster.data.unpaged === null
                ? t('roster.problem', { why: roster.data.problem })
                : t(`roster.unpaged.${roster.data.unpaged}`)}
            </p>
          )}
          <OnDuty page={roster.data} />
          <Proof />
          <section className="panel">
            <h2>{t('roster.whom')}</h2>
            <label className="field">
              {t('roster.at')}
              <input type="datetime-local" value={moment} onChange={(event) => { setMoment(event.target.value); }} />
            </label>
            <Escalation page={roster.data} />
          </section>
          <OverridesPanel page={roster.data} />
          <TimeOffPanel page={roster.data} />
          {may ? <Calendars page={roster.data} /> : null}
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
            <small>
              <Name>{label(layer.name)}</Name>
            </small>
            <b>
              <Name>{layer.personName ?? t('roster.nobody')}</Name>
            </b>
            <span>
              {t('roster.until', { time: format.moment(Date.parse(layer.until)) })}
              {layer.because === 'override' || layer.because === 'stand-in'
                ? ` · ${t(`roster.${layer.because}`)}`
                : ''}
            </span>
            <span>{t('roster.next', { who: layer.nextName ?? t('roster.nobody') })}</span>
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
      <TableFrame label={t('roster.site')}>
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
      </TableFrame>
    </>
  ); // prettier-ignore
}
