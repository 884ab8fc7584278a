import type { Model } from './model.ts';
import type { Calendar } from './schema/calendar.ts';

/** Lookups that several rooms need. */

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

/** The name of a person of people.yaml; of one that is not there any more, the id. */
export function personNames(
  people: { readonly persons: readonly { readonly person: string; readonly name: string }[] } | undefined,
): (person: string) => string {
  const names = new Map((people?.persons ?? []).map(({ person, name }) => [person, name]));
  return (person) => names.get(person) ?? person;
}

/** A year without its own calendar has the working hours of the nearest one. */
export function nearestCalendar(year: number, calendars: readonly Calendar[]): Calendar | undefined {
  const distance = (calendar: Calendar): number => Math.abs(calendar.year - year);
  return [...calendars].sort((a, b) => distance(a) - distance(b))[0];
}
