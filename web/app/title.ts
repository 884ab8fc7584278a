import { useEffect } from 'react';

/** What the browser's tab is called: one of many tabs must say which page it is. */
export function useTitle(text: string): void {
  useEffect(() => {
    document.title = text === '' ? 'Pantau DC' : `${text} · Pantau DC`;
    return () => {
      document.title = 'Pantau DC';
    };
  }, [text]);
}
