import type { ReactNode } from 'react';

/** The sites in a `select`, by name. */
export function SiteOptions({
  sites,
}: {
  sites: readonly { readonly id: string; readonly name: string }[];
}): ReactNode {
  return sites.map(({ id, name }) => (
    <option key={id} value={id}>
      {name}
    </option>
  ));
}
