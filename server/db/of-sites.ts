import { sql, type RawBuilder } from 'kysely';
import type { SiteFilter } from '../../core/site-filter.ts';

/**
 * The condition that a row is of these sites. Several are compared as an expression, which no index has: with an index on the site
 * SQLite would sort all their rows, while a page is read from the index of its order and passes by a part of the rows at most.
 */
export function ofSites(filter: SiteFilter): RawBuilder<boolean> {
  const [only, ...others] = typeof filter === 'string' ? [filter] : filter;
  const site = sql.ref('site');
  if (only === undefined) return sql<boolean>`1 = 0`;
  if (others.length === 0) return sql<boolean>`${site} = ${only}`;
  return sql<boolean>`${site} || '' in (${sql.join([only, ...others])})`;
}
