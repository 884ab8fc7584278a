import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';
import { useMay } from '../app/session.tsx';

/** The pages of physical access. */
export function AccessNav(): ReactNode {
  const { t } = useTranslation();
  const isOperator = useMay('operator');
  const pages = [
    { to: '/akses', text: 'accessNav.tickets', shown: true },
    { to: '/akses/kalender', text: 'accessNav.calendar', shown: true },
    { to: '/akses/berkala', text: 'accessNav.series', shown: true },
    { to: '/akses/log', text: 'accessNav.log', shown: isOperator },
    { to: '/akses/impor', text: 'accessNav.import', shown: isOperator },
  ];
  return (
    <nav className="access-nav" aria-label={t('accessNav.label')}>
      {pages
        .filter(({ shown }) => shown)
        .map(({ to, text }) => (
          <NavLink key={to} to={to} end>
            {t(text)}
          </NavLink>
        ))}
    </nav>
  );
}
