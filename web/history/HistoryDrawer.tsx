import type { ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import { lazyPart } from '../app/lazy-page.tsx';
import { PageBoundary } from '../app/PageBoundary.tsx';

// The chart's library is fetched when the first history is opened.
const Drawer = lazyPart(() => import('./Drawer.tsx'), 'Drawer');

/** The history of the point in `?titik=`, beside the page it was opened from. */
export function HistoryDrawer(): ReactNode {
  const [search] = useSearchParams();
  const id = search.get('titik');
  if (id === null || id === '') return null;
  return (
    <PageBoundary key={id}>
      <Drawer id={id} />
    </PageBoundary>
  );
}
