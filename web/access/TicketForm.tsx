import { zodResolver } from '@hookform/resolvers/zod';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Plus, X } from 'lucide-react';
import { useEffect, useId, useState, type ReactNode } from 'react';
import {
  FormProvider,
  useFieldArray,
  useForm,
  useFormContext,
  useWatch,
  type FieldPath,
} from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { useMay } from '../app/session.tsx';
import { useTitle } from '../app/title.ts';
import { useNavigate, useSearchParams } from 'react-router';
import type { AccessFieldView, SiteView } from '../../server/contracts/sites.ts';
import { seriesView, type SeriesView } from '../../server/contracts/ticket-series.ts';
import { ticketView, type TicketInput, type TicketView } from '../../server/contracts/tickets.ts';
import { ApiError } from '../api/client.ts';
import { useApi, useSites } from '../api/queries.ts';
import { useLabel } from '../format/FormatContext.tsx';
import { draftIn } from '../app/draft.ts';
import { useLive } from '../live/hooks.tsx';
import { FieldError } from '../parts/FieldError.tsx';
import {
  draftSchema,
  emptyPerson,
  fieldPath,
  keptDraft,
  newDraft,
  typedFields,
  type Draft,
} from './draft.ts';
import { refusalText } from './refusal.ts';
import { seriesKey } from './queries.ts';
import { RepeatFields } from './RepeatFields.tsx';
import { noRepeat, repetitionOf, type RepeatDraft } from './repetition.ts';
import { WorkFields } from './WorkFields.tsx';
import { Name } from '../parts/Name.tsx';
import './access.css';

/** Request for physical access with the particulars (a)–(d) of the catalogue. */
export function TicketForm(): ReactNode {
  const { t } = useTranslation();
  useTitle(t('ticket.title'));
  const sites = useSites().data;
  const may = useMay('operator');
  if (sites === undefined) return <p className="note">{t('link.connecting')}</p>;
  if (!may) return <h1 className="note">{t('page.notAllowed')}</h1>;
  return <Form sites={sites} />;
}

function Form({ sites }: { sites: readonly SiteView[] }): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  const live = useLive();
  const api = useApi();
  const queries = useQueryClient();
  const navigate = useNavigate();
  // In the tab's own storage: it names persons, and need only outlive a sign-in.
  const [kept] = useState(() => draftIn(sessionStorage, 'tiket'));
  const [empty] = useState(() => keptDraft(kept.read()) ?? newDraft(sites[0]?.id ?? '', live.now()));
  const form = useForm<Draft, unknown, TicketInput>({
    resolver: zodResolver(draftSchema),
    defaultValues: empty,
  });
  const { register, handleSubmit, setError, setValue, control, formState } = form;
  const [search] = useSearchParams();
  const [repeat, setRepeat] = useState<RepeatDraft>(
    search.get('berkala') === '1' ? { ...noRepeat, every: 'week' } : noRepeat,
  );
  const chosen = useWatch({ control, name: 'site' });
  useEffect(
    () =>
      form.subscribe({
        formState: { values: true },
        callback: ({ values }) => {
          kept.write(JSON.stringify(values));
        },
      }),
    [form, kept],
  );
  const site = sites.find((one) => one.id === chosen);
  const send = useMutation({
    mutationFn: (input: TicketInput): Promise<TicketView | SeriesView> => {
      const body = { ...input, fields: typedFields(input.fields, site?.access?.fields ?? []) };
      const repetition = repetitionOf(repeat);
      if (repetition === undefined) return api.send('POST', 'tickets', { body, schema: ticketView });
      return api.send('POST', 'ticket-series', { body: { first: body, repetition }, schema: seriesView });
    },
    onSuccess: (made) => {
      kept.write('');
      void queries.invalidateQueries({ queryKey: ['tickets'] });
      if ('repetition' in made) void queries.invalidateQueries({ queryKey: seriesKey });
      void navigate('repetition' in made ? '/akses/berkala' : `/akses/${made.id}`);
    },
    onError: (error) => {
      for (const { path, code = 'server' } of (error instanceof ApiError
        ? error.problem?.errors
        : undefined) ?? []) {
        const field = formField(fieldPath(path));
        if (field !== undefined) setError(field, { type: code });
      }
    },
  });
  const mistaken = Object.keys(formState.errors).length > 0;
  return (
    <FormProvider {...form}>
      <form className="ticket-form" noValidate onSubmit={(event) => void handleSubmit((input) => { send.mutate(input); })(event)}>
        <h1>{t('ticket.title')}</h1>
        <label className="field">
          {t('ticket.site')}
          <select {...register('site', { onChange: () => { setValue('rooms', []); setValue('takesOut', []); } })}>
            {sites.map((one) => <option key={one.id} value={one.id}>{one.name} – {one.building}</option>)}
          </select>
        </label>
        <fieldset aria-describedby="ticket-rooms">
          <legend>{t('ticket.rooms')}</legend>
          <div className="checks">
            {site?.rooms.map((room) => (
              <label key={`${site.id}/${room.id}`}>
                <input type="checkbox" value={room.id} {...register('rooms')} />
                <Name>{label(room.name)}</Name>
              </label>
            ))}
          </div>
          <small>{t('ticket.roomsHint')}</small>
          <FieldError path="rooms" error={formState.errors.rooms} id="ticket-rooms" />
        </fieldset>
        <Text name="unit" />
        <div className="pair">
          <Text name="pic" />
          <Text name="picEmail" type="email" />
        </div>
        <label className="check">
          <input type="checkbox" {...register('accompanied')} />
          {t('ticket.accompanied')}
        </label>
        <FieldError path="accompanied" error={formState.errors.accompanied} />
        <Persons />
        <Text name="activity" long />
        <div className="pair">
          <Text name="from" type="datetime-local" />
          <Text name="to" type="datetime-local" />
        </div>
        <RepeatFields draft={repeat} onChange={setRepeat} />
        <Text name="superiorEmail" type="email" />
        <WorkFields site={site} />
        {site?.access?.fields.map((field) => <SiteField key={`${site.id}/${field.key}`} field={field} />)}
        {mistaken || send.isError ? (
          <p className="field-error" role="alert">
            {mistaken ? t('ticket.rejected') : send.error === null ? '' : refusalText(send.error, t)}
          </p>
        ) : null}
        <button type="submit" className="button button--strong" disabled={send.isPending}>
          {t('ticket.submit')}
        </button>
      </form>
    </FormProvider>
  ); // prettier-ignore
}

