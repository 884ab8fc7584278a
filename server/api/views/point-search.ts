import type { Model, Point } from '../../../config/model.ts';
import { namesOf } from '../../../config/names.ts';
import { alarmKey } from '../../../core/alarm-key.ts';
import type { AlarmService } from '../../alarms/service.ts';
import type { FoundPoint, PointLimit } from '../../contracts/point-search.ts';

/** Words that must all fit; each is a list of alternatives. */
export type SearchedWords = readonly (readonly string[])[];

/** `suhu|temperature hall-1` → two words, of which the first has two forms. Case does not matter. */
export function searchedWords(text: string): SearchedWords {
  return text
    .toLowerCase()
    .split(/\s+/)
    .map((word) => word.split('|').filter((form) => form !== ''))
    .filter((forms) => forms.length > 0);
}

/** Whether a point is what somebody types to find it: its id, site, room, rack, device and feed, in both languages. */
export function createPointMatcher(model: Model): (point: Point, words: SearchedWords) => boolean {
  const siteNames = new Map(model.sites.map(({ id, name }) => [id, name]));
  const rooms = new Map(model.rooms.map((room) => [room.key, room]));
  const racks = new Map(model.racks.map((rack) => [rack.key, rack]));
  const placeText = (point: Point): string => {
    const room = rooms.get(`${point.site}/${point.room ?? ''}`);
    const rack = racks.get(`${point.site}/${point.rack ?? ''}`);
    const device = model.deviceById.get(`${point.site}/${point.device ?? ''}`);
    return [
      siteNames.get(point.site), room?.id, room?.name.id, room?.name.en, rack?.label,
      device?.kind, device?.name?.id, device?.name?.en, point.feed === undefined ? '' : `feed-${point.feed}`,
    ].join(' ').toLowerCase(); // prettier-ignore
  };
  // Ten points stand in one place: its text is made once, at the first search.
  const places = new Map<string, string>();
  const textOf = (point: Point): string => {
    const key = [point.site, point.room, point.rack, point.device, point.feed].join('/');
    const known = places.get(key);
    const place = known ?? placeText(point);
    if (known === undefined) places.set(key, place);
    return `${point.id} ${place}`;
  };
  return (point, words) => {
    const text = textOf(point);
    return words.every((forms) => forms.some((form) => text.includes(form)));
  };
}

const ownerOrder = { site: 0, room: 1, device: 2, rack: 3 } as const;

/** Figures of a whole site or room before those of one rack, what is read of a machine before how it answers. */
export function byReach(a: Point, b: Point): number {
  return (
    ownerOrder[a.owner.kind] - ownerOrder[b.owner.kind] ||
    Number(isDiagnostic(a)) - Number(isDiagnostic(b)) ||
    Number(a.rack !== undefined) - Number(b.rack !== undefined) ||
    (a.part === undefined ? 0 : 1) - (b.part === undefined ? 0 : 1) ||
    a.index - b.index
  );
}

function isDiagnostic({ source: { from } }: Point): boolean {
  return from === 'diagnostics' || from === 'collector' || from === 'link';
}

/** `alarms` knows which rules are bound to the point, and how urgent each is. */
export function foundPoint(
  point: Point,
  { model, alarms }: { readonly model: Model; readonly alarms: Pick<AlarmService, 'find' | 'get'> },
): FoundPoint {
  const rack = model.racks.find(({ site, id }) => site === point.site && id === point.rack);
  return {
    id: point.id,
    site: point.site,
    room: point.room ?? null,
    rack: point.rack ?? null,
    device: point.device ?? null,
    owner: rack?.label ?? point.device ?? point.owner.id,
    ownerName: namesOf(model).owner(point),
    part: point.part ?? null,
    quantity: point.quantity,
    unit: point.unit,
    states: point.states === undefined ? null : Object.fromEntries(point.states),
    ...(point.words === undefined ? {} : { words: Object.fromEntries(point.words) }),
    limits: model.rules.flatMap(({ rule }) => limitOf(alarmKey(rule, point.id), alarms)),
  };
}

/** Only limits of the value itself: a deviation has none that could be drawn across. */
function limitOf(key: string, alarms: Pick<AlarmService, 'find' | 'get'>): PointLimit[] {
  const bound = alarms.find(key)?.alarm;
  const view = alarms.get(key);
  if (bound === undefined || view === undefined) return [];
  const { test, rule, clause } = bound;
  return test.kind === 'above' || test.kind === 'below'
    ? [
        {
          rule: rule.rule,
          name: rule.name,
          side: test.kind,
          value: test.limit,
          clause,
          priority: view.priority,
        },
      ]
    : [];
}
