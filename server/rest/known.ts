import type { Model } from '../../config/model.ts';
import { nearestName } from '../../config/problem.ts';
import { badInput, notFound } from './problem.ts';

/** `"dcc" is no site; did you mean "dc"?` */
export function unknownName(kind: string, name: string, known: Iterable<string>): string {
  const nearest = nearestName(name, known);
  return `"${name}" is no ${kind}${nearest === undefined ? '' : `; did you mean "${nearest}"?`}`;
}

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

export function siteIds(model: Model): string[] {
  return model.sites.map((site) => site.id);
}

/** 404 with the nearest name. */
export function unknown(kind: string, name: string, known: Iterable<string>): Error {
  return notFound(unknownName(kind, name, known));
}

/** Ids to compare a wrong point id with. All 30,000 would take long; a slip is nearly always behind the owner. */
export function siblings(model: Model, pointId: string): string[] {
  const [site, owner] = pointId.split('/');
  return model.points
    .filter((point) => point.site === site && point.owner.id === owner)
    .map((point) => point.id);
}
