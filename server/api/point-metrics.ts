import { grouped } from '../../core/grouped.ts';
import { describeQuality, isUsable } from '../../core/reading.ts';
import { slicesOf } from '../../core/slices.ts';
import type { Point } from '../../config/model.ts';
import type { Unit } from '../../config/schema/common.ts';
import type { CurrentValues } from '../pipeline/current.ts';

/** How Prometheus names a unit: base units, in the plural, in the metric's name (prometheus.io, "Metric and label naming"). */
interface MetricUnit {
  readonly suffix: string;
  /** A value times this is in the metric's unit. */
  readonly factor: number;
}

const metricUnits: Readonly<Record<Unit, MetricUnit>> = {
  '°C': { suffix: '_celsius', factor: 1 },
  '°C/h': { suffix: '_celsius_per_hour', factor: 1 },
  '%RH': { suffix: '_ratio', factor: 0.01 },
  kW: { suffix: '_watts', factor: 1_000 },
  kWh: { suffix: '_joules', factor: 3_600_000 },
  kVA: { suffix: '_voltamperes', factor: 1_000 },
  kvar: { suffix: '_vars', factor: 1_000 },
  V: { suffix: '_volts', factor: 1 },
  A: { suffix: '_amperes', factor: 1 },
  Hz: { suffix: '_hertz', factor: 1 },
  '%': { suffix: '_ratio', factor: 0.01 },
  kPa: { suffix: '_pascals', factor: 1_000 },
  Pa: { suffix: '_pascals', factor: 1 },
  L: { suffix: '_liters', factor: 1 },
  'L/min': { suffix: '_liters_per_minute', factor: 1 },
  'L/h': { suffix: '_liters_per_hour', factor: 1 },
  'm³/h': { suffix: '_cubic_meters_per_hour', factor: 1 },
  s: { suffix: '_seconds', factor: 1 },
  rpm: { suffix: '_revolutions_per_minute', factor: 1 },
  'kg/m²': { suffix: '_kilograms_per_square_meter', factor: 1 },
  '%/m': { suffix: '_obscuration_ratio_per_meter', factor: 0.01 },
  fps: { suffix: '_frames_per_second', factor: 1 },
  '/s': { suffix: '_per_second', factor: 1 },
  ratio: { suffix: '_ratio', factor: 1 },
  count: { suffix: '', factor: 1 },
  state: { suffix: '_state', factor: 1 },
};

const qualityName = 'pantau_point_quality';
const ageName = 'pantau_point_age_seconds';
const qualityNumbers = { good: 0, uncertain: 1, bad: 2 } as const;

export interface PointMetricsSource {
  readonly points: readonly Point[];
  readonly current: CurrentValues;
  /** Epoch ms. */
  readonly now: number;
}

/**
 * Points in Prometheus' text format, in parts: one metric for each quantity and unit, `pantau_point_temperature_celsius`. A value that is
 * not usable is left out, so that nobody averages it; `pantau_point_quality` (0 good, 1 uncertain, 2 bad) and `pantau_point_age_seconds`
 * have every point, but no age before it was ever read. Between two parts everything else has its turn.
 */
export async function* pointMetrics(source: PointMetricsSource): AsyncGenerator<string> {
  const { points, current, now } = source;
  const labels = new Map(points.map((point) => [point, labelsOf(point)]));
  const labelled = (point: Point): string => labels.get(point) ?? '';
  for (const [name, some] of grouped(points, nameOf)) {
    yield head(name, helpOf(some[0]));
    yield* lines(some, (point) => {
      if (!isUsable(current.quality[point.index] ?? 0)) return '';
      const value = scaled(current.value[point.index] ?? Number.NaN, metricUnits[point.unit].factor);
      return `${name}{${labelled(point)}${stateOf(point, value)}} ${value}\n`;
    });
  }
  yield head(qualityName, 'Quality of the point: 0 good, 1 uncertain, 2 bad; the reason beside it');
  yield* lines(points, (point) => {
    const { quality, reason } = describeQuality(current.quality[point.index] ?? 0);
    return `${qualityName}{${labelled(point)},reason="${reason ?? ''}"} ${qualityNumbers[quality]}\n`;
  });
  yield head(ageName, 'Seconds since the source measured the point');
  yield* lines(points, (point) => {
    const at = current.at[point.index] ?? 0;
    return at === 0 ? '' : `${ageName}{${labelled(point)}} ${Math.max(0, now - at) / 1_000}\n`;
  });
}

function nameOf({ quantity, unit }: Point): string {
  const { suffix } = metricUnits[unit];
  const words = quantity.replaceAll(/[^a-z0-9]+/g, '_');
  return `pantau_point_${words}${words.endsWith(suffix) && suffix !== '' ? '' : suffix}`;
}

function helpOf(point: Point | undefined): string {
  if (point === undefined) return '';
  return point.unit === 'state'
    ? `${point.quantity}: the code of the state, its name as a label`
    : `${point.quantity}, measured in ${point.unit}`;
}

function head(name: string, help: string): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n`;
}

async function* lines(points: readonly Point[], line: (point: Point) => string): AsyncGenerator<string> {
  for await (const slice of slicesOf(points)) yield slice.map(line).join('');
}

function labelsOf(point: Point): string {
  const { id, site, owner, room, rack, device, part, feed } = point;
  const labels = { point: id, site, owner: owner.id, room, rack, device, part, feed };
  return Object.entries(labels)
    .flatMap(([label, value]) => (value === undefined ? [] : [`${label}="${escaped(value)}"`]))
    .join(',');
}

function stateOf({ states }: Point, value: number): string {
  return states === undefined ? '' : `,state="${escaped(states.get(value) ?? '')}"`;
}

/** 21.3 °C × 1 is 21.3, and 4.1 kW are 4100 W: not the 4099.999… of binary fractions. */
function scaled(value: number, factor: number): number {
  return factor === 1 ? value : Number((value * factor).toPrecision(12));
}

function escaped(value: string): string {
  return value
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`);
}
