import type { Model, Point } from '../model.ts';
import type { Label } from '../schema/common.ts';
import type { OtherConditionEntry, OtherPointsEntry, PlantState, SuppressionEntry } from '../schema/rule.ts';

/** A condition on points other than the judged one; it holds when one of them meets it. */
export interface OtherCondition {
  /** Indices of points, at least one. */
  readonly points: readonly number[];
  /** Of a value that is good and fresh. */
  readonly meets: (value: number, point: number) => boolean;
}

export type BoundSuppression = { readonly reason: Label; readonly lingerMs: number } & (
  | { readonly kind: 'during'; readonly state: PlantState }
  | { readonly kind: 'while'; readonly condition: OtherCondition }
);

export interface OtherPoints {
  find(entry: OtherPointsEntry, from: Point): readonly Point[];
  /** Undefined when there is no such point. */
  condition(entry: OtherConditionEntry, from: Point): OtherCondition | undefined;
  suppression(entry: SuppressionEntry, of: Point): BoundSuppression | undefined;
}

/** Finds what a rule names beside the point that it judges. */
export function createOtherPoints(model: Model): OtherPoints {
  const byQuantity = new Map<string, Point[]>();
  for (const point of model.points) {
    const key = `${point.site} ${point.quantity}`;
    const known = byQuantity.get(key);
    if (known === undefined) byQuantity.set(key, [point]);
    else known.push(point);
  }

  function find(entry: OtherPointsEntry, from: Point): Point[] {
    return entry.quantity
      .flatMap((quantity) => byQuantity.get(`${from.site} ${quantity}`) ?? [])
      .filter(
        (point) =>
          point !== from &&
          isThere(entry.on, point, from) &&
          fits(entry.part, point.part) &&
          fits(entry.kind, point.kind) &&
          fits(entry.role, point.role),
      );
  }

  function isThere(on: OtherPointsEntry['on'], point: Point, from: Point): boolean {
    switch (on) {
      case 'same':
        return point.owner.kind === from.owner.kind && point.owner.id === from.owner.id;
      case 'suppliers':
        return model.topology
          .into(`${from.site}/${from.owner.id}`, 'supplies')
          .some((edge) => edge.from === `${point.site}/${point.owner.id}`);
      case 'room':
        return point.room !== undefined && point.room === from.room;
      case 'site':
        return true;
    }
  }

  function condition(entry: OtherConditionEntry, from: Point): OtherCondition | undefined {
    const points = find(entry, from).filter(
      (point) => !('states' in entry) || codesOf(point, entry.states).size > 0,
    );
    if (points.length === 0) return undefined;
    const indices = points.map(({ index }) => index);
    if (!('states' in entry)) {
      const meets =
        'above' in entry ? (value: number) => value > entry.above : (value: number) => value < entry.below;
      return { points: indices, meets };
    }
    const codes = new Map(points.map((point) => [point.index, codesOf(point, entry.states)]));
    return { points: indices, meets: (value, point) => codes.get(point)?.has(value) === true };
  }

  return {
    find,
    condition,
    suppression(entry, of) {
      const head = { reason: entry.reason, lingerMs: entry.linger };
      if ('during' in entry) return { ...head, kind: 'during', state: entry.during };
      const found = condition(entry.while, of);
      return found === undefined ? undefined : { ...head, kind: 'while', condition: found };
    },
  };
}

/** Codes of the point whose states have these names. */
export function codesOf({ states }: Point, names: readonly string[]): ReadonlySet<number> {
  return new Set([...(states ?? [])].filter(([, name]) => names.includes(name)).map(([code]) => code));
}

/** What is not asked for fits anything. */
export function fits<Item>(wanted: readonly Item[] | undefined, has: Item | undefined): boolean {
  return wanted === undefined || (has !== undefined && wanted.includes(has));
}
