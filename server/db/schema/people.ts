import type { Priority } from '../../../config/schema/common.ts';
import type { Channel } from '../../../config/schema/people.ts';

/** Who is on duty, and how they are called. */
export interface PeopleTables {
  notification: NotificationTable;
  page_plan: PagePlanTable;
  on_call_override: OnCallOverrideTable;
  push_subscription: PushSubscriptionTable;
  time_off: TimeOffTable;
  calendar_feed: CalendarFeedTable;
  handover: HandoverTable;
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
