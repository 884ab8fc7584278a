import { z } from 'zod';
import { label } from '../../config/schema/common.ts';
import { instant } from './common.ts';

/** Planned load tests of a site: when, who witnesses, what is looked at before. */

const planState = z.enum(['coming', 'under-way', 'done', 'missed', 'cancelled']);

export const loadTestPlanView = z.object({
  id: z.string(),
  site: z.string(),
  from: instant,
  to: instant,
  /** missed: its window has passed without a test that was run to its end. */
  state: planState,
  witnesses: z.array(z.string()),
  /** The access ticket of those who come for it. */
  ticket: z.string().nullable(),
  note: z.string().nullable(),
  /** In its order; null: not ticked. */
  checklist: z.array(
    z.object({ text: label, tickedBy: z.string().nullable(), tickedAt: instant.nullable() }),
  ),
  /** The run that it became. */
  test: z.string().nullable(),
  createdBy: z.string(),
  createdAt: instant,
  cancelledBy: z.string().nullable(),
  cancelledWhy: z.string().nullable(),
});
export type LoadTestPlanView = z.infer<typeof loadTestPlanView>;

const text = (most: number) => z.string().trim().min(1).max(most);

export const loadTestPlanInput = z
  .strictObject({
    site: z.string().min(1).max(100),
    from: instant,
    to: instant,
    witnesses: z.array(text(120)).max(20).default([]),
    ticket: z.string().min(1).max(100).optional(),
    note: text(1_000).optional(),
  })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), {
    path: ['to'],
    error: 'a time after "from"',
  });

export const loadTestCheckInput = z.strictObject({
  /** Place in the checklist, from 0. */
  item: z.int().min(0).max(39),
  done: z.boolean(),
});

export const reasonInput = z.strictObject({ reason: text(500) });
