/** What a list is narrowed to: one site, or several. */
export type SiteFilter = string | readonly string[];

/** Undefined does not narrow. */
export function isOfSites(filter: SiteFilter | undefined, site: string): boolean {
  if (filter === undefined) return true;
  return typeof filter === 'string' ? filter === site : filter.includes(site);
}
