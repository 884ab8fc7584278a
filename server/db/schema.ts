import type { PermitWork, TicketEventAction, TicketState } from '../contracts/tickets.ts';
import type { Kysely, Transaction } from 'kysely';
import type { Level, Priority } from '../../config/schema/common.ts';
import type { AccessFindingKind } from '../../config/schema/findings.ts';
import type { Channel } from '../../config/schema/people.ts';
import type { Discipline, PlantState } from '../../config/schema/rule.ts';
import type { Role, TokenRole } from '../contracts/common.ts';
import type { AlarmWorkState } from '../contracts/alarm-figures.ts';
import type { ComplianceVerdict } from '../contracts/compliance.ts';
import type { JournalEntryView } from '../contracts/alarms.ts';
import type { TimelineEntry } from '../contracts/incidents.ts';

/**
 * The operations database, one interface per table. Ids are sortable text (`db/id`), times are integer epoch ms, lists
 * that are never searched are JSON text: the same SQL runs on SQLite and PostgreSQL.
 */
export interface Schema {
  setting: SettingTable;
  user: UserTable;
  wall: WallTable;
  session: SessionTable;
  token: TokenTable;
  collector_run: CollectorRunTable;
  collector_taken: CollectorTakenTable;
  ticket: TicketTable;
  ticket_room: TicketRoomTable;
  identity_lookup: IdentityLookupTable;
  ticket_event: TicketEventTable;
  credential: CredentialTable;
  revoked_card: RevokedCardTable;
  access_finding: AccessFindingTable;
  ticket_series: TicketSeriesTable;
  ticket_mail: TicketMailTable;
  alarm_state: AlarmStateTable;
  alarm_occurrence: AlarmOccurrenceTable;
  alarm_journal: AlarmJournalTable;
  incident: IncidentTable;
  incident_alarm: IncidentAlarmTable;
  incident_event: IncidentEventTable;
  incident_attachment: IncidentAttachmentTable;
  incident_report: IncidentReportTable;
  notification: NotificationTable;
  page_plan: PagePlanTable;
  on_call_override: OnCallOverrideTable;
  push_subscription: PushSubscriptionTable;
  time_off: TimeOffTable;
  calendar_feed: CalendarFeedTable;
  handover: HandoverTable;
  field_event: FieldEventTable;
  access_controller: AccessControllerTable;
  plant_state: PlantStateTable;
  load_test: LoadTestTable;
  alarm_work: AlarmWorkTable;
  false_alarm: FalseAlarmTable;
  alarm_report: AlarmReportTable;
  audit_entry: AuditEntryTable;
  personal_erasure: PersonalErasureTable;
  log_entry: LogEntryTable;
  log_node: LogNodeTable;
  log_personal: LogPersonalTable;
  log_head: LogHeadTable;
  log_checkpoint: LogCheckpointTable;
  log_witness: LogWitnessTable;
  compliance_change: ComplianceChangeTable;
  compliance_watch: ComplianceWatchTable;
  compliance_document: ComplianceDocumentTable;
  report: ReportTable;
  report_file: ReportFileTable;
  report_delivery: ReportDeliveryTable;
  capacity_prediction: CapacityPredictionTable;
}

export type Database = Kysely<Schema>;
/** What a repository runs on. Inside `db.transaction()` use the transaction only: a write through `db` would wait for it to end, and be refused as busy. */
export type Executor = Database | Transaction<Schema>;

/** What the installation made for itself, e.g. the secret that signs cookies. */
interface SettingTable {
  key: string;
  value: string;
}

interface WallTable {
  /** The account, or `token:NAME`. */
  name: string;
  painted_at: number;
}

