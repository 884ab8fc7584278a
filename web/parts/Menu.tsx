import { Languages, LogOut, Menu as MenuIcon } from 'lucide-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink, useLocation } from 'react-router';
import { useHealth, useSites } from '../api/queries.ts';
import { useSession } from '../app/session.tsx';
import './menu.css';

/** Everything that is not the picture, behind one small button; shut again on every new page. */
export function Menu(): ReactNode {
  return <Fold key={useLocation().pathname} />;
}

function Fold(): ReactNode {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return undefined;
    const shut = (event: MouseEvent | KeyboardEvent): void => {
      const outside = event instanceof MouseEvent && event.target instanceof Node && root.current?.contains(event.target) === false; // prettier-ignore
      if (outside || (event instanceof KeyboardEvent && event.key === 'Escape')) setOpen(false);
    };
    document.addEventListener('mousedown', shut);
    document.addEventListener('keydown', shut);
    return () => {
      document.removeEventListener('mousedown', shut);
      document.removeEventListener('keydown', shut);
    };
  }, [open]);
  return (
    <div className="menu" ref={root}>
      <button
        type="button"
        className="menu-button"
        aria-expanded={open}
        aria-label={t('menu.label')}
        onClick={() => {
          setOpen(!open);
        }}
      >
        <MenuIcon aria-hidden="true" />
      </button>
      {open ? (
        <nav className="menu-list" aria-label={t('menu.label')}>
          <PageLinks />
          <hr />
          <LanguageSwitch />
          <SignOut />
        </nav>
      ) : null}
    </div>
  );
}

/** Links to every page; drills only while there is nothing real to disturb. */
export function PageLinks(): ReactNode {
  const { t } = useTranslation();
  const sites = useSites().data ?? [];
  const simulated = useHealth()?.field === 'simulated';
  return (
    <>
      <NavLink to="/" end>{t('page.wall')}</NavLink>
      {sites.map((site) => (
        <NavLink key={site.id} to={`/situs/${site.id}`}>{site.name}</NavLink>
      ))}
      <NavLink to="/gangguan">{t('page.incidents')}</NavLink>
      <NavLink to="/akses">{t('page.access')}</NavLink>
      <NavLink to="/perangkat">{t('page.devices')}</NavLink>
      {simulated ? <NavLink to="/latihan">{t('page.drills')}</NavLink> : null}
    </>
  ); // prettier-ignore
}

export function LanguageSwitch(): ReactNode {
  const { i18n } = useTranslation();
  const other = i18n.language === 'en' ? 'id' : 'en';
  return (
    <button
      type="button"
      className="button button--plain"
      lang={other}
      data-testid="language"
      onClick={() => void i18n.changeLanguage(other)}
    >
      <Languages aria-hidden="true" size="1.2em" />
      {other === 'en' ? 'English' : 'Bahasa Indonesia'}
    </button>
  );
}

function SignOut(): ReactNode {
  const { t } = useTranslation();
  const { now, signOut } = useSession();
  return (
    <button type="button" className="button button--plain" onClick={() => void signOut()}>
      <LogOut aria-hidden="true" size="1.2em" />
      {t('menu.signOut', { user: now.user?.user ?? '' })}
    </button>
  );
}
