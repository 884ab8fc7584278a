import type { Kysely, Transaction } from 'kysely';
import type { Level, Priority } from '../../config/schema/common.ts';
import type { Discipline } from '../../config/schema/rule.ts';
import type { Role, TokenRole } from '../contracts/common.ts';
import type { TimelineEntry } from '../contracts/incidents.ts';

/**
 * The operations database, one interface per table. Ids are sortable text (`db/id`), times are integer epoch ms, lists
 * that are never searched are JSON text: the same SQL runs on SQLite and PostgreSQL.
 */
export interface Schema {
  setting: SettingTable;
  user: UserTable;
  session: SessionTable;
  token: TokenTable;
  collector_run: CollectorRunTable;
  collector_taken: CollectorTakenTable;
  ticket: TicketTable;
  ticket_room: TicketRoomTable;
  incident: IncidentTable;
  alarm: AlarmTable;
  incident_event: IncidentEventTable;
}

export type Database = Kysely<Schema>;
/** What a repository runs on. Inside `db.transaction()` use the transaction only: a write through `db` would wait for it to end, and be refused as busy. */
export type Executor = Database | Transaction<Schema>;

/** What the installation made for itself, e.g. the secret that signs cookies. */
interface SettingTable {
  key: string;
  value: string;
}

export interface UserTable {
  name: string;
  /** argon2id, PHC format. */
  password: string;
  role: Role;
  created_at: number;
}

interface SessionTable {
  /** SHA-256 of the cookie's session id: a copy of the database opens no session. */
  id: string;
  user_name: string | null;
  /** JSON of express-session. */
  data: string;
  expires_at: number;
}

export interface TokenTable {
  id: string;
  name: string;
  role: TokenRole;
  /** SHA-256, hex. */
  hash: string;
  created_at: number;
  expires_at: number | null;
  /** JSON list of site ids; null unless the role is collector. */
  sites: string | null;
}

/** A run of a collector's process, under the name of its token. */
interface CollectorRunTable {
  collector: string;
  run: string;
  contact_at: number;
  /** Batches below it will not be sent again. */
  settled: number;
}

/** Batches that were taken, as ranges [first, last] that neither touch nor overlap. */
interface CollectorTakenTable {
  collector: string;
  run: string;
  first: number;
  last: number;
}

export interface TicketTable {
  id: string;
  service: string;
  site: string;
  unit: string;
  pic: string;
  /** 0 or 1. */
  accompanied: number;
  /** JSON: contracts/tickets persons. */
  persons: string;
  activity: string;
  from_at: number;
  to_at: number;
  superior_email: string;
  created_at: number;
  created_by: string;
}

/** A ticket without rooms is for the whole site. */
interface TicketRoomTable {
  ticket: string;
  room: string;
}

/** One disturbance (*Gangguan*) in one place. Name and clause are copied: the rule may change, what happened does not. */
export interface IncidentTable {
  id: string;
  site: string;
  room: string | null;
  rule: string;
  name_id: string;
  name_en: string;
  discipline: Discipline;
  urgency: Level;
  impact: Level;
  priority: Priority;
  clause: string;
  opened_at: number;
  due_at: number;
  acknowledged_at: number | null;
  acknowledged_by: string | null;
  resolved_at: number | null;
  /** Alarms that stand, and all there ever were. */
  active: number;
  total: number;
  /** The alarm that tells most. */
  worst_alarm: string | null;
}

/** One occurrence of one alarm, and its facts: it stands while `until_at` is null or it is latched. */
export interface AlarmTable {
  id: string;
  incident: string;
  rule: string;
  point: string;
  owner: string;
  unit: string;
  since_at: number;
  until_at: number | null;
  /** null for a lost device. */
  value: number | null;
  worst: number | null;
  state: string | null;
  limit_value: number | null;
  /** 0 or 1. */
  latched: number;
  acknowledged: number;
}

export interface IncidentEventTable {
  id: string;
  incident: string;
  at: number;
  kind: TimelineEntry['kind'];
  actor: string | null;
  point: string | null;
  value: number | null;
  note: string | null;
}
