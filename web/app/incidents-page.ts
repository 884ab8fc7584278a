import { lazyPage } from './lazy-page.tsx';

/** What is open: every page links to it, and fetches it before somebody clicks. */
export const IncidentsPage = lazyPage(() => import('../incidents/IncidentsPage.tsx'), 'IncidentsPage');
