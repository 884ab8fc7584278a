/**
 * The names in InfluxDB, as a person queries them by hand and dashboards do (docs/influxdb.md). Every reading is in measurement
 * `reading` of policy `raw`; its buckets are in measurement `bucket` of the policies `1m`, `1h` and `1d`.
 */
export const measurement = 'reading';
export const bucketMeasurement = 'bucket';

/** `point` is the whole id; the others are its parts and its unit, for people. */
export const tags = {
  point: 'point',
  site: 'site',
  owner: 'device',
  part: 'part',
  quantity: 'quantity',
  unit: 'unit',
} as const;

export const policies = { raw: 'raw', '1m': '1m', '1h': '1h', '1d': '1d', pinned: 'pinned' } as const;
export type PolicyName = keyof typeof policies;

/** Where InfluxDB puts what is written without a policy; also what versions before the policies wrote. */
export const legacyPolicy = 'autogen';

/** For InfluxQL, within single quotes. */
export function quoteText(text: string): string {
  return `'${text.replaceAll('\\', String.raw`\\`).replaceAll("'", String.raw`\'`)}'`;
}

/** For InfluxQL, names within double quotes. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('\\', String.raw`\\`).replaceAll('"', String.raw`\"`)}"`;
}
