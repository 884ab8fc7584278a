import type { Kysely, Transaction } from 'kysely';
import type { AccountTables } from './schema/accounts.ts';
import type { CollectorTables } from './schema/collectors.ts';
import type { TicketTables } from './schema/tickets.ts';
import type { AccessTables } from './schema/access.ts';
import type { AlarmTables } from './schema/alarms.ts';
import type { IncidentTables } from './schema/incidents.ts';
import type { LoadTestTables } from './schema/load-tests.ts';
import type { DeviceTables } from './schema/devices.ts';
import type { PeopleTables } from './schema/people.ts';
import type { LogTables } from './schema/log.ts';
import type { ReportTables } from './schema/reports.ts';

/**
 * The operations database, one interface per table, one file per subject. Ids are sortable text (`db/id`), times are
 * integer epoch ms, lists that are never searched are JSON text: the same SQL runs on SQLite and PostgreSQL.
 */
export interface Schema
  extends
    AccountTables,
    CollectorTables,
    TicketTables,
    AccessTables,
    AlarmTables,
    IncidentTables,
    PeopleTables,
    DeviceTables,
    LoadTestTables,
    LogTables,
    ReportTables {}

export type Database = Kysely<Schema>;
/** What a repository runs on. Inside `db.transaction()` use the transaction only: a write through `db` would wait for it to end, and be refused as busy. */
export type Executor = Database | Transaction<Schema>;
