import { z } from 'zod';

/** An identifier as used in a point id: lower case letters, digits and hyphens. */
export const slug = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'lower-case letters, digits and single hyphens, e.g. "pac-03"');

/** Text for people, Indonesian first. */
export const label = z.strictObject({ id: z.string().min(1), en: z.string().min(1) });
export type Label = z.infer<typeof label>;

const durationUnitsMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `500ms`, `10s`, `5m`, `3h`, `1d` → milliseconds. */
export function parseDurationMs(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text);
  const unit = match?.[2];
  if (match === null || !isDurationUnit(unit)) return undefined;
  return Number(match[1]) * durationUnitsMs[unit];
}
function isDurationUnit(unit: string | undefined): unit is keyof typeof durationUnitsMs {
  return unit !== undefined && unit in durationUnitsMs;
}

/** A duration in the file is text with a unit; in the program it is milliseconds. */
export const durationMs = z
  .string()
  .regex(/^\d+(\.\d+)?(ms|s|m|h|d)$/, 'a duration such as "500ms", "10s", "5m", "3h" or "1d"')
  .transform((text) => parseDurationMs(text) ?? 0)
  .refine((ms) => ms <= 3_650 * durationUnitsMs.d, 'at most "3650d"');

/** A duration that a schedule or a deadline is based on: zero would spin, and a century would hang. */
export function durationBetween(least: string, most: string) {
  const [leastMs = 0, mostMs = 0] = [least, most].map(parseDurationMs);
  return durationMs.refine((ms) => ms >= leastMs && ms <= mostMs, `from "${least}" to "${most}"`);
}

/** Two limits, the lower one first. */
export const limits = z
  .tuple([z.number(), z.number()])
  .refine(([low, high]) => low < high, 'two limits, the lower one first');

/** Zero would make every value the same. */
export const factor = z.number().refine((number) => number !== 0, 'a number other than 0');

/** The canonical units; a profile converts to them, nothing behind a profile converts again. */
const units = [
  '°C', '°C/h', '%RH', 'kW', 'kWh', 'kVA', 'kvar', 'V', 'A', 'Hz', '%', 'kPa', 'Pa', 'L', 'L/min', 'L/h', 'm³/h',
  's', 'rpm', 'kg/m²', '%/m', 'fps', '/s', 'ratio', 'count', 'state',
] as const; // prettier-ignore
export const unit = z.enum(units);
export type Unit = z.infer<typeof unit>;

export const deviceKinds = [
  'ups', 'pac', 'vesda', 'genset', 'ats', 'pdu', 'meter', 'env', 'leak', 'door', 'fire-panel', 'cctv', 'fuel-tank',
  'router',
] as const; // prettier-ignore
export const deviceKind = z.enum(deviceKinds);
export type DeviceKind = z.infer<typeof deviceKind>;

const roomKinds = [
  'data-hall', 'ups', 'battery', 'genset', 'panel', 'cooling', 'mantrap', 'corridor', 'ocr', 'network', 'fuel',
] as const; // prettier-ignore
export const roomKind = z.enum(roomKinds);
export type RoomKind = z.infer<typeof roomKind>;

export const rackFunction = z.enum(['storage', 'server', 'network']);
export type RackFunction = z.infer<typeof rackFunction>;

export const feedName = z.enum(['A', 'B']);
export type FeedName = z.infer<typeof feedName>;

/** Where a climate sensor hangs. Only `inlet` and `room` are judged by BAB IV.4. */
export const position = z.enum(['inlet', 'room', 'outlet', 'hot-aisle', 'return', 'supply']);
export type Position = z.infer<typeof position>;

/** How often a device of this class is asked; the seconds are in `pantau.yaml`. */
export const intervalClass = z.enum(['safety', 'power', 'normal', 'slow']);
export type IntervalClass = z.infer<typeof intervalClass>;

/** BAB III levels of urgency (*Kepentingan*), impact (*Dampak*) and criticality. */
export const level = z.enum(['tinggi', 'sedang', 'rendah']);
export type Level = z.infer<typeof level>;

export const priority = z.enum(['P1', 'P2', 'P3', 'P4', 'P5']);
export type Priority = z.infer<typeof priority>;

/** A secret is never written in the file: this is the name of an environment variable. */
export const secret = z.strictObject({ env: z.string().regex(/^[A-Z][A-Z0-9_]*$/) });