export interface UserTable {
  name: string;
  /** argon2id, PHC format. */
  password: string;
  role: Role;
  created_at: number;
  /** Null: it may sign in. */
  disabled_at: number | null;
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
  state: TicketState;
  /** The technical officer who goes along (*petugas teknis pendamping*). */
  escort: string | null;
  /** Approved or rejected. */
  answered_at: number | null;
  fulfilled_at: number | null;
  closed_at: number | null;
  checked_in_at: number | null;
  /** A door let the first of its persons in. */
  entered_at: number | null;
  /** JSON list: devices of the site that the work takes out of service. */
  takes_out: string;
  /** The alarms of its rooms that the work causes are suppressed while it goes on. */
  suppresses: PermitWork | null;
  pic_email: string | null;
  /** JSON: contracts/tickets `ticketFields`. */
  fields: string;
  /** The number of the request in another system. */
  reference: string | null;
  /** When the other system last changed it, by its own clock. */
  reference_at: number | null;
  /** The series of visits that made it, and for which visit. */
  series: string | null;
  series_at: number | null;
}

/** Visits that come again. */
export interface TicketSeriesTable {
  id: string;
  site: string;
  /** JSON: the request without its times. */
  template: string;
  /** JSON: contracts/ticket-series `repetition`. */
  repetition: string;
  first_at: number;
  duration_ms: number;
  /** Visits before it have their ticket. */
  made_until: number;
  created_at: number;
  created_by: string;
  ended_at: number | null;
  ended_by: string | null;
}

/** A card that was given to a person of a ticket at check-in. */
export interface CredentialTable {
  id: string;
  card: string;
  ticket: string;
  /** The place in the ticket's list of persons, or `pic`. */
  person: string;
  given_at: number;
  given_by: string;
  returned_at: number | null;
  returned_by: string | null;
}

/** A card that was lost or withdrawn: each revocation is a row. */
export interface RevokedCardTable {
  id: string;
  card: string;
  reason: string;
  at: number;
  actor: string;
  ended_at: number | null;
  ended_by: string | null;
}

/** What was found wrong about who enters. */
export interface AccessFindingTable {
  /** The kind and the event, ticket or person it is about: found again, it is the same row. */
  id: string;
  kind: AccessFindingKind;
  /** What it rests on, as people read it. */
  clause: string;
  /** When it was wrong first; when that was found. */
  at: number;
  found_at: number;
  site: string;
  room: string | null;
  /** `site/device/part`. */
  door: string | null;
  ticket: string | null;
  /** `staff:PERSON` or `ticket:ID#PLACE`. */
  person: string | null;
  /** JSON list of the ids of field events. */
  events: string;
  /** `recorded`: it came too late to be an alarm. */
  state: 'live' | 'ended' | 'recorded';
  ended_at: number | null;
}
/** A mail about a step of a ticket: the outbox, as `notification` is that of incidents. */
export interface TicketMailTable {
  id: string;
  ticket: string;
  /** The step that it tells. */
  event: string;
  recipient: string;
  cc: string | null;
  created_at: number;
  next_at: number;
  state: 'waiting' | 'sent' | 'failed' | 'cancelled';
  attempts: number;
  sent_at: number | null;
  answer: string | null;
  message: string | null;
  thread: string | null;
  version: number;
}

/** What was done with a ticket. */
export interface TicketEventTable {
  id: string;
  ticket: string;
  at: number;
  action: TicketEventAction;
  actor: string;
  note: string | null;
  /** JSON: the ticket as it was then, but for what is personal; null: before the log was kept. */
  particulars: string | null;
}

/** A ticket without rooms is for the whole site. */
interface TicketRoomTable {
  ticket: string;
  room: string;
}

/** Somebody has read the identities of a ticket's persons. */
export interface IdentityLookupTable {
  id: string;
  ticket: string;
  at: number;
  user_name: string;
  reason: string;
}

/** The facts of one alarm (`server/alarms/facts`), by `rule@point`. Alarms that were never in alarm or hidden have no row. */
export interface AlarmStateTable {
  alarm: string;
  /** Flags are 0 or 1. */
  in_alarm: number;
  latched: number;
  acknowledged: number;
  shelved_at: number | null;
  shelved_until: number | null;
  suppressed: number;
  /** Suppressed by design: the reason. */
  suppressed_by: string | null;
  chattering: number;
  out_of_service: number;
  /** Number of the latest occurrence; 0 before the first. */
  occurrence: number;
  /** Sequence of the journal entry that made it so: an older one never replaces a newer one. */
  version: number;
}

