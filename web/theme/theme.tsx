import { createContext, use, useLayoutEffect, useMemo, useState, type ReactNode } from 'react';

type Theme = 'dark' | 'light';

interface ThemeChoice {
  readonly theme: Theme;
  readonly change: (theme: Theme) => void;
}

const storageKey = 'pantau.tampilan';
const ThemeContext = createContext<ThemeChoice>({ theme: 'dark', change: () => undefined });

/** Dark unless the browser remembers light: a control room is dark at night. */
export function ThemeProvider({
  storage,
  children,
}: {
  storage: Pick<Storage, 'getItem' | 'setItem'>;
  children: ReactNode;
}): ReactNode {
  const [theme, setTheme] = useState<Theme>(() => (storage.getItem(storageKey) === 'light' ? 'light' : 'dark'));
  const choice = useMemo(
    () => ({
      theme,
      change(next: Theme) {
        storage.setItem(storageKey, next);
        setTheme(next);
      },
    }),
    [storage, theme],
  );
  return <ThemeContext value={choice}>{children}</ThemeContext>;
} // prettier-ignore

export function useThemeChoice(): ThemeChoice {
  return use(ThemeContext);
}

/** Puts the theme on the document while a page is shown that follows it; paper is always light. */
export function useThemed(): void {
  const { theme } = useThemeChoice();
  useLayoutEffect(() => {
    const root = document.documentElement;
    const show = (shown: Theme): void => {
      if (shown === 'light') root.dataset['theme'] = 'light';
      else delete root.dataset['theme'];
    };
    const toPaper = (): void => {
      show('light');
    };
    const back = (): void => {
      show(theme);
    };
    back();
    window.addEventListener('beforeprint', toPaper);
    window.addEventListener('afterprint', back);
    return () => {
      window.removeEventListener('beforeprint', toPaper);
      window.removeEventListener('afterprint', back);
      show('dark');
    };
  }, [theme]);
}
