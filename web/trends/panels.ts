import type { FoundPoint, PointLimit } from '../../server/contracts/point-search.ts';
import type { Colour } from '../history/drawing.ts';

/** A point with what tells it apart from the others on the page. */
export interface Trend {
  readonly point: FoundPoint;
  readonly letter: string;
  readonly colour: Colour;
}

/** Charts below each other with the same time. */
export interface Panel {
  readonly key: string;
  readonly trends: readonly Trend[];
  /** Units of its axes, one or two; `state`: steps with words. */
  readonly units: readonly string[];
}

const letters = 'ABCDEFGH';
const colours: readonly Colour[] = ['1', '2', '3', '4', '5', '6', '7', '8'];

export function trendsOf(points: readonly FoundPoint[]): Trend[] {
  return points.map((point, place) => ({
    point,
    letter: letters[place] ?? '?',
    colour: colours[place] ?? 'line',
  }));
}

/**
 * Numbers of one or two units share a chart; with more units every unit has a chart of its own, since a third axis cannot be
 * read. Every point of states has its own: the words of one say nothing of another's.
 */
export function panelsOf(trends: readonly Trend[]): Panel[] {
  const numbers = trends.filter(({ point }) => point.unit !== 'state');
  const units = [...new Set(numbers.map(({ point }) => point.unit))];
  const groups = units.length <= 2 ? (units.length === 0 ? [] : [units]) : units.map((unit) => [unit]);
  return [
    ...groups.map((shown) => ({
      key: shown.join(' '),
      trends: numbers.filter(({ point }) => shown.includes(point.unit)),
      units: shown,
    })),
    ...trends
      .filter(({ point }) => point.unit === 'state')
      .map((trend) => ({ key: trend.point.id, trends: [trend], units: ['state'] })),
  ];
}

/** A limit with the letters of all points that it is for. */
export interface SharedLimit extends Pick<PointLimit, 'side' | 'value' | 'clause'> {
  readonly letters: string;
}

/** The limits of one unit, each once. */
export function limitsOf(trends: readonly Trend[], unit: string): SharedLimit[] {
  const found = new Map<string, SharedLimit>();
  for (const { point, letter } of trends.filter((trend) => trend.point.unit === unit)) {
    for (const { side, value, clause } of point.limits) {
      const key = `${side} ${value} ${clause}`;
      const before = found.get(key)?.letters ?? '';
      found.set(key, { side, value, clause, letters: before.includes(letter) ? before : before + letter });
    }
  }
  return [...found.values()];
}

/** What all charts leave free at their sides, in heights of a letter, for the widest axis among them. */
export function sidesOf(panels: readonly Panel[]): { readonly left: number; readonly right: number } {
  return {
    left: panels.some(({ units }) => units.includes('state')) ? 8 : 6,
    right: panels.some(({ units }) => units.length > 1) ? 6 : 1,
  };
}
