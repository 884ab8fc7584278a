import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlantState } from '../../config/schema/rule.ts';
import { plantStateView, type PlantStateView } from '../../server/contracts/plant-states.ts';
import { useApi, useSites } from '../api/queries.ts';
import { useMay } from '../app/session.tsx';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { useNow } from '../live/hooks.tsx';
import { SiteOptions } from '../parts/SiteOptions.tsx';
import { Failed } from '../parts/Failed.tsx';
import { submitting } from '../parts/submitting.ts';
import { plantStatesKey, plantStatesQuery } from './queries.ts';
import { Name } from '../parts/Name.tsx';

const hours = [1, 2, 4, 8, 12, 24] as const;
const states: readonly PlantState[] = ['load-test', 'permit'];

/** What people have declared of the plant, so that alarms which it causes are suppressed; operators declare and end it here. */
export function PlantStates(): ReactNode {
  const { t } = useTranslation();
  const may = useMay('operator');
  const declared = useQuery(plantStatesQuery(useApi())).data ?? [];
  return (
    <section className="panel">
      <h2>{t('plantState.title')}</h2>
      <p className="note">{t('plantState.what')}</p>
      {declared.length === 0 ? <p>{t('plantState.none')}</p> : null}
      <ul className="plant-states">
        {declared.map((each) => (
          <Declared key={each.id} state={each} may={may} />
        ))}
      </ul>
      {may ? <Declare /> : null}
    </section>
  );
}

function Declared({ state, may }: { state: PlantStateView; may: boolean }): ReactNode {
  const { t } = useTranslation();
  const api = useApi();
  const queries = useQueryClient();
  const format = useFormat();
  const place = usePlace(state);
  const end = useMutation({
    mutationFn: () => api.send('POST', `plant-states/${state.id}/end`, { body: {}, schema: plantStateView }),
    onSettled: () => void queries.invalidateQueries({ queryKey: plantStatesKey }),
  });
  return (
    <li>
      <div>
        <b>
          {t(`plantState.${state.state}`)} · {place}
        </b>
        <small>
          {t('plantState.when', { from: format.moment(Date.parse(state.from)), to: format.moment(Date.parse(state.to)) })}
          {' · '}
          <Name>{state.reason}</Name> · <Name>{state.createdBy}</Name>
        </small>
      </div>
      {may ? (
        <button type="button" className="button" disabled={end.isPending} onClick={() => { end.mutate(); }}>
          {t('plantState.end')}
        </button>
      ) : null}
    </li>
  ); // prettier-ignore
}

function usePlace({ site, room }: PlantStateView): string {
  const label = useLabel();
  const found = useSites().data?.find(({ id }) => id === site);
  const name = found?.name ?? site;
  if (room === null) return name;
  const known = found?.rooms.find((each) => each.id === room);
  return `${name}, ${known === undefined ? room : label(known.name)}`;
}

function Declare(): ReactNode {
  const { t } = useTranslation();
  const api = useApi();
  const label = useLabel();
  const queries = useQueryClient();
  const now = useNow();
  const sites = useSites().data ?? [];
  const [state, setState] = useState<PlantState>('load-test');
  const [chosen, setSite] = useState('');
  const site = chosen === '' ? (sites[0]?.id ?? '') : chosen;
  const rooms = sites.find(({ id }) => id === site)?.rooms ?? [];
  const [room, setRoom] = useState('');
  const [length, setLength] = useState(2);
  const [reason, setReason] = useState('');
  const declare = useMutation({
    mutationFn: () =>
      api.send('POST', 'plant-states', {
        body: {
          state,
          site,
          ...(state === 'permit' ? { room: room === '' ? (rooms[0]?.id ?? '') : room } : {}),
          reason: reason.trim(),
          to: new Date(now + length * 3_600_000).toISOString(),
        },
        schema: plantStateView,
      }),
    onSuccess: () => {
      setReason('');
      void queries.invalidateQueries({ queryKey: plantStatesKey });
    },
  });
  return (
    <details>
      <summary>{t('plantState.declare')}</summary>
      <form className="plant-form" onSubmit={submitting(() => { declare.mutate(); })}>
        <label className="field">
          {t('plantState.state')}
          <select value={state} onChange={(event) => { setState(states.find((each) => each === event.target.value) ?? 'load-test'); }}>
            {states.map((each) => (
              <option key={each} value={each}>
                {t(`plantState.${each}`)}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          {t('alarms.site')}
          <select value={site} onChange={(event) => { setSite(event.target.value); setRoom(''); }}>
            <SiteOptions sites={sites} />
          </select>
        </label>
        {state === 'permit' ? (
          <label className="field">
            {t('plantState.room')}
            <select value={room} onChange={(event) => { setRoom(event.target.value); }}>
              {rooms.map((each) => (
                <option key={each.id} value={each.id}>
                  {label(each.name)}
                </option>
              ))}
            </select>
          </label>
        ) : null}
        <label className="field">
          {t('alarm.hours')}
          <select value={length} onChange={(event) => { setLength(Number(event.target.value)); }}>
            {hours.map((count) => (
              <option key={count} value={count}>
                {t('alarm.forHours', { count })}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          {t('alarm.reason')}
          <input value={reason} maxLength={500} required onChange={(event) => { setReason(event.target.value); }} />
        </label>
        <button type="submit" className="button" disabled={declare.isPending || reason.trim() === ''}>
          {t('plantState.declare')}
        </button>
      </form>
      <Failed error={declare.error} />
    </details>
  ); // prettier-ignore
}
