import { alarmKey } from '../../core/alarm-key.ts';
import { grouped } from '../../core/grouped.ts';
import type { Model, Point, Room } from '../model.ts';
import type { RuleEntry, SelectorEntry } from '../schema/rule.ts';
import { resolveLimit, sourceText, surroundings, type Surroundings } from './limits.ts';
import {
  codesOf,
  createOtherPoints,
  fits,
  type BoundSuppression,
  type OtherCondition,
  type OtherPoints,
} from './others.ts';

/** The condition of a rule, resolved to numbers, state codes and indices of points. */
export type Test =
  | { readonly kind: 'above' | 'below'; readonly limit: number; readonly deadband: number }
  | { readonly kind: 'states'; readonly codes: ReadonlySet<number> }
  /** Further than `limit` from the value of the point `from`. */
  | { readonly kind: 'deviates'; readonly limit: number; readonly deadband: number; readonly from: number }
  /** No usable value for this long. */
  | { readonly kind: 'stale'; readonly afterMs: number };

/** One rule on one point. */
export interface BoundAlarm {
  /** Dense, 0 … alarms.length − 1. */
  readonly index: number;
  /** `rule@point`: survives a restart, where indices do not. */
  readonly key: string;
  readonly rule: RuleEntry;
  readonly point: Point;
  readonly test: Test;
  /** What has to hold as well. */
  readonly and: OtherCondition | undefined;
  readonly suppressions: readonly BoundSuppression[];
  readonly clause: string;
  /** The name people use: the rack's label, else the device, else the room or site. */
  readonly owner: string;
}

export interface BoundAlarms {
  /** All points of the model, by index. */
  readonly points: readonly Point[];
  readonly alarms: readonly BoundAlarm[];
  /** By point index; undefined where no rule applies. */
  readonly byPoint: readonly (readonly BoundAlarm[] | undefined)[];
  readonly byKey: ReadonlyMap<string, BoundAlarm>;
  /** By point index: alarms that are judged by this point too, `from` or `and`; undefined where there are none. */
  readonly judgedWith: readonly (readonly BoundAlarm[] | undefined)[];
  /** By point index: alarms that it may suppress. */
  readonly suppressedBy: readonly (readonly BoundAlarm[] | undefined)[];
}

/** Binds every rule to the points it selects; points without the rule's limit or states are skipped. Pure. */
export function bindRules(model: Model): BoundAlarms {
  const around = surroundings(model);
  const rooms = new Map(model.rooms.map((room) => [room.key, room]));
  const others = createOtherPoints(model);
  const alarms: BoundAlarm[] = [];
  const perPoint = (): (BoundAlarm[] | undefined)[] =>
    Array.from({ length: model.points.length }, () => undefined);
  const [byPoint, judgedWith, suppressedBy] = [perPoint(), perPoint(), perPoint()];
  const candidates = createCandidates(model.points);
  for (const rule of model.rules) {
    for (const point of candidates(rule.points).filter((each) => selectsByItself(rule.points, each))) {
      const place = around(point);
      if (!fitsPlace(rule.points, point, { ...place, room: rooms.get(`${point.site}/${point.room ?? ''}`) }))
        continue;
      const bound = bindTest(rule, place, others);
      const and = rule.and === undefined ? undefined : others.condition(rule.and, point);
      if (bound === undefined || (rule.and !== undefined && and === undefined)) continue;
      const alarm: BoundAlarm = {
        index: alarms.length,
        key: alarmKey(rule.rule, point.id),
        rule,
        point,
        ...bound,
        and,
        suppressions: rule.suppressedWhen.flatMap((entry) => others.suppression(entry, point) ?? []),
        owner: place.rack?.label ?? point.device ?? point.owner.id,
      };
      alarms.push(alarm);
      (byPoint[point.index] ??= []).push(alarm);
      const judging = [...(bound.test.kind === 'deviates' ? [bound.test.from] : []), ...(and?.points ?? [])];
      for (const index of new Set(judging)) (judgedWith[index] ??= []).push(alarm);
      const suppressing = alarm.suppressions.flatMap((each) =>
        each.kind === 'while' ? each.condition.points : [],
      );
      for (const index of new Set(suppressing)) (suppressedBy[index] ??= []).push(alarm);
    }
  }
  const byKey = new Map(alarms.map((alarm) => [alarm.key, alarm]));
  return {
    points: model.points,
    alarms,
    byPoint: byPoint.map(withoutRoom),
    byKey,
    judgedWith: judgedWith.map(withoutRoom),
    suppressedBy: suppressedBy.map(withoutRoom),
  };
}

