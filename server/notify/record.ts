import type { NotificationTable, PagePlanTable } from '../db/schema.ts';

/** Rows are values: a change makes a new one, so that what waits to be written does not change underneath. */
export type NotificationRow = Readonly<NotificationTable>;
export type PagePlanRow = Readonly<PagePlanTable>;

/** A message that is decided and waits to be sent. */
export function newNotification(
  what: Pick<NotificationRow, 'incident' | 'person' | 'channel' | 'kind' | 'step'>,
  { id, at }: { readonly id: string; readonly at: number },
): NotificationRow {
  return {
    ...what,
    id,
    created_at: at,
    next_at: at,
    state: 'waiting',
    attempts: 0,
    sent_at: null,
    received_at: null,
    answer: null,
    message: null,
    thread: null,
    used_at: null,
    version: 1,
  };
}
