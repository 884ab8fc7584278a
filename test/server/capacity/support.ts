import type { Model, Point } from '../../../config/model.ts';
import { good, qualityCode } from '../../../core/reading.ts';
import { emptyCurrentValues, type CurrentValues } from '../../../server/pipeline/current.ts';

/** Values of a site at which everything works: what a test does not name is as here. */
export interface Present {
  /** Of every rack feed, kW. */
  readonly feedKw: number;
  /** By point id; `null`: never read. A state by its name. */
  readonly values: Readonly<Record<string, number | string | null>>;
}

const well: Readonly<Record<string, string>> = {
  'output-source': 'normal',
  position: 'source-1',
  'control-mode': 'auto',
  'system-state': 'on',
};

/** The current values of a model by plain arithmetic: nothing of the product computes them. */
export function present(model: Model, { feedKw, values }: Partial<Present> = {}): CurrentValues {
  const current = emptyCurrentValues(model.points.length);
  const kw = feedKw ?? 1;
  const set = (point: Point, value: number): void => {
    current.value[point.index] = value;
    current.at[point.index] = 1_000;
    current.since[point.index] = 1_000;
    current.quality[point.index] = good;
  };
  const countOf = (things: readonly { readonly site: string }[]): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const { site } of things) counts.set(site, (counts.get(site) ?? 0) + 1);
    return counts;
  };
  const racks = countOf(model.racks);
  const ups = countOf(model.devices.filter(({ kind }) => kind === 'ups'));
  for (const point of model.points) {
    const value = usual(point, {
      feedKw: kw,
      racks: racks.get(point.site) ?? 0,
      ups: Math.max(1, ups.get(point.site) ?? 0),
    });
    if (value !== undefined) set(point, value);
  }
  for (const [id, value] of Object.entries(values ?? {})) {
    const point = model.pointById.get(id);
    if (point === undefined) throw new Error(`no point ${id}`);
    if (value === null) {
      current.quality[point.index] = qualityCode('stale');
      current.value[point.index] = Number.NaN;
    } else set(point, typeof value === 'string' ? codeOf(point, value) : value);
  }
  return current;
}

function codeOf(point: Point, name: string): number {
  for (const [code, state] of point.states ?? []) if (state === name) return code;
  throw new Error(`${point.id} has no state ${name}`);
}

interface Size {
  readonly feedKw: number;
  readonly racks: number;
  readonly ups: number;
}

function usual(point: Point, { feedKw, racks, ups }: Size): number | undefined {
  const { quantity, unit } = point;
  if (unit === 'state') return [...(point.states ?? [])].find(([, name]) => name === well[quantity])?.[0];
  if (point.rack !== undefined) {
    const phases = /^l[123]$/.test(point.part ?? '') ? 3 : 1;
    if (quantity === 'power' && point.device !== undefined) return feedKw / phases;
    if (quantity === 'current') return ((feedKw / phases) * 1_000) / 230;
  }
  if (quantity === 'output-power' && point.part === undefined) return (2 * racks * feedKw) / ups;
  if (quantity === 'facility-power') return 2 * racks * feedKw * 1.4;
  if (quantity === 'voltage-max') return 231;
  if (quantity === 'autonomy') return 600;
  if (quantity === 'battery-charge') return 100;
  if (quantity === 'level' && unit === 'L') return 900;
  if (quantity === 'units-needed' && point.part === 'pacs') return 5;
  return undefined;
}
