import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { ApiError } from '../api/client.ts';
import { useSession } from '../app/session.tsx';
import { LanguageSwitch } from '../parts/Menu.tsx';
import './signin.css';

export function SignInPage(): ReactNode {
  const { t } = useTranslation();
  const { signIn } = useSession();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const [wrong, setWrong] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  const title = t('signin.title');
  useEffect(() => {
    first.current?.focus();
    document.title = `${title} · Pantau DC`;
  }, [title]);

  async function submit(form: FormData): Promise<void> {
    setBusy(true);
    try {
      await signIn(text(form, 'user'), text(form, 'password'));
      void navigate(inside(search.get('ke')), { replace: true });
    } catch (error) {
      setWrong(reason(error));
      setBusy(false);
    }
  }
  return (
    <main className="signin">
      <form
        className="signin-form panel"
        onSubmit={(event) => {
          event.preventDefault();
          void submit(new FormData(event.currentTarget));
        }}
      >
        <h1>Pantau DC</h1>
        <p>{t('signin.subtitle')}</p>
        <label className="field">
          {t('signin.user')}
          <input name="user" autoComplete="username" ref={first} required />
        </label>
        <label className="field">
          {t('signin.password')}
          <input name="password" type="password" autoComplete="current-password" required />
        </label>
        {wrong === null ? null : (
          <p className="field-error" role="alert">
            {t(wrong)}
          </p>
        )}
        <button type="submit" className="button button--strong" disabled={busy}>
          {t('signin.submit')}
        </button>
      </form>
      <LanguageSwitch />
    </main>
  );
}

function text(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}

/** Only a path of this page: nobody is led elsewhere by a link. */
function inside(path: string | null): string {
  return path !== null && /^\/(?![/\\])/.test(path) ? path : '/';
}

function reason(error: unknown): string {
  if (!(error instanceof ApiError) || error.status === 0) return 'signin.unreachable';
  return error.status === 429 ? 'signin.tooMany' : 'signin.wrong';
}
