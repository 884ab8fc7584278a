import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { page, role as roleSchema, roles, type Role } from '../../server/contracts/common.ts';
import { userPasswordView, userView, type UserView } from '../../server/contracts/users.ts';
import { useApi } from '../api/queries.ts';
import { useMay, useSession } from '../app/session.tsx';
import { useTitle } from '../app/title.ts';
import { useFormat } from '../format/FormatContext.tsx';
import { Failed } from '../parts/Failed.tsx';
import { Name } from '../parts/Name.tsx';
import { SiteChoices, SiteLimit, useLimitText, type Limit } from './SiteLimit.tsx';
import './users.css';

const usersKey = ['users'] as const;

/** Who may sign in, and as what. Managers see it, administrators change it. */
export function UsersPage(): ReactNode {
  const { t } = useTranslation();
  useTitle(t('page.users'));
  const api = useApi();
  const may = useMay('admin');
  const users = useQuery({
    queryKey: usersKey,
    queryFn: async () => (await api.get('users?limit=500', page(userView))).items,
  });
  return (
    <div className="users">
      <header className="page-head">
        <h1>{t('page.users')}</h1>
      </header>
      <Failed error={users.error} />
      {may ? <NewUser /> : null}
      <section className="panel">
        <table className="table table--stacked" data-testid="users">
          <thead>
            <tr>
              <th scope="col">{t('users.name')}</th>
              <th scope="col">{t('users.role')}</th>
              <th scope="col">{t('users.sites')}</th>
              <th scope="col">{t('users.created')}</th>
              <th scope="col">{t('users.state')}</th>
              {may ? <th scope="col">{t('users.actions')}</th> : null}
            </tr>
          </thead>
          <tbody>
            {users.data?.map((user) => (
              <UserRow key={user.name} user={user} />
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}

function UserRow({ user }: { user: UserView }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const may = useMay('admin');
  const limitText = useLimitText();
  const own = useSession().now.user?.user === user.name;
  const { change, password, error } = useChanges(user.name);
  const closed = user.disabledAt !== null;
  return (
    <tr className={closed ? 'user--closed' : ''}>
      <th scope="row">
        <Name>{user.name}</Name>
      </th>
      <td data-label={t('users.role')}>
        {may ? (
          <RoleSelect
            label={t('users.roleOf', { name: user.name })}
            value={user.role}
            onChange={(role) => {
              change('role', { role });
            }}
          />
        ) : (
          t(`role.${user.role}`)
        )}
      </td>
      <td data-label={t('users.sites')}>
        {may && user.role !== 'admin' ? (
          <SiteLimit
            label={t('users.sitesOf', { name: user.name })}
            value={user.sites}
            onChange={(sites) => {
              change('sites', { sites });
            }}
          />
        ) : (
          <Name>{limitText(user.sites)}</Name>
        )}
      </td>
      <td data-label={t('users.created')}>{format.moment(Date.parse(user.createdAt))}</td>
      <td data-label={t('users.state')}>
        {user.disabledAt === null
          ? t('users.open')
          : t('users.closedAt', { time: format.moment(Date.parse(user.disabledAt)) })}
      </td>
      {may ? (
        <td data-label={t('users.actions')}>
          <span className="users-actions">
            <Confirmed
              text={t('users.newPassword')}
              question={t('users.newPasswordSure', { name: user.name })}
              onConfirm={() => {
                change('password');
              }}
            />
            {own ? null : closed ? (
              <button
                type="button"
                className="button"
                onClick={() => {
                  change('enable');
                }}
              >
                {t('users.reopen')}
              </button>
            ) : (
              <Confirmed
                text={t('users.close')}
                question={t('users.closeSure', { name: user.name })}
                onConfirm={() => {
                  change('disable');
                }}
              />
            )}
          </span>
          <Failed error={error} />
          {password === undefined ? null : <Password name={user.name} password={password} />}
        </td>
      ) : null}
    </tr>
  );
}

type Change = 'role' | 'sites' | 'password' | 'disable' | 'enable';
type Body = { readonly role: Role } | { readonly sites: Limit };

function useChanges(name: string) {
  const api = useApi();
  const queries = useQueryClient();
  const mutation = useMutation({
    mutationFn: async ({ what, body }: { what: Change; body?: Body }) => {
      const path = `users/${encodeURIComponent(name)}/${what}`;
      if (what === 'password') return (await api.send('POST', path, { schema: userPasswordView })).password;
      await api.send('POST', path, { ...(body === undefined ? {} : { body }), schema: userView });
      return undefined;
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: usersKey }),
  });
  return {
    password: mutation.data,
    error: mutation.error,
    change: (what: Change, body?: Body) => {
      mutation.mutate({ what, ...(body === undefined ? {} : { body }) });
    },
  };
}

/** What cannot be taken back needs a second touch on the same place. */
function Confirmed(props: { text: string; question: string; onConfirm: () => void }): ReactNode {
  const { t } = useTranslation();
  const [asked, setAsked] = useState(false);
  const { text, question, onConfirm } = props;
  if (!asked)
    return (
      <button type="button" className="button" onClick={() => { setAsked(true); }}>
        {text}
      </button>
    ); // prettier-ignore
  return (
    <span className="users-sure">
      {question}
      <button
        type="button"
        className="button button--strong"
        onClick={() => {
          setAsked(false);
          onConfirm();
        }}
      >
        {text}
      </button>
      <button type="button" className="button button--plain" onClick={() => { setAsked(false); }}>
        {t('users.cancel')}
      </button>
    </span>
  ); // prettier-ignore
}

function Password({ name, password }: { name: string; password: string }): ReactNode {
  const { t } = useTranslation();
  return (
    <output className="users-password">
      {t('users.passwordOnce', { name })} <code>{password}</code>
    </output>
  );
}

function NewUser(): ReactNode {
  const { t } = useTranslation();
  const api = useApi();
  const queries = useQueryClient();
  const [role, setRole] = useState<Role>('viewer');
  const [sites, setSites] = useState<Limit>(null);
  const make = useMutation({
    mutationFn: (name: string) =>
      api.send('POST', 'users', {
        body: { name, role, sites: role === 'admin' ? null : sites },
        schema: userPasswordView,
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: usersKey }),
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const name = new FormData(event.currentTarget).get('name');
    if (typeof name === 'string') make.mutate(name.trim().toLowerCase());
  };
  return (
    <form className="panel users-new" onSubmit={submit}>
      <h2>{t('users.new')}</h2>
      <label className="field">
        {t('users.name')}
        <input name="name" required maxLength={64} autoComplete="off" pattern="[A-Za-z0-9][A-Za-z0-9._@\-]*" title={t('users.nameRule')} />
      </label>
      <div className="field">
        <span aria-hidden="true">{t('users.role')}</span>
        <RoleSelect label={t('users.role')} value={role} onChange={setRole} />
      </div>
      {role === 'admin' ? null : <SiteChoices label={t('users.sites')} value={sites} onChange={setSites} />}
      <button type="submit" className="button button--strong" disabled={make.isPending || sites?.length === 0}>
        {t('users.make')}
      </button>
      <Failed error={make.error} />
      {make.data === undefined ? null : <Password name={make.data.user.name} password={make.data.password} />}
    </form>
  ); // prettier-ignore
}

function RoleSelect(props: { label: string; value: Role; onChange: (role: Role) => void }): ReactNode {
  const { t } = useTranslation();
  return (
    <select
      className="input"
      aria-label={props.label}
      value={props.value}
      onChange={(event) => {
        props.onChange(roleSchema.parse(event.target.value));
      }}
    >
      {roles.map((one) => (
        <option key={one} value={one}>
          {t(`role.${one}`)}
        </option>
      ))}
    </select>
  );
}
