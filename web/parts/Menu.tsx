import { Languages, LogOut, Menu as MenuIcon, Moon, Sun } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';
import { useHealth, useSites } from '../api/queries.ts';
import { useSession } from '../app/session.tsx';
import { useThemeChoice } from '../theme/theme.tsx';
import './menu.css';

/** Navigation and sign-out, behind one small button. */
export function Menu(): ReactNode {
  const { t } = useTranslation();
  const language = useLanguageSwitch();
  const { now, signOut } = useSession();
  const { theme, change } = useThemeChoice();
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className="menu-button" aria-label={t('menu.label')}>
        <MenuIcon aria-hidden="true" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu-list" align="end" sideOffset={6}>
          {usePages().map(({ to, text, end }) => (
            <DropdownMenu.Item key={to} asChild>
              <NavLink to={to} end={end}>
                {text}
              </NavLink>
            </DropdownMenu.Item>
          ))}
          <DropdownMenu.Separator className="menu-line" />
          <DropdownMenu.Item lang={language.other} data-testid="language" onSelect={language.change}>
            <Languages aria-hidden="true" size="1.2em" />
            {language.text}
          </DropdownMenu.Item>
          <DropdownMenu.Item
            data-testid="theme"
            onSelect={() => {
              change(theme === 'light' ? 'dark' : 'light');
            }}
          >
            {theme === 'light' ? (
              <Moon aria-hidden="true" size="1.2em" />
            ) : (
              <Sun aria-hidden="true" size="1.2em" />
            )}
            {t(theme === 'light' ? 'menu.dark' : 'menu.light')}
          </DropdownMenu.Item>
          <DropdownMenu.Item onSelect={() => void signOut()}>
            <LogOut aria-hidden="true" size="1.2em" />
            {t('menu.signOut', { user: now.user?.user ?? '' })}
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

interface PageLink {
  readonly to: string;
  readonly text: string;
  /** Current only at exactly this path. */
  readonly end: boolean;
}

/** All pages; drills only while the field is simulated. */
function usePages(): readonly PageLink[] {
  const { t } = useTranslation();
  const sites = useSites().data ?? [];
  const simulated = useHealth()?.field === 'simulated';
  return [
    { to: '/', text: t('page.wall'), end: true },
    ...sites.map((site) => ({ to: `/situs/${site.id}`, text: site.name, end: false })),
    { to: '/gangguan', text: t('page.incidents'), end: false },
    { to: '/alarm', text: t('page.alarms'), end: true },
    { to: '/alarm/kinerja', text: t('page.alarmFigures'), end: false },
    { to: '/tren', text: t('page.trends'), end: false },
    { to: '/akses', text: t('page.access'), end: false },
    { to: '/piket', text: t('page.roster'), end: false },
    { to: '/serah-terima', text: t('page.handover'), end: false },
    { to: '/perangkat', text: t('page.devices'), end: false },
    ...(simulated ? [{ to: '/latihan', text: t('page.drills'), end: false }] : []),
  ];
}

/** The same links side by side, where there is room. */
export function PageLinks(): ReactNode {
  return usePages().map(({ to, text, end }) => (
    <NavLink key={to} to={to} end={end}>
      {text}
    </NavLink>
  ));
}

function useLanguageSwitch() {
  const { i18n } = useTranslation();
  const other = i18n.language === 'en' ? 'id' : 'en';
  return {
    other,
    text: other === 'en' ? 'English' : 'Bahasa Indonesia',
    change: () => void i18n.changeLanguage(other),
  };
}

export function LanguageSwitch(): ReactNode {
  const { other, text, change } = useLanguageSwitch();
  return (
    <button
      type="button"
      className="button button--plain"
      lang={other}
      data-testid="language"
      onClick={change}
    >
      <Languages aria-hidden="true" size="1.2em" />
      {text}
    </button>
  );
}