/** What people declared of a site or room for a time (suppression by design). */
export interface PlantStateTable {
  id: string;
  state: PlantState;
  site: string;
  /** Null: the whole site. */
  room: string | null;
  /** The access ticket that it goes with. */
  ticket: string | null;
  reason: string;
  from_at: number;
  to_at: number;
  created_by: string;
  ended_at: number | null;
  ended_by: string | null;
}

/** One activation of an alarm. Owner, unit and limit are copied: the rule may change, what happened does not. */
export interface AlarmOccurrenceTable {
  alarm: string;
  /** 1, 2, … of its alarm. */
  number: number;
  point: string;
  owner: string;
  unit: string;
  /** Source time. */
  since_at: number;
  until_at: number | null;
  /** null for a lost device. */
  value: number | null;
  worst: number | null;
  state: string | null;
  limit_value: number | null;
  version: number;
}

/** Every transition of every alarm, never changed or deleted. */
export interface AlarmJournalTable {
  /** 1, 2, … without gaps. */
  sequence: number;
  alarm: string;
  site: string;
  /** Number of the occurrence it belongs to; 0 before the first. */
  occurrence: number;
  /** When the condition began or ended by its source's clock; null for what people or time alone did. */
  source_at: number | null;
  server_at: number;
  /** Names of states: `alarms/facts.stateName`. */
  from_state: string;
  to_state: string;
  why: JournalEntryView['why'];
  value: number | null;
  limit_value: number | null;
  /** `good`, or the reason why it was not. */
  quality: string;
  actor: string | null;
  reason: string | null;
  shelved_until: number | null;
  latched: number;
}

/**
 * One disturbance (*Gangguan*). Rule, name, clause and place are those of its first cause, and copied: the rule may change, what
 * happened does not.
 */
export interface IncidentTable {
  id: string;
  /** Of the group of alarms that it holds (`incidents/grouping`). */
  group_key: string;
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
  /** When the condition was over: no alarm is active. */
  returned_at: number | null;
  /** When somebody had seen that too, or it was merged. */
  resolved_at: number | null;
  /** The incident that goes on with its alarms. */
  merged_into: string | null;
  /** When somebody reopened it, the last time; it is over only once a person closes it again. */
  reopened_at: number | null;
  /** JSON: `incidents/sla` pauses. */
  pauses: string;
  /** Of its time to resolve, what people were told: 0 nothing, 1 nearly used, 2 over. */
  sla_stage: number;
  /** A person of `people.yaml`, or a user. */
  assigned_to: string | null;
  /** What the people who solved it found and did. */
  found_cause: string | null;
  remedy: string | null;
  /** JSON: `incidents/disaster` state; null: nothing suggests a *Bencana TIK*. */
  disaster: string | null;
  /** As a sentence, when it last changed. */
  title_id: string;
  title_en: string;
  /** JSON: `incidents/grouping` causes. */
  causes: string;
  /** 1: fire, gas, water or duress. */
  life_safety: number;
  /** Linked alarms that are active, that nobody has acknowledged, and all that there ever were. */
  active: number;
  unacknowledged: number;
  total: number;
  /** The occurrence furthest beyond its limit. */
  worst_alarm: string | null;
  worst_occurrence: number | null;
  /** Counts the changes: an older row never replaces a newer one. */
  version: number;
}

/** Links an occurrence of an alarm to an incident. The alarm is not owned: it can be moved to another one. */
export interface IncidentAlarmTable {
  incident: string;
  alarm: string;
  occurrence: number;
  /** 1, 2, … of its incident. */
  position: number;
  linked_at: number;
  /** 1: put there by a person, so that grouping leaves it alone. */
  pinned: number;
  /** The incident it was moved to; null while it belongs here. */
  moved_to: string | null;
  /** JSON: `incidents/grouping` explanation; null for a cause. */
  because: string | null;
  version: number;
}

