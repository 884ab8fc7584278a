import { useEffect, useState, Suspense, type ReactNode } from 'react';
import { Search } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { lazyPart } from '../app/lazy-page.tsx';

// Fetched when it is first opened.
const Finder = lazyPart(() => import('./Finder.tsx'), 'Finder');

/** One search for anything: Ctrl+K (⌘K) on every page, and a button. */
export function Palette(): ReactNode {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const toggle = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      setOpen((was) => !was);
    };
    document.addEventListener('keydown', toggle);
    return () => {
      document.removeEventListener('keydown', toggle);
    };
  }, []);
  return (
    <>
      <button
        type="button"
        className="menu-button"
        aria-label={t('palette.open')}
        title={`${t('palette.open')} (Ctrl+K)`}
        onClick={() => {
          setOpen(true);
        }}
      >
        <Search aria-hidden="true" />
      </button>
      {open ? (
        <Suspense>
          <Finder
            onClose={() => {
              setOpen(false);
            }}
          />
        </Suspense>
      ) : null}
    </>
  );
}
