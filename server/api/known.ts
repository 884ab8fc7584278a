import { siteIds } from '../../config/lookup.ts';
import { unknownName } from '../../core/names.ts';
import type { Model } from '../../config/model.ts';
import { badInput, notFound } from '../http/problem.ts';

/** A filter that names nothing is a slip of the pen, not an empty list. */
export function checkFilter(
  name: string | undefined,
  { path, kind, known }: { path: string; kind: string; known: () => Iterable<string> },
): void {
  if (name === undefined) return;
  const names = new Set(known());
  if (!names.has(name)) throw badInput(path, unknownName(kind, name, names));
}

export function checkSiteFilter(site: string | undefined, model: Model): void {
  checkFilter(site, { path: 'query.site', kind: 'site', known: () => siteIds(model) });
}

/** 404 with the nearest name. */
export function unknown(kind: string, name: string, known: Iterable<string>): Error {
  return notFound(unknownName(kind, name, known));
}
