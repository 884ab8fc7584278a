import { ChevronDown, Languages, LogOut, Menu as MenuIcon, Moon, Sun } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink, useLocation } from 'react-router';
import { useHealth, useSites } from '../api/queries.ts';
import { menuFor, type MenuGroup } from '../app/pages.ts';
import { useHolds, useSession } from '../app/session.tsx';
import { changeLanguage, type Language } from '../i18n/index.ts';
import { useThemeChoice } from '../theme/theme.tsx';
import { Name } from './Name.tsx';
import './menu.css';

/** Navigation and sign-out, behind one small button. */
export function Menu(): ReactNode {
  const { t } = useTranslation();
  const language = useLanguageSwitch();
  const { now, signOut } = useSession();
  const { theme, change } = useThemeChoice();
  const sites = useSites().data ?? [];
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className="menu-button" aria-label={t('menu.label')}>
        <MenuIcon aria-hidden="true" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu-list" align="end" sideOffset={6}>
          <PageItem to="/" text={t('page.wall')} end />
          {sites.map((site) => (
            <PageItem key={site.id} to={`/situs/${site.id}`} text={site.name} />
          ))}
          {useGroups().map(({ group, pages }) => (
            <DropdownMenu.Group key={group} className="menu-group">
              <DropdownMenu.Label className="menu-name">{t(`menu.${group}`)}</DropdownMenu.Label>
              {pages.map(({ to, text, end }) => (
                <PageItem key={to} to={to} text={t(`page.${text}`)} end={end === true} />
              ))}
            </DropdownMenu.Group>
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

function useGroups(): readonly MenuGroup[] {
  const holds = useHolds();
  return menuFor(holds, useHealth()?.field === 'simulated');
}

function PageItem({ to, text, end = false }: { to: string; text: string; end?: boolean }): ReactNode {
  return (
    <DropdownMenu.Item asChild>
      <NavLink to={to} end={end}>
        {text}
      </NavLink>
    </DropdownMenu.Item>
  );
}

/** The wall, the sites and a list per group side by side, where there is room. */
export function PageLinks(): ReactNode {
  const { t } = useTranslation();
  const sites = useSites().data ?? [];
  return (
    <>
      <NavLink to="/" end>
        {t('page.wall')}
      </NavLink>
      {sites.map((site) => (
        <NavLink key={site.id} to={`/situs/${site.id}`}>
          <Name>{site.name}</Name>
        </NavLink>
      ))}
      {useGroups().map((group) => (
        <GroupLinks key={group.group} {...group} />
      ))}
    </>
  );
}

function GroupLinks({ group, pages }: MenuGroup): ReactNode {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const current = pages.some(({ to }) => pathname === to || pathname.startsWith(`${to}/`));
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className={current ? 'menu-open active' : 'menu-open'}>
        {t(`menu.${group}`)} <ChevronDown aria-hidden="true" size="1em" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu-list" align="start" sideOffset={6}>
          {pages.map(({ to, text, end }) => (
            <PageItem key={to} to={to} text={t(`page.${text}`)} end={end === true} />
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function useLanguageSwitch() {
  const { i18n } = useTranslation();
  const other: Language = i18n.language === 'en' ? 'id' : 'en';
  return {
    other,
    text: other === 'en' ? 'English' : 'Bahasa Indonesia',
    change: () => void changeLanguage(i18n, other),
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
