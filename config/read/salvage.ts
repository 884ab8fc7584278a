import type { z } from 'zod';
import { type SiteFile, siteSchema } from '../schema/site.ts';
import { flatten, nearestKey } from './issues.ts';
import { property, type Path } from './source.ts';

/** What is left of a file once its mistakes are taken out, so that the rest can still be checked against other files. */
export interface Salvaged {
  readonly data: unknown;
  /** A path in `data` → the path in the file. */
  readonly origin: (path: Path) => Path;
}

/** Keys that are misspelt get the name they were meant to have; list entries with any other mistake are left out. */
export function salvage(data: unknown, schema: z.ZodType, lists: readonly string[]): Salvaged {
  const left: unknown = structuredClone(data);
  for (const { issue, path } of mistakes(schema, left))
    if (issue.code === 'unrecognized_keys')
      rename(path.reduce<unknown>(property, left), issue.keys, { schema, path });
  const dropped = new Map<string, Set<number>>();
  for (const { path } of mistakes(schema, left)) {
    const [list, index] = path;
    if (typeof list === 'string' && typeof index === 'number' && lists.includes(list))
      dropped.set(list, (dropped.get(list) ?? new Set()).add(index));
  }
  const kept = new Map<string, number[]>();
  for (const [list, indices] of dropped) {
    const entries = property(left, list);
    if (!Array.isArray(entries) || typeof left !== 'object' || left === null) continue;
    kept.set(
      list,
      [...entries.keys()].filter((index) => !indices.has(index)),
    );
    const whole: unknown[] = entries.filter((_, index) => !indices.has(index));
    Reflect.set(left, list, whole);
  }
  return {
    data: left,
    origin(path) {
      const [list, index, ...rest] = path;
      if (typeof list !== 'string' || typeof index !== 'number') return path;
      return [list, kept.get(list)?.[index] ?? index, ...rest];
    },
  };
}

function mistakes(schema: z.ZodType, data: unknown) {
  const { error } = schema.safeParse(data);
  return error === undefined ? [] : flatten(error.issues, []);
}

function rename(holder: unknown, keys: readonly string[], at: { schema: z.ZodType; path: Path }): void {
  if (typeof holder !== 'object' || holder === null) return;
  for (const key of keys) {
    const value = property(holder, key);
    const nearest = nearestKey(at.schema, at.path, key);
    Reflect.deleteProperty(holder, key);
    if (nearest !== undefined && !Object.hasOwn(holder, nearest)) Reflect.set(holder, nearest, value);
  }
}

/** A site's file that is broken in places; `unsure` names what cannot be relied on. */
export interface SalvagedSite {
  readonly file: SiteFile;
  readonly unsure: ReadonlySet<string>;
  readonly origin: (path: Path) => Path;
}

export function salvageSite(data: unknown): SalvagedSite {
  const { data: left, origin } = salvage(data, siteSchema, ['rooms', 'rows', 'devices']);
  const unsure = new Set<string>();
  const keep = <Value>(key: string, schema: z.ZodType<Value>, otherwise: Value): Value => {
    const result = schema.safeParse(property(left, key));
    if (result.success && count(property(left, key)) === count(property(data, key))) return result.data;
    unsure.add(key);
    return result.success ? result.data : otherwise;
  };
  const { shape } = siteSchema;
  const file: SiteFile = {
    name: keep('name', shape.name, ''),
    building: keep('building', shape.building, ''),
    standard: keep('standard', shape.standard, ''),
    impact: keep('impact', shape.impact, 'tinggi'),
    collector: keep('collector', shape.collector, 'local'),
    brokers: keep('brokers', shape.brokers, {}),
    snmp: keep('snmp', shape.snmp, { version: '2c', community: 'public' }),
    access: keep('access', shape.access, { fields: [] }),
    rooms: keep('rooms', shape.rooms, []),
    rows: keep('rows', shape.rows, []),
    devices: keep('devices', shape.devices, []),
  };
  return { file, unsure, origin };
}

function count(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}
