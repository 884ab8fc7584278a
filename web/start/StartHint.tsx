import { X } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useSession } from '../app/session.tsx';
import './start.css';

const storageKey = 'pantau.mulai';

/** For a person's first visit, until it is closed in this browser; a wall has nobody to read it. */
export function StartHint(): ReactNode {
  const { t } = useTranslation();
  const role = useSession().now.user?.role;
  const [seen, setSeen] = useState(() => localStorage.getItem(storageKey) !== null);
  if (seen || role === undefined || role === 'wall') return null;
  return (
    <aside className="start-hint" aria-label={t('page.start')}>
      <span>{t('start.hint')}</span>
      <Link to="/mulai">{t('page.start')}</Link>
      <button
        type="button"
        className="button button--plain"
        aria-label={t('start.close')}
        onClick={() => {
          localStorage.setItem(storageKey, '1');
          setSeen(true);
        }}
      >
        <X aria-hidden="true" size="1.2em" />
      </button>
    </aside>
  );
}
