import type { Point } from '../../config/model.ts';
import type { FactsOf, PointFacts } from './historian.ts';

const longestHoldMs = 3_600_000;
/** For points that are not configured any more. */
const unknownPoint: PointFacts = { isState: false, holdMs: 60_000 };

export interface PointLabel {
  readonly unit?: string;
  /** Code → name of the state. */
  readonly states?: ReadonlyMap<number, string>;
}

/** What the store knows of the configured points; a reload of the configuration replaces them, the store stays open. */
export interface PointFactsBook {
  readonly of: FactsOf;
  /** What a person reads beside the values; undefined for a point that is not configured. */
  label(point: string): PointLabel | undefined;
  replace(points: readonly Point[]): void;
}

/** A reading holds as long as the live page calls it fresh. */
export function factsOfPoint({ unit, staleAfterMs }: Pick<Point, 'unit' | 'staleAfterMs'>): PointFacts {
  return { isState: unit === 'state', holdMs: Math.min(staleAfterMs, longestHoldMs) };
}

export function createPointFacts(): PointFactsBook {
  let facts = new Map<string, PointFacts>();
  let labels = new Map<string, PointLabel>();
  return {
    of: (point) => facts.get(point) ?? unknownPoint,
    label: (point) => labels.get(point),
    replace(points) {
      facts = new Map(points.map((point) => [point.id, factsOfPoint(point)]));
      labels = new Map(
        points.map(({ id, unit, states }) => [id, { unit, ...(states === undefined ? {} : { states }) }]),
      );
    },
  };
}
