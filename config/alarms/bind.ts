import type { Model, Point, Room } from '../model.ts';
import type { RuleEntry, SelectorEntry } from '../schema/rule.ts';
import { resolveLimit, sourceText, surroundings, type Surroundings } from './limits.ts';

/** The condition of a rule, resolved to numbers and state codes. */
export type Test =
  | { readonly kind: 'above' | 'below'; readonly limit: number; readonly deadband: number }
  | { readonly kind: 'states'; readonly codes: ReadonlySet<number> };

/** One rule on one point. */
export interface BoundAlarm {
  /** Dense, 0 … alarms.length − 1. */
  readonly index: number;
  /** `rule@point`: survives a restart, where indices do not. */
  readonly key: string;
  readonly rule: RuleEntry;
  readonly point: Point;
  readonly test: Test;
  readonly clause: string;
  /** The name people use: the rack's label, else the device, else the room or site. */
  readonly owner: string;
}

export interface BoundAlarms {
  readonly alarms: readonly BoundAlarm[];
  /** By point index; undefined where no rule applies. */
  readonly byPoint: readonly (readonly BoundAlarm[] | undefined)[];
  readonly byKey: ReadonlyMap<string, BoundAlarm>;
}

function alarmKey(rule: string, point: string): string {
  return `${rule}@${point}`;
}

/** Binds every rule to the points it selects; points without the rule's limit or states are skipped. Pure. */
export function bindRules(model: Model): BoundAlarms {
  const around = surroundings(model);
  const rooms = new Map(model.rooms.map((room) => [room.key, room]));
  const alarms: BoundAlarm[] = [];
  const byPoint: (BoundAlarm[] | undefined)[] = Array.from({ length: model.points.length }, () => undefined);
  for (const rule of model.rules) {
    for (const point of model.points.filter(({ quantity }) => rule.points.quantity.includes(quantity))) {
      const place = around(point);
      if (!selects(rule.points, point, { ...place, room: rooms.get(`${point.site}/${point.room ?? ''}`) }))
        continue;
      const bound = bindTest(rule, point, place);
      if (bound === undefined) continue;
      const alarm = {
        index: alarms.length,
        key: alarmKey(rule.rule, point.id),
        rule,
        point,
        ...bound,
        owner: place.rack?.label ?? point.device ?? point.owner.id,
      };
      alarms.push(alarm);
      (byPoint[point.index] ??= []).push(alarm);
    }
  }
  return { alarms, byPoint, byKey: new Map(alarms.map((alarm) => [alarm.key, alarm])) };
}

function selects(
  selector: SelectorEntry,
  point: Point,
  place: Surroundings & { readonly room: Room | undefined },
): boolean {
  return (
    fits(selector.part, point.part) &&
    (selector.whole === undefined || selector.whole === (point.part === undefined)) &&
    fits(selector.kind, point.kind) &&
    fits(selector.owner, point.owner.kind) &&
    fits(selector.room, place.room?.kind) &&
    fits(selector.position, point.position) &&
    fits(selector.role, point.role) &&
    (selector.rackFeed === undefined || selector.rackFeed === isRackFeed(point, place))
  );
}

function fits<Item>(wanted: readonly Item[] | undefined, has: Item | undefined): boolean {
  return wanted === undefined || (has !== undefined && wanted.includes(has));
}

/** A whole feed of one rack: a part of the rack's own meter is a phase or an outlet, a part of a row's meter is a rack. */
function isRackFeed(point: Point, { rack, device }: Surroundings): boolean {
  if (rack === undefined || point.feed === undefined) return false;
  return device?.rack === undefined || point.part === undefined;
}

function bindTest(
  { when, deadband }: RuleEntry,
  point: Point,
  around: Surroundings,
): { test: Test; clause: string } | undefined {
  if ('states' in when) {
    const codes = new Set(
      [...(point.states ?? [])].filter(([, name]) => when.states.includes(name)).map(([code]) => code),
    );
    return codes.size === 0
      ? undefined
      : { test: { kind: 'states', codes }, clause: sourceText(when.source, around.site) };
  }
  const kind = 'above' in when ? 'above' : 'below';
  const limit = resolveLimit('above' in when ? when.above : when.below, around);
  return limit === undefined
    ? undefined
    : { test: { kind, limit: limit.value, deadband }, clause: limit.clause };
}
