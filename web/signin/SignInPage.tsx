import { zodResolver } from '@hookform/resolvers/zod';
import { useEffect, useState, type ReactNode } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { sessionInput } from '../../server/contracts/system.ts';
import { ApiError } from '../api/client.ts';
import { useSession } from '../app/session.tsx';
import { useTitle } from '../app/title.ts';
import { FieldError } from '../parts/FieldError.tsx';
import { LanguageSwitch } from '../parts/Menu.tsx';
import { useThemed } from '../theme/theme.tsx';
import './signin.css';

export function SignInPage(): ReactNode {
  const { t } = useTranslation();
  const { signIn } = useSession();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const { register, handleSubmit, setFocus, formState } = useForm({
    resolver: zodResolver(sessionInput),
    defaultValues: { user: '', password: '' },
  });
  const { errors, isSubmitting } = formState;
  const [refused, setRefused] = useState<string | null>(null);
  useEffect(() => {
    setFocus('user');
  }, [setFocus]);
  useTitle(t('signin.title'));
  useThemed();

  const submit = handleSubmit(async ({ user, password }) => {
    try {
      await signIn(user, password);
      void navigate(inside(search.get('ke')), { replace: true });
    } catch (error) {
      setRefused(reason(error));
    }
  });
  return (
    <main className="signin">
      <form className="signin-form panel" noValidate onSubmit={(event) => void submit(event)}>
        <h1>Pantau DC</h1>
        <p>{t('signin.subtitle')}</p>
        <label className="field">
          {t('signin.user')}
          <input autoComplete="username" aria-invalid={errors.user !== undefined} {...register('user')} />
          <FieldError path="user" error={errors.user} />
        </label>
        <label className="field">
          {t('signin.password')}
          <input
            type="password"
            autoComplete="current-password"
            aria-invalid={errors.password !== undefined}
            {...register('password')}
          />
          <FieldError path="password" error={errors.password} />
        </label>
        {refused === null ? null : (
          <p className="field-error" role="alert">
            {t(refused)}
          </p>
        )}
        <button type="submit" className="button button--strong" disabled={isSubmitting}>
          {t('signin.submit')}
        </button>
      </form>
      <LanguageSwitch />
    </main>
  );
}

/** Only a path of this site: a crafted link must not redirect elsewhere after the sign-in. */
function inside(path: string | null): string {
  return path !== null && /^\/(?![/\\])/.test(path) ? path : '/';
}

function reason(error: unknown): string {
  if (!(error instanceof ApiError) || error.status === 0) return 'signin.unreachable';
  return error.status === 429 ? 'signin.tooMany' : 'signin.wrong';
}
