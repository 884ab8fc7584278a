import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Plus, X } from 'lucide-react';
import { createContext, use, useId, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { SiteView } from '../../server/contracts/sites.ts';
import { ticketView, type TicketInput } from '../../server/contracts/tickets.ts';
import { ApiError } from '../api/client.ts';
import { useApi, useSites } from '../api/queries.ts';
import { useLabel } from '../format/FormatContext.tsx';
import { useLive } from '../live/hooks.tsx';
import { check, fieldErrors, newDraft, withPerson, type Draft, type FieldErrors } from './draft.ts';
import './access.css';

const Errors = createContext<FieldErrors>({});

/** Request for physical access with the particulars (a)–(d) of the catalogue. */
export function TicketForm(): ReactNode {
  const { t } = useTranslation();
  const sites = useSites().data;
  if (sites === undefined) return <p className="note">{t('link.connecting')}</p>;
  return <Form sites={sites} />;
}

function Form({ sites }: { sites: readonly SiteView[] }): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  const live = useLive();
  const api = useApi();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [draft, setDraft] = useState<Draft>(() => newDraft(sites[0]?.id ?? '', live.now()));
  const [errors, setErrors] = useState<FieldErrors>({});
  const put = (change: Partial<Draft>): void => {
    setDraft({ ...draft, ...change });
  };
  const send = useMutation({
    mutationFn: (body: TicketInput) => api.send('POST', 'tickets', { body, schema: ticketView }),
    onSuccess: (ticket) => {
      void queries.invalidateQueries({ queryKey: ['tickets'] });
      void navigate(`/akses/${ticket.id}`);
    },
    onError: (error) => {
      setErrors(error instanceof ApiError ? fieldErrors(error.problem?.errors ?? []) : {});
    },
  });
  const site = sites.find((one) => one.id === draft.site);
  function submit(): void {
    const checked = check(draft);
    setErrors('errors' in checked ? checked.errors : {});
    if ('input' in checked) send.mutate(checked.input);
  }
  const rejected = Object.keys(errors).length > 0 || send.isError;
  return (
    <Errors value={errors}>
      <form
        className="ticket-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <h1>{t('ticket.title')}</h1>
        <label className="field">
          {t('ticket.site')}
          <select value={draft.site} onChange={(event) => { put({ site: event.target.value, rooms: [] }); }}>
            {sites.map((one) => <option key={one.id} value={one.id}>{one.name} – {one.building}</option>)}
          </select>
        </label>
        <fieldset>
          <legend>{t('ticket.rooms')}</legend>
          <div className="checks">
            {site?.rooms.map((room) => (
              <label key={room.id}>
                <input
                  type="checkbox"
                  checked={draft.rooms.includes(room.id)}
                  onChange={(event) => { put({ rooms: event.target.checked ? [...draft.rooms, room.id] : draft.rooms.filter((id) => id !== room.id) }); }}
                />
                {label(room.name)}
              </label>
            ))}
          </div>
          <small>{t('ticket.roomsHint')}</small>
          <FieldError path="rooms" />
        </fieldset>
        <Text name="unit" value={draft.unit} onChange={(unit) => { put({ unit }); }} />
        <Text name="pic" value={draft.pic} onChange={(pic) => { put({ pic }); }} />
        <label className="check">
          <input type="checkbox" checked={draft.accompanied} onChange={(event) => { put({ accompanied: event.target.checked }); }} />
          {t('ticket.accompanied')}
        </label>
        <FieldError path="accompanied" />
        <Persons persons={draft.persons} onChange={(persons) => { put({ persons }); }} />
        <Text name="activity" long value={draft.activity} onChange={(activity) => { put({ activity }); }} />
        <div className="pair">
          <Text name="from" type="datetime-local" value={draft.from} onChange={(from) => { put({ from }); }} />
          <Text name="to" type="datetime-local" value={draft.to} onChange={(to) => { put({ to }); }} />
        </div>
        <Text name="superiorEmail" type="email" value={draft.superiorEmail} onChange={(superiorEmail) => { put({ superiorEmail }); }} />
        {rejected ? (
          <p className="field-error" role="alert">
            {t('ticket.rejected')} {send.isError && Object.keys(errors).length === 0 ? send.error.message : ''}
          </p>
        ) : null}
        <button type="submit" className="button button--strong" disabled={send.isPending}>
          {t('ticket.submit')}
        </button>
      </form>
    </Errors>
  ); // prettier-ignore
}

interface TextProps {
  readonly name: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly type?: 'text' | 'email' | 'datetime-local';
  readonly long?: boolean;
  /** Where errors name it, when that is not its own name. */
  readonly path?: string;
}

function Text({ name, value, onChange, type = 'text', long = false, path = name }: TextProps): ReactNode {
  const { t } = useTranslation();
  const id = useId();
  const wrong = use(Errors)[path] !== undefined;
  const shared = { id, name: path, value, 'aria-invalid': wrong, 'aria-describedby': `${id}-error` };
  return (
    <div className="field">
      <label htmlFor={id}>{t(`ticket.${name}`)}</label>
      {long ? (
        <textarea {...shared} rows={3} onChange={(event) => { onChange(event.target.value); }} />
      ) : (
        <input {...shared} type={type} onChange={(event) => { onChange(event.target.value); }} />
      )}
      <FieldError path={path} id={`${id}-error`} />
    </div>
  ); // prettier-ignore
}

function FieldError({ path, id }: { path: string; id?: string }): ReactNode {
  const message = use(Errors)[path];
  return message === undefined ? null : <span className="field-error" id={id}>{message}</span>; // prettier-ignore
}

function Persons({
  persons,
  onChange,
}: {
  persons: Draft['persons'];
  onChange: (persons: Draft['persons']) => void;
}): ReactNode {
  const { t } = useTranslation();
  const change = (place: number, part: Partial<Draft['persons'][number]>): void => {
    onChange(persons.map((person, at) => (at === place ? { ...person, ...part } : person)));
  };
  return (
    <fieldset>
      <legend>{t('ticket.persons')}</legend>
      {persons.map((person, place) => (
        <div key={person.key} className="person">
          <Text name="personName" path={`persons.${place}.name`} value={person.name} onChange={(name) => { change(place, { name }); }} />
          <Text name="identity" path={`persons.${place}.identity`} value={person.identity} onChange={(identity) => { change(place, { identity }); }} />
          <label className="field">
            {t('ticket.party')}
            <select value={person.party} onChange={(event) => { change(place, { party: event.target.value === 'employee' ? 'employee' : 'third-party' }); }}>
              <option value="employee">{t('ticket.employee')}</option>
              <option value="third-party">{t('ticket.third-party')}</option>
            </select>
          </label>
          <button type="button" className="button button--plain" disabled={persons.length === 1} aria-label={t('ticket.removePerson', { number: place + 1 })} onClick={() => { onChange(persons.filter((_, at) => at !== place)); }}>
            <X aria-hidden="true" />
          </button>
        </div>
      ))}
      <button type="button" className="button" onClick={() => { onChange(withPerson(persons)); }}>
        <Plus aria-hidden="true" size="1.2em" /> {t('ticket.addPerson')}
      </button>
      <FieldError path="persons" />
    </fieldset>
  ); // prettier-ignore
}