export interface IncidentEventTable {
  /** Counted over all incidents, so that no two can collide. */
  sequence: number;
  incident: string;
  at: number;
  kind: TimelineEntry['kind'];
  actor: string | null;
  point: string | null;
  value: number | null;
  note: string | null;
}

/** A file that belongs to an incident; its bytes are in the data folder (`incidents/attachments`). */
interface IncidentAttachmentTable {
  id: string;
  incident: string;
  name: string;
  /** Media type, by its content. */
  type: string;
  bytes: number;
  sha256: string;
  added_at: number;
  added_by: string;
}

/** What the law asks to be told of an incident, one of each kind. */
interface IncidentReportTable {
  id: string;
  incident: string;
  /** A file of the library's `statutory/`. */
  kind: string;
  /** When it became known: the law's clock runs from there. */
  known_at: number;
  due_at: number;
  /** JSON: field → text. */
  fields: string;
  state: 'draft' | 'sent';
  opened_at: number;
  opened_by: string;
  saved_at: number | null;
  saved_by: string | null;
  sent_at: number | null;
  sent_by: string | null;
  /** What the authority answered: a number of receipt. */
  receipt: string | null;
  version: number;
}

/** What is sent to whom, written in the transaction of the change that causes it; sending is a separate step that reads the rows. */
export interface NotificationTable {
  /** Also the key by which a channel recognizes a message that it gets twice. */
  id: string;
  incident: string;
  /** Of `people.yaml`. */
  person: string;
  channel: Channel;
  kind: 'page' | 'recovery' | 'sla-warning' | 'sla-breach';
  /** Of the escalation, 0 the first; a repetition goes on counting. */
  step: number;
  created_at: number;
  /** When it is to be tried, server time. */
  next_at: number;
  state: 'waiting' | 'sent' | 'failed' | 'cancelled';
  attempts: number;
  sent_at: number | null;
  /** When the person showed that it arrived: a receipt, or an acknowledgement. */
  received_at: number | null;
  /** What the channel answered, or why it failed or was cancelled. */
  answer: string | null;
  /** Key of the message that it was handed over in, or was about to be: one attempt that may have arrived is repeated as it was. */
  message: string | null;
  /** Key of the first message of the thread that its message belongs to. */
  thread: string | null;
  /** When the link in its message was used to acknowledge: it works once. */
  used_at: number | null;
  version: number;
}

/** A browser that shows messages to a person, as its push service knows it. */
export interface PushSubscriptionTable {
  id: string;
  /** Of `people.yaml`. */
  person: string;
  /** Address at the push service; whoever knows it and the keys can reach the browser. */
  endpoint: string;
  /** Keys of the browser, base64url. */
  p256dh: string;
  auth: string;
  /** What the browser said it is, for the list of devices. */
  device: string;
  created_at: number;
  /** When a page was last opened there. */
  renewed_at: number;
  /** When the push service last took a message for it. */
  sent_at: number | null;
  failed_at: number | null;
  failure: string | null;
  /** The push service reported that it is gone, or the person ended it. */
  ended_at: number | null;
}

/** The escalation of an incident as it was when it was opened, or became more urgent. */
export interface PagePlanTable {
  incident: string;
  priority: Priority;
  /** JSON: `people/roster` EscalationPlan. */
  plan: string;
  started_at: number;
  /** Steps that were taken. */
  taken: number;
  /** 0: acknowledged or over; nothing further is sent. */
  open: number;
  version: number;
}

interface OnCallOverrideTable {
  id: string;
  layer: string;
  person: string;
  from_at: number;
  to_at: number;
  reason: string;
  created_at: number;
  created_by: string;
  /** When and by whom it was taken back. */
  ended_at: number | null;
  ended_by: string | null;
}

/** When a person is not on duty. */
interface TimeOffTable {
  id: string;
  /** Of `people.yaml`. */
  person: string;
  from_at: number;
  to_at: number;
  reason: string;
  created_at: number;
  created_by: string;
  /** When and by whom it was taken back. */
  ended_at: number | null;
  ended_by: string | null;
}

