import { z } from 'zod';
import { plantState } from '../../config/schema/rule.ts';
import { instant } from './common.ts';

/** What people declare of the plant for a time: alarms that it causes are suppressed by design. */
export const plantStateView = z.object({
  id: z.string(),
  state: plantState,
  site: z.string(),
  /** Null: the whole site. */
  room: z.string().nullable(),
  /** The access ticket of the work. */
  ticket: z.string().nullable(),
  reason: z.string(),
  from: instant,
  to: instant,
  createdBy: z.string(),
  endedAt: instant.nullable(),
});
export type PlantStateView = z.infer<typeof plantStateView>;

export const plantStateInput = z
  .strictObject({
    state: plantState,
    site: z.string().min(1).max(100),
    /** Absent: the whole site. */
    room: z.string().min(1).max(100).optional(),
    ticket: z.string().min(1).max(100).optional(),
    reason: z.string().trim().min(1).max(500),
    from: instant.optional(),
    to: instant,
  })
  .refine(({ from, to }) => from === undefined || Date.parse(from) < Date.parse(to), {
    path: ['to'],
    error: 'a time after "from"',
  })
  .refine(({ state, room }) => state !== 'load-test' || room === undefined, {
    path: ['room'],
    error: 'none: a load test is of the whole site',
  })
  .refine(({ state, room }) => state !== 'permit' || room !== undefined, {
    path: ['room'],
    error: 'the room that the permit is for',
  });
