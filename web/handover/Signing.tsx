import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { handoverView, type HandoverView, type SignatureView } from '../../server/contracts/handover.ts';
import { useApi } from '../api/queries.ts';
import { useMay } from '../app/session.tsx';
import { useFormat } from '../format/FormatContext.tsx';
import { Failed } from '../parts/Failed.tsx';
import { Name } from '../parts/Name.tsx';

type Members = HandoverView['members'];

/** Changes the handover on the server and shows what it became. */
function useChange(id: string, action: 'note' | 'sign-out' | 'sign-in') {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Record<string, string>) =>
      api.send('POST', `shifts/${encodeURIComponent(id)}/${action}`, { body, schema: handoverView }),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['shifts'] }),
  });
}

/** What the outgoing shift adds, until it signs. */
export function Note({ handover }: { handover: HandoverView }): ReactNode {
  const { t } = useTranslation();
  const may = useMay('operator');
  const save = useChange(handover.id, 'note');
  const [text, setText] = useState(handover.note);
  const isOpen = may && handover.outgoing === null;
  return (
    <section className="panel">
      <h2>{t('handover.note')}</h2>
      {isOpen ? (
        <form
          className="handover-note"
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate({ text });
          }}
        >
          <textarea aria-label={t('handover.note')} rows={6} maxLength={10_000} value={text} onChange={(event) => { setText(event.target.value); }} />
          <button type="submit" className="button" disabled={save.isPending || text === handover.note}>{t('handover.save')}</button>
          <Failed error={save.error} />
        </form>
      ) : null}
      <p className={isOpen ? 'handover-text handover-text--printed' : 'handover-text'} dir="auto">
        <Name>{handover.note === '' ? t('handover.noNote') : handover.note}</Name>
      </p>
    </section>
  ); // prettier-ignore
}

/** First the outgoing shift, then the incoming one. */
export function Signatures({ handover }: { handover: HandoverView }): ReactNode {
  const { t } = useTranslation();
  const may = useMay('operator');
  const { outgoing, incoming, remark, members, next, state } = handover;
  return (
    <section className="panel">
      <h2>{t('handover.signatures')}</h2>
      <div className="handover-signatures">
        <div>
          <h3>{t('handover.outgoing')}</h3>
          {outgoing === null ? <p className="note">{t('handover.unsigned')}</p> : <Signature signature={outgoing} />}
          {outgoing === null && may ? <SignForm id={handover.id} action="sign-out" members={members} others={next?.members ?? []} /> : null}
        </div>
        <div>
          <h3>{t('handover.incoming')}</h3>
          {incoming === null ? <p className="note">{t('handover.unsigned')}</p> : <Signature signature={incoming} />}
          {remark === null ? null : <p className="handover-text" dir="auto">{remark}</p>}
          {state === 'awaits-incoming' && may ? <SignForm id={handover.id} action="sign-in" members={next?.members ?? []} others={members} /> : null}
        </div>
      </div>
    </section>
  ); // prettier-ignore
}

function Signature({ signature }: { signature: SignatureView }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <p>
      <b>
        <Name>{signature.name}</Name>
      </b>{' '}
      · {format.moment(Date.parse(signature.at))} WIB
      {signature.late ? <span className="handover-late"> · {t('handover.late')}</span> : null}
      {signature.ofTeam ? null : <span> · {t('handover.standIn')}</span>}
      <br />
      <small>{t('handover.account', { user: signature.user })}</small>
    </p>
  );
}

interface SignFormProps {
  readonly id: string;
  readonly action: 'sign-out' | 'sign-in';
  readonly members: Members;
  /** Who may stand in, at the end of the list. */
  readonly others: Members;
}

/** Whoever has an own account signs as that person; an account that several use says who it is. */
function SignForm({ id, action, members, others }: SignFormProps): ReactNode {
  const { t } = useTranslation();
  const sign = useChange(id, action);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const fields = [...new FormData(event.currentTarget)].flatMap(([name, value]) =>
      typeof value === 'string' && value !== '' ? [[name, value] as const] : [],
    );
    sign.mutate(Object.fromEntries(fields));
  };
  return (
    <form className="handover-sign" onSubmit={submit}>
      <label className="field">
        {t('handover.who')}
        <select name="person" defaultValue="">
          <option value="">{t('handover.me')}</option>
          {[...members, ...others].map(({ person, name }) => <option key={person} value={person}>{name}</option>)}
        </select>
      </label>
      {action === 'sign-in' ? (
        <label className="field">
          {t('handover.remark')}
          <input name="remark" maxLength={2_000} />
        </label>
      ) : null}
      <button type="submit" className="button button--strong" disabled={sign.isPending}>{t(`handover.${action}`)}</button>
      <Failed error={sign.error} />
    </form>
  ); // prettier-ignore
}
