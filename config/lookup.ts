import type { Model } from './model.ts';

/** Lookups in a model that several rooms need. */

export function siteIds(model: Model): string[] {
  return model.sites.map((site) => site.id);
}

/** Ids to compare a wrong point id with. All 30,000 would take long; a slip is nearly always behind the owner. */
export function siblings(model: Model, pointId: string): string[] {
  const [site, owner] = pointId.split('/');
  return model.points
    .filter((point) => point.site === site && point.owner.id === owner)
    .map((point) => point.id);
}
