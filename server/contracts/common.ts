import { z } from 'zod';

/** Browser-safe: nothing under `contracts/` may import more than zod and `config/schema/common`. */

/** What a time must look like, for whoever gave another. */
export const instantError = 'must be a time with offset, such as 2026-11-23T08:00:00+07:00';

/** ISO 8601 with offset. */
export const instant = z.iso.datetime({ offset: true, error: instantError });

/** A list is a page; `next` goes back as `?cursor=`, null at the end. */
export function page<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

/** How a device is read. */
export const protocol = z.enum(['snmp', 'modbus', 'mqtt', 'push']);

/** RFC 9457. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  /** For a rejected input: where (`body.rooms[0]`, `query.from`, `params.id`), and what was expected. */
  errors: z
    .array(z.object({ path: z.string(), message: z.string(), code: z.string().optional() }))
    .optional(),
  /** Why it was refused, for programs and for pages that say it in the reader's language; absent: see `detail`. */
  code: z.string().optional(),
});
export type Problem = z.infer<typeof problem>;

/** What a user may do; each role holds the ones before it. */
export const roles = ['wall', 'viewer', 'operator', 'manager', 'admin'] as const;
export const role = z.enum(roles);
export type Role = z.infer<typeof role>;

/** What a token may be for: a role, or a collector's deliveries and nothing else. */
export const tokenRoles = [...roles, 'collector'] as const;
export const tokenRole = z.enum(tokenRoles);
export type TokenRole = z.infer<typeof tokenRole>;
