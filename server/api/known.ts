import { siteIds } from '../../config/lookup.ts';
import { unknownName } from '../../core/names.ts';
import type { Model } from '../../config/model.ts';
import { badInput, notFound } from '../http/problem.ts';
import { z } from 'zod';
import type { SiteFilter } from '../../core/site-filter.ts';

/** A filter that names nothing is a slip of the pen, not an empty list. */
export function checkFilter(
  name: string | undefined,
  { path, kind, known }: { path: string; kind: string; known: () => Iterable<string> },
): void {
  if (name === undefined) return;
  const names = new Set(known());
  if (!names.has(name)) throw badInput(path, unknownName(kind, name, names));
}

/** `?site=dc`, or several: `?site=dc,drc`. */
export const sitesQuery = z
  .string()
  .min(1)
  .max(400)
  .describe('A site, or several divided by commas')
  .transform((text): readonly string[] => text.split(','))
  .optional();

export function checkSiteFilter(filter: SiteFilter | undefined, model: Model): void {
  for (const site of filter === undefined ? [] : [filter].flat())
    checkFilter(site, { path: 'query.site', kind: 'site', known: () => siteIds(model) });
}

/** 404 with the nearest name. */
export function unknown(kind: string, name: string, known: Iterable<string>): Error {
  return notFound(unknownName(kind, name, known));
}