/** An array that grew has room for sixteen more, and there is one for every judged point. */
function withoutRoom(alarms: readonly BoundAlarm[] | undefined): readonly BoundAlarm[] | undefined {
  return alarms?.slice();
}

/** The points that a selector names, with what is around each; in the order of the model. */
export function createSelection(
  model: Model,
): (selector: SelectorEntry) => { readonly point: Point; readonly around: Surroundings }[] {
  const around = surroundings(model);
  const rooms = new Map(model.rooms.map((room) => [room.key, room]));
  const candidates = createCandidates(model.points);
  return (selector) =>
    candidates(selector)
      .filter((point) => selectsByItself(selector, point))
      .map((point) => ({ point, around: around(point) }))
      .filter(({ point, around: place }) =>
        fitsPlace(selector, point, { ...place, room: rooms.get(`${point.site}/${point.room ?? ''}`) }),
      );
}

/** The points of a rule's quantities, in the order of the model: a hundred rules do not look at all of 43,000 points. */
function createCandidates(points: readonly Point[]): (selector: SelectorEntry) => readonly Point[] {
  const byQuantity = grouped(points, ({ quantity }) => quantity);
  return ({ quantity }) => {
    if (quantity === undefined) return points;
    const found = [...new Set(quantity)].flatMap((name) => byQuantity.get(name) ?? []);
    return found.sort((a, b) => a.index - b.index);
  };
}

/** Whether a point is what a rule asks for, wherever it stands. */
export function selectsByItself(selector: SelectorEntry, point: Point): boolean {
  return (
    fits(selector.quantity, point.quantity) &&
    fits(selector.part, point.part) &&
    (selector.whole === undefined || selector.whole === (point.part === undefined)) &&
    fits(selector.kind, point.kind) &&
    fits(selector.owner, point.owner.kind)
  );
}

/** Whether it stands where the rule looks. */
function fitsPlace(
  selector: SelectorEntry,
  point: Point,
  place: Surroundings & { readonly room: Room | undefined },
): boolean {
  return (
    fits(selector.room, place.room?.kind) &&
    fits(selector.position, point.position) &&
    fits(selector.role, point.role) &&
    fits(selector.site, point.site) &&
    fits(selector.device, point.device) &&
    fits(selector.rack, place.rack?.label) &&
    (selector.rackFeed === undefined || selector.rackFeed === isRackFeed(point, place))
  );
}

/** A whole feed of one rack: a part of the rack's own meter is a phase or an outlet, a part of a row's meter is a rack. */
function isRackFeed(point: Point, { rack, device }: Surroundings): boolean {
  if (rack === undefined || point.feed === undefined) return false;
  return device?.rack === undefined || point.part === undefined;
}

function bindTest(
  { when, deadband }: RuleEntry,
  around: Surroundings,
  others: OtherPoints,
): { test: Test; clause: string } | undefined {
  const { point, site } = around;
  if ('states' in when) {
    const codes = codesOf(point, when.states);
    return codes.size === 0
      ? undefined
      : { test: { kind: 'states', codes }, clause: sourceText(when.source, site) };
  }
  if ('stale' in when)
    return { test: { kind: 'stale', afterMs: when.stale }, clause: sourceText(when.source, site) };
  if ('deviates' in when) {
    const limit = resolveLimit(when.deviates, around);
    const [from] = others.find(when.from, point);
    return limit === undefined || from === undefined
      ? undefined
      : { test: { kind: 'deviates', limit: limit.value, deadband, from: from.index }, clause: limit.clause };
  }
  const kind = 'above' in when ? 'above' : 'below';
  const limit = resolveLimit('above' in when ? when.above : when.below, around);
  return limit === undefined
    ? undefined
    : { test: { kind, limit: limit.value, deadband }, clause: limit.clause };
}

/** The limit that an alarm compares with, in the point's unit; null of states and of silence. */
export function limitOf(test: Test): number | null {
  return 'limit' in test ? test.limit : null;
}
