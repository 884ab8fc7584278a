import { useEffect } from 'react';
import type { IncidentSummary } from '../../server/contracts/incidents.ts';
import { marked, plainIcon, tabOf } from './tab.ts';

/** Shows in the browser's tab how many wait to be acknowledged, before the name that each page gives it. */
export function useTab(incidents: readonly IncidentSummary[]): void {
  const { mark, icon } = tabOf(incidents);
  useEffect(() => {
    const apply = (text: string): void => {
      const title = marked(document.title, text);
      if (title !== document.title) document.title = title;
    };
    apply(mark);
    const element = document.querySelector('title');
    const observer = new MutationObserver(() => {
      apply(mark);
    });
    if (element !== null) observer.observe(element, { childList: true });
    return () => {
      observer.disconnect();
      apply('');
    };
  }, [mark]);
  useEffect(() => {
    const link = document.querySelector('link[rel="icon"]');
    link?.setAttribute('href', icon);
    return () => link?.setAttribute('href', plainIcon);
  }, [icon]);
}