/** An address that a calendar program reads the roster from. */
interface CalendarFeedTable {
  id: string;
  /** Null: the whole roster. */
  person: string | null;
  /** SHA-256 of the token in the address, hex. */
  hash: string;
  created_at: number;
  created_by: string;
}

/** A shift and its handover. Names are copied: people.yaml may change, what was signed does not. */
export interface HandoverTable {
  id: string;
  shift: string;
  name_id: string;
  name_en: string;
  team: string;
  /** JSON list of the members' names. */
  members: string;
  from_at: number;
  to_at: number;
  /** What the outgoing shift adds; fixed once it has signed. */
  note: string;
  /** JSON: `contracts/handover` content as it was signed; null before. */
  content: string | null;
  /** Person of people.yaml, the name signed in with, when. */
  out_person: string | null;
  out_user: string | null;
  out_at: number | null;
  in_person: string | null;
  in_user: string | null;
  in_at: number | null;
  /** What the incoming shift remarks when it signs. */
  in_remark: string | null;
}

/** See `core/field-event`; stored once by id. */
export interface FieldEventTable {
  id: string;
  site: string;
  /** Its id within the site. */
  device: string;
  at: number;
  kind: string;
  /** JSON, flat. */
  attributes: string;
  received_at: number;
  /** Where its device was when it was stored. */
  room: string | null;
  part: string | null;
  card: string | null;
  person: string | null;
}

/** How far a controller has numbered its events. */
interface AccessControllerTable {
  /** `site/device`. */
  source: string;
  /** As it names itself; empty where it does not. */
  controller: string;
  /** JSON, see `server/access/controllers/numbering`. */
  numbering: string;
}

/** What is done about an alarm that comes too often: each change is a row, the latest counts. */
export interface AlarmWorkTable {
  id: string;
  /** `rule@point`. */
  alarm: string;
  state: AlarmWorkState;
  assignee: string | null;
  note: string | null;
  at: number;
  actor: string;
}

/** Whether an incident was a false alarm: each mark and each withdrawal is a row, the latest counts. */
export interface FalseAlarmTable {
  id: string;
  incident: string;
  /** 0: the mark was taken back. */
  marked: number;
  reason: string;
  at: number;
  actor: string;
}

/** The figures of a month, as they were when its report was made. */
interface AlarmReportTable {
  /** `2026-10`, WIB. */
  month: string;
  made_at: number;
  /** JSON: contracts/alarm-figures `alarmFiguresView`. */
  figures: string;
}

/** A command that came through the API, also one that was refused. */
export interface AuditEntryTable {
  id: string;
  at: number;
  /** A user, `token:NAME`, or empty: not signed in. */
  actor: string;
  role: string;
  /** Where it came from. */
  address: string;
  method: string;
  /** Of the endpoint, with its parameters by name: `/incidents/:id/ack`. */
  path: string;
  /** HTTP status of the answer. */
  status: number;
  /** What it was done to: the parameters of the path, or empty. */
  subject: string;
  /** JSON: the body without secrets and personal fields. */
  input: string;
  /** Why it was refused or failed. */
  problem: string | null;
}

/** Personal values that were erased, and why. */
export interface PersonalErasureTable {
  id: string;
  at: number;
  actor: string;
  reason: string;
  /** JSON list of [sequence, field] of the log. */
  fields: string;
}

/** The log that proves itself: `audit/log`. Hashes are base64. */
export interface LogEntryTable {
  /** 0, 1, … without holes. */
  sequence: number;
  /** `audit/record` LogKind. */
  kind: string;
  /** Id of the row that it proves. */
  ref: string;
  leaf: string;
}

/** Hash of a whole subtree of 2^level leaves. */
export interface LogNodeTable {
  level: number;
  place: number;
  hash: string;
}

