import type { AccessFindingKind } from '../../../config/schema/findings.ts';

/** Doors, their events and what is found in them. */
export interface AccessTables {
  field_event: FieldEventTable;
  late_event: LateEventTable;
  access_controller: AccessControllerTable;
  credential: CredentialTable;
  revoked_card: RevokedCardTable;
  access_finding: AccessFindingTable;
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

/** A field event that arrived days late and is not judged yet. */
interface LateEventTable {
  event: string;
  at: number;
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
