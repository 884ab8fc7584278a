import type { Database, Executor } from '../db/schema.ts';
import { inChunks } from '../db/rows.ts';
import type { IncidentRow } from '../incidents/record.ts';
import type { NotificationRow, PagePlanRow } from './record.ts';

/** What one transaction writes of notifications; older rows change nothing. */
export interface NotificationBatch {
  readonly notifications: ReadonlyMap<string, NotificationRow>;
  readonly plans: ReadonlyMap<string, PagePlanRow>;
}

/** Within the caller's transaction. */
export async function writeNotifications(
  trx: Executor,
  { notifications, plans }: NotificationBatch,
): Promise<void> {
  await inChunks([...plans.values()], (rows) =>
    trx
      .insertInto('page_plan')
      .values(rows)
      .onConflict((conflict) =>
        conflict
          .column('incident')
          .doUpdateSet((row) => ({
            priority: row.ref('excluded.priority'),
            plan: row.ref('excluded.plan'),
            started_at: row.ref('excluded.started_at'),
            taken: row.ref('excluded.taken'),
            open: row.ref('excluded.open'),
            version: row.ref('excluded.version'),
          }))
          .whereRef('page_plan.version', '<', 'excluded.version'),
      )
      .execute(),
  );
  await inChunks([...notifications.values()], (rows) =>
    trx
      .insertInto('notification')
      .values(rows)
      .onConflict((conflict) =>
        conflict
          .column('id')
          .doUpdateSet((row) => ({
            next_at: row.ref('excluded.next_at'),
            state: row.ref('excluded.state'),
            attempts: row.ref('excluded.attempts'),
            sent_at: row.ref('excluded.sent_at'),
            received_at: row.ref('excluded.received_at'),
            answer: row.ref('excluded.answer'),
            message: row.ref('excluded.message'),
            thread: row.ref('excluded.thread'),
            used_at: row.ref('excluded.used_at'),
            version: row.ref('excluded.version'),
          }))
          .whereRef('notification.version', '<', 'excluded.version'),
      )
      .execute(),
  );
}

/** What goes on after a restart: plans of incidents that are not resolved, their notifications, and what is still to be sent. */
export async function readNotifications(db: Database): Promise<{
  readonly plans: PagePlanRow[];
  readonly notifications: NotificationRow[];
  readonly incidents: IncidentRow[];
}> {
  const plans = await db
    .selectFrom('page_plan')
    .innerJoin('incident', 'incident.id', 'page_plan.incident')
    .selectAll('page_plan')
    .where('incident.resolved_at', 'is', null)
    .execute();
  const ofOpen = await db
    .selectFrom('notification')
    .innerJoin('incident', 'incident.id', 'notification.incident')
    .selectAll('notification')
    .where((row) =>
      row.or([row('incident.resolved_at', 'is', null), row('notification.state', '=', 'waiting')]),
    )
    .orderBy('notification.id')
    .execute();
  const incidents: IncidentRow[] = [];
  await inChunks([...new Set(ofOpen.map(({ incident }) => incident))], async (ids) => {
    incidents.push(...(await db.selectFrom('incident').selectAll().where('id', 'in', ids).execute()));
  });
  return { plans, notifications: ofOpen, incidents };
}

export interface DeliveryFilter {
  readonly incident?: string | undefined;
  readonly person?: string | undefined;
  readonly state?: NotificationRow['state'] | undefined;
  /** Only those with a smaller id. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** Latest first. */
export function listNotifications(db: Database, filter: DeliveryFilter): Promise<NotificationRow[]> {
  const { incident, person, state, before, limit } = filter;
  // The trial's messages are for nobody.
  let query = db.selectFrom('notification').selectAll().where('channel', '!=', 'test');
  if (incident !== undefined) query = query.where('incident', '=', incident);
  if (person !== undefined) query = query.where('person', '=', person);
  if (state !== undefined) query = query.where('state', '=', state);
  if (before !== undefined) query = query.where('id', '<', before);
  return query.orderBy('id', 'desc').limit(limit).execute();
}

export function findNotification(db: Database, id: string): Promise<NotificationRow | undefined> {
  return db.selectFrom('notification').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Uses up the link of a notification that nothing more is decided about. False: it was used before. */
export async function takeStored(db: Database, id: string, at: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('notification')
    .set((row) => ({ used_at: at, received_at: row.fn.coalesce('received_at', row.val(at)), version: row('version', '+', 1) }))
    .where('id', '=', id)
    .where('used_at', 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
} // prettier-ignore