/** A personal field of an entry. */
export interface LogPersonalTable {
  sequence: number;
  field: string;
  /** Base64; null once the value is erased. */
  salt: string | null;
  commitment: string;
}

/** One row. */
interface LogHeadTable {
  id: number;
  size: number;
  /** JSON: hashes of the whole subtrees, the largest first. */
  frontier: string;
  /** How many there are. */
  checkpoints: number;
}

export interface LogCheckpointTable {
  /** 1, 2, … without holes. */
  number: number;
  size: number;
  root: string;
  at: number;
  /** The signed text. */
  note: string;
}

/** A collector elsewhere that countersigns checkpoints, and the last that it has. */
export interface LogWitnessTable {
  name: string;
  /** Ed25519, base64 of the 32 bytes; the first one that it showed. */
  key: string;
  /** Of the checkpoint. */
  number: number;
  at: number;
  /** Its line below the checkpoint. */
  line: string;
}

/** From when on a row of BAB IV, or one of its proofs, had a verdict. */
export interface ComplianceChangeTable {
  id: string;
  site: string;
  row: string;
  /** Empty: the row as a whole. */
  proof: string;
  at: number;
  verdict: ComplianceVerdict;
  reason_id: string;
  reason_en: string;
}

/** A time in which the server judged a site without a break. */
export interface ComplianceWatchTable {
  id: string;
  site: string;
  from_at: number;
  to_at: number;
}

/** What proves a row that no sensor measures; its bytes are in the data folder (`compliance/documents`). */
export interface ComplianceDocumentTable {
  id: string;
  site: string;
  /** `document` of the catalogue's proof. */
  kind: string;
  name: string;
  /** Media type, by its content. */
  type: string;
  bytes: number;
  sha256: string;
  note: string | null;
  /** It counts in [valid_from, expires_at). */
  valid_from: number;
  expires_at: number;
  added_at: number;
  added_by: string;
  /** It was a mistake: it does not count from then on, and stays to be seen. */
  withdrawn_at: number | null;
  withdrawn_by: string | null;
  withdrawn_why: string | null;
}

/** A report of a month as it was made; made again, it is another revision. */
export interface ReportTable {
  id: string;
  kind: 'compliance' | 'operations';
  /** Empty: all sites. */
  site: string;
  /** `2026-10`, WIB. */
  month: string;
  /** 1, 2, … */
  revision: number;
  /** Why it was made again. */
  reason: string | null;
  made_at: number;
  /** `server`: by itself. */
  made_by: string;
  /** JSON: the figures of the report. */
  data: string;
  /** Of `data`. */
  sha256: string;
}

export interface ReportFileTable {
  report: string;
  name: string;
  type: string;
  language: 'id' | 'en';
  bytes: number;
  sha256: string;
}

/** A mail about a report, or about a document that expires, to one person. */
export interface ReportDeliveryTable {
  id: string;
  /** Whose files are attached; null: none. */
  report: string | null;
  subject: string;
  text: string;
  person: string;
  state: 'waiting' | 'sent' | 'failed';
  created_at: number;
  attempts: number;
  sent_at: number | null;
  /** What the mail server said, or why it was not sent. */
  answer: string | null;
}

/** A genset run as it was recognised and judged. */
export interface LoadTestTable {
  id: string;
  site: string;
  from_at: number;
  to_at: number;
  label: 'test' | 'outage' | 'no-load' | 'aborted' | 'unclear';
  why: string;
  verdict: 'pass' | 'fail' | 'not-proven';
  /** 1: PLN was off and the gensets carried the site to the end. */
  completed: number;
  made_at: number;
  /** JSON: `contracts/load-tests` loadTestView. */
  content: string;
}

/** What was predicted for a failure just before it happened, and what followed. */
interface CapacityPredictionTable {
  id: string;
  site: string;
  at: number;
  /** JSON: contracts/capacity `elementView[]`. */
  elements: string;
  /** JSON: `Figures` of server/capacity. */
  predicted: string;
  /** Null while it is being watched. */
  judged_at: number | null;
  seen: string | null;
}
