import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { workStateText } from '../../domain/wording/alarm-figures.ts';
import { alarmWorkState, alarmWorkView, type BadActorView } from '../../server/contracts/alarm-figures.ts';
import { useApi } from '../api/queries.ts';
import { useFormat } from '../format/FormatContext.tsx';
import { onCallQuery } from '../roster/queries.ts';
import { Failed } from '../parts/Failed.tsx';
import { figuresKey } from './queries.ts';

/** Open, assigned to a person, or done with what was done; for operators. */
export function WorkForm({ actor, done }: { actor: BadActorView; done: () => void }): ReactNode {
  const { t } = useTranslation();
  const { language } = useFormat();
  const api = useApi();
  const queries = useQueryClient();
  const persons = useQuery(onCallQuery(api, null)).data?.persons ?? [];
  const [state, setState] = useState(actor.work?.state ?? 'assigned');
  const [assignee, setAssignee] = useState(actor.work?.assignee ?? '');
  const [note, setNote] = useState('');
  const save = useMutation({
    mutationFn: () =>
      api.send('POST', 'alarm-figures/work', {
        body: {
          alarm: actor.alarm,
          state,
          ...(assignee === '' ? {} : { assignee }),
          ...(note.trim() === '' ? {} : { note: note.trim() }),
        },
        schema: alarmWorkView,
      }),
    onSuccess(view) {
      queries.setQueryData(['alarm-work', actor.alarm], view);
      void queries.invalidateQueries({ queryKey: figuresKey });
      done();
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form className="alarm-work-form" onSubmit={submit}>
      <label className="field">
        {t('alarmFigures.state')}
        <select value={state} onChange={(event) => { setState(alarmWorkState.parse(event.target.value)); }}>
          {alarmWorkState.options.map((each) => (
            <option key={each} value={each}>{workStateText(each, language)}</option>
          ))}
        </select>
      </label>
      <label className="field">
        {t('alarmFigures.assignee')}
        {persons.length === 0 ? (
          <input value={assignee} maxLength={100} required={state === 'assigned'} onChange={(event) => { setAssignee(event.target.value); }} />
        ) : (
          <select value={assignee} required={state === 'assigned'} onChange={(event) => { setAssignee(event.target.value); }}>
            <option value="">–</option>
            {persons.map(({ person, name }) => (
              <option key={person} value={person}>{name}</option>
            ))}
          </select>
        )}
      </label>
      <label className="field">
        {t('alarmFigures.note')}
        <input value={note} maxLength={1_000} required={state === 'done'} onChange={(event) => { setNote(event.target.value); }} />
      </label>
      <button type="submit" className="button button--strong" disabled={save.isPending}>
        {t('alarmFigures.save')}
      </button>
      <Failed error={save.error} />
    </form>
  ); // prettier-ignore
}
