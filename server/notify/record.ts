import { createHash } from 'node:crypto';
import type { NotificationTable, PagePlanTable } from '../db/schema/people.ts';

/** Rows are values: a change makes a new one, so that what waits to be written does not change underneath. */
export type NotificationRow = Readonly<NotificationTable>;
export type PagePlanRow = Readonly<PagePlanTable>;

/** What sending needs to know of a row, and what it changes. */
export type Sendable = Pick<
  NotificationRow,
  | 'id'
  | 'person'
  | 'channel'
  | 'next_at'
  | 'state'
  | 'attempts'
  | 'sent_at'
  | 'answer'
  | 'message'
  | 'thread'
  | 'version'
>;

/** The same for the same rows only: a message that says more than one before it is another message. */
export function keyOf(rows: readonly Pick<Sendable, 'id'>[]): string {
  const [first, ...others] = rows.map(({ id }) => id).toSorted();
  if (first === undefined || others.length === 0) return first ?? '';
  return `${first}-${createHash('sha256').update(others.join(' ')).digest('hex').slice(0, 16)}`;
}

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
