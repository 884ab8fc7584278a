import type * as cog from '@grafana/grafana-foundation-sdk/cog';
import {
  bucketMeasurement,
  measurement,
  policies,
  quoteName,
  quoteText,
  tags,
} from '../server/historian/influx/names.ts';

/** Queries of the panels: InfluxQL with the names that the historian writes. The SDK has no builder for InfluxDB. */

/** As the provisioning names them. */
export const influx = { type: 'influxdb', uid: 'pantau-influxdb' } as const;
export const prometheus = { type: 'prometheus', uid: 'pantau-prometheus' } as const;

/** What Grafana fills in. */
export const siteVariable = 'situs';
const timeFilter = '$timeFilter';
const interval = '$__interval';

interface InfluxTarget extends cog.Dataquery {
  readonly refId: string;
  readonly datasource: typeof influx;
  readonly query: string;
  readonly rawQuery: true;
  readonly resultFormat: 'time_series' | 'table';
  readonly alias?: string;
}

type Tag = keyof typeof tags;

interface Selected {
  /** One quantity, or several. */
  readonly quantity: string | readonly string[];
  /** The owner of the points: a device, rack, room or `site`; a regular expression. */
  readonly owner?: RegExp;
  readonly part?: string;
}

interface SeriesQuery extends Selected {
  /** Over the readings of each step. Absent: their mean. */
  readonly by?: 'mean' | 'max' | 'min' | 'last' | 'percentile95';
  /** Absent: one line for every point. */
  readonly perPoint?: boolean;
  readonly alias?: string;
}

/** Bad readings have no value, but may have overwritten one that had. */
const usable = '"quality" < 3';

/** A line over time; `null` where nothing was read, so that a gap stays a gap. */
export function series(options: SeriesQuery, refId = 'A'): cog.Builder<cog.Dataquery> {
  const { by = 'mean', perPoint = true, alias } = options;
  const value = by === 'percentile95' ? 'percentile("value", 95)' : `${by}("value")`;
  // The tag of the whole id is what a link to the product needs.
  const groups = perPoint ? groupedBy('point', 'owner', 'part', 'quantity') : '';
  const query = `SELECT ${value} FROM ${from(policies.raw, measurement)} WHERE ${where(options)} AND ${usable} AND ${timeFilter} GROUP BY time(${interval})${groups} fill(null)`;
  return target({ refId, query, resultFormat: 'time_series', alias: alias ?? nameOf(options) });
}

/** The names of states over time, as the historian writes them beside the codes. */
export function states(options: Selected, refId = 'A'): cog.Builder<cog.Dataquery> {
  const query = `SELECT last("state") FROM ${from(policies.raw, measurement)} WHERE ${where(options)} AND ${timeFilter} GROUP BY time(${interval})${groupedBy('point', 'owner', 'part')} fill(null)`;
  return target({ refId, query, resultFormat: 'time_series', alias: nameOf(options) });
}

/** Of long times: hours or days of WIB, which are kept for years. */
export function longSeries(
  tier: '1h' | '1d',
  options: Selected & { readonly field: 'mean' | 'max' | 'min'; readonly alias?: string },
  refId = 'A',
): cog.Builder<cog.Dataquery> {
  const query = `SELECT last(${quoteName(options.field)}) FROM ${from(policies[tier], bucketMeasurement)} WHERE ${where(options)} AND "usable" > 0 AND ${timeFilter} GROUP BY time(${tier})${groupedBy('point', 'owner', 'part')} fill(null)`;
  return target({ refId, query, resultFormat: 'time_series', alias: options.alias ?? nameOf(options) });
}

/** The owners with the highest newest values, as a table. */
export function highest(count: number, options: Selected): cog.Builder<cog.Dataquery> {
  const owner = quoteName(tags.owner);
  const newest = `SELECT last("value") AS "nilai" FROM ${from(policies.raw, measurement)} WHERE ${where(options)} AND ${usable} AND ${timeFilter} GROUP BY ${owner}`;
  const query = `SELECT top("nilai", ${owner}, ${count}) AS "nilai" FROM (${newest})`;
  return target({ refId: 'A', query, resultFormat: 'table' });
}

/** The sites that have readings, for the variable. */
export const siteQuery = `SHOW TAG VALUES FROM ${from(policies.raw, measurement)} WITH KEY = ${quoteName(tags.site)}`;

function target(
  parts: Omit<InfluxTarget, 'datasource' | 'rawQuery' | '_implementsDataqueryVariant'>,
): cog.Builder<cog.Dataquery> {
  const built: InfluxTarget = {
    ...parts,
    datasource: influx,
    rawQuery: true,
    _implementsDataqueryVariant: () => undefined,
  };
  return { build: () => built };
}

function from(policy: string, table: string): string {
  return `${quoteName(policy)}.${quoteName(table)}`;
}

function where({ quantity, owner, part }: Selected): string {
  const quantities = typeof quantity === 'string' ? [quantity] : quantity;
  const oneOf = quantities.map((each) => `${quoteName(tags.quantity)} = ${quoteText(each)}`).join(' OR ');
  return [
    `${quoteName(tags.site)} = '$${siteVariable}'`,
    quantities.length === 1 ? oneOf : `(${oneOf})`,
    ...(owner === undefined ? [] : [`${quoteName(tags.owner)} =~ ${owner.toString()}`]),
    ...(part === undefined ? [] : [`${quoteName(tags.part)} = ${quoteText(part)}`]),
  ].join(' AND ');
}

function groupedBy(...names: readonly Tag[]): string {
  return names.map((name) => `, ${quoteName(tags[name])}`).join('');
}

/** What the legend calls a line: the device, and its part. */
function nameOf({ quantity }: Selected): string {
  const base = `$tag_${tags.owner} $tag_${tags.part}`;
  return typeof quantity === 'string' ? base : `${base} $tag_${tags.quantity}`;
}