const fields = ['site', 'rooms', 'accompanied', 'unit', 'pic', 'picEmail', 'persons', 'activity', 'from', 'to', 'superiorEmail'] as const; // prettier-ignore
/** The form's field that a finding of the server is about; a room of the list is the list. */
function formField(path: string): FieldPath<Draft> | undefined {
  const person = /^persons\.(\d+)\.(name|identity)$/.exec(path);
  if (person?.[2] === 'name') return `persons.${Number(person[1])}.name`;
  if (person !== null) return `persons.${Number(person[1])}.identity`;
  const own = /^fields\.(.+)$/.exec(path)?.[1];
  if (own !== undefined) return `fields.${own}`;
  const [name] = path.split('.');
  return fields.find((field) => field === name);
}

/** A field that the site asks for beside the catalogue. */
function SiteField({ field }: { field: AccessFieldView }): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  const id = useId();
  const { register, getFieldState, formState } = useFormContext<Draft>();
  const name = `fields.${field.key}` as const;
  const { error } = getFieldState(name, formState);
  const shared = {
    id,
    required: field.required,
    'aria-invalid': error !== undefined,
    'aria-describedby': `${id}-error`,
  };
  return (
    <div className="field">
      <label htmlFor={id}><Name>{label(field.label)}</Name>{field.required ? '' : ` (${t('access.optional')})`}</label>
      {field.kind === 'choice' ? (
        <select {...shared} {...register(name)}>
          <option value="">–</option>
          {field.choices.map(({ choice, name: text }) => <option key={choice} value={choice}>{label(text)}</option>)}
        </select>
      ) : (
        <input inputMode={field.kind === 'number' ? 'decimal' : 'text'} {...shared} {...register(name)} />
      )}
      <FieldError path={name} error={error} id={`${id}-error`} />
    </div>
  ); // prettier-ignore
}

interface TextProps {
  readonly name: FieldPath<Draft>;
  /** Key of its label, when that is not its name. */
  readonly text?: string;
  readonly type?: 'text' | 'email' | 'datetime-local';
  readonly long?: boolean;
}

function Text({ name, text = name, type = 'text', long = false }: TextProps): ReactNode {
  const { t } = useTranslation();
  const id = useId();
  const { register, getFieldState, formState } = useFormContext<Draft>();
  const { error } = getFieldState(name, formState);
  const shared = { id, 'aria-invalid': error !== undefined, 'aria-describedby': `${id}-error` };
  return (
    <div className="field">
      <label htmlFor={id}>{t(`ticket.${text}`)}</label>
      {long ? <textarea rows={3} {...shared} {...register(name)} /> : <input type={type} {...shared} {...register(name)} />}
      <FieldError path={name} error={error} id={`${id}-error`} />
    </div>
  ); // prettier-ignore
}

function Persons(): ReactNode {
  const { t } = useTranslation();
  const { control, register, formState } = useFormContext<Draft>();
  const persons = useFieldArray({ control, name: 'persons' });
  return (
    <fieldset>
      <legend>{t('ticket.persons')}</legend>
      {persons.fields.map((person, place) => (
        <div key={person.id} className="person">
          <Text name={`persons.${place}.name`} text="personName" />
          <Text name={`persons.${place}.identity`} text="identity" />
          <label className="field">
            {t('ticket.party')}
            <select {...register(`persons.${place}.party`)}>
              <option value="employee">{t('ticket.employee')}</option>
              <option value="third-party">{t('ticket.third-party')}</option>
            </select>
          </label>
          <button type="button" className="button button--plain" disabled={persons.fields.length === 1} aria-label={t('ticket.removePerson', { number: place + 1 })} onClick={() => { persons.remove(place); }}>
            <X aria-hidden="true" />
          </button>
        </div>
      ))}
      <button type="button" className="button" onClick={() => { persons.append(emptyPerson); }}>
        <Plus aria-hidden="true" size="1.2em" /> {t('ticket.addPerson')}
      </button>
      <FieldError path="persons" error={formState.errors.persons?.root} />
    </fieldset>
  ); // prettier-ignore
}
