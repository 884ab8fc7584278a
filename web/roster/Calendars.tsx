import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { madeFeedView, type OnCallPage } from '../../server/contracts/on-call.ts';
import { useApi } from '../api/queries.ts';
import { useFormat } from '../format/FormatContext.tsx';
import { Failed } from '../parts/Failed.tsx';
import { calendarsQuery } from './queries.ts';
import { Name } from '../parts/Name.tsx';

/** Addresses from which calendar programs read the roster. A new one is shown once: it is as good as a key. */
export function Calendars({ page }: { page: OnCallPage }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const api = useApi();
  const queries = useQueryClient();
  const [person, setPerson] = useState('');
  const list = useQuery(calendarsQuery(api));
  const refresh = (): void => void queries.invalidateQueries({ queryKey: ['calendars'] });
  const add = useMutation({
    mutationFn: (body: { person: string | null }) =>
      api.send('POST', 'on-call/calendars', { body, schema: madeFeedView }),
    onSuccess: refresh,
  });
  const end = useMutation({
    mutationFn: (id: string) =>
      api.send('DELETE', `on-call/calendars/${encodeURIComponent(id)}`, { schema: z.undefined() }),
    onSuccess: refresh,
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    add.mutate({ person: person === '' ? null : person });
  };
  const failed = add.error ?? end.error;
  return (
    <section className="panel">
      <h2>{t('calendar.title')}</h2>
      <p className="note">{t('calendar.about')}</p>
      <ul className="plain">
        {list.data?.map((feed) => (
          <li key={feed.id}>
            <b dir="auto"><Name>{feed.name ?? t('calendar.whole')}</Name></b> · {t('calendar.made', { who: feed.createdBy, time: format.moment(Date.parse(feed.createdAt)) })}{' '}
            <button type="button" className="button" disabled={end.isPending} onClick={() => { add.reset(); end.mutate(feed.id); }}>{t('calendar.end')}</button>
          </li>
        ))}
      </ul>
      <form className="roster-form" onSubmit={submit}>
        <label className="field">
          {t('calendar.whose')}
          <select value={person} onChange={(event) => { setPerson(event.target.value); }}>
            <option value="">{t('calendar.whole')}</option>
            {page.persons.map((one) => <option key={one.person} value={one.person}>{one.name}</option>)}
          </select>
        </label>
        <button type="submit" className="button" disabled={add.isPending}>{t('calendar.add')}</button>
      </form>
      {add.data === undefined ? null : (
        <label className="field">
          {t('calendar.once')}
          <input readOnly value={location.origin + add.data.path} onFocus={(event) => { event.target.select(); }} />
        </label>
      )}
      <Failed error={failed} />
    </section>
  );
} // prettier-ignore
