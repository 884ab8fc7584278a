import type { NotificationTable, PagePlanTable } from '../db/schema.ts';

/** Rows are values: a change makes a new one, so that what waits to be written does not change underneath. */
export type NotificationRow = Readonly<NotificationTable>;
export type PagePlanRow = Readonly<PagePlanTable>;
