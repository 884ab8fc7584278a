import type { ReactNode } from 'react';

/**
 * What people typed or the configuration calls a thing: a name, a place, a sentence of somebody's own. Isolated, so that one
 * that is written from right to left does not turn the words beside it.
 */
export function Name({ children }: { children: ReactNode }): ReactNode {
  return <bdi>{children}</bdi>;
}
