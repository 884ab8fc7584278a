/** The log that proves itself, and what it proves beside the tables of others. */
export interface LogTables {
  audit_entry: AuditEntryTable;
  personal_erasure: PersonalErasureTable;
  log_entry: LogEntryTable;
  log_node: LogNodeTable;
  log_personal: LogPersonalTable;
  log_head: LogHeadTable;
  log_checkpoint: LogCheckpointTable;
  log_witness: LogWitnessTable;
  log_verification: LogVerificationTable;
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

/** A verification of the log that was started from the page, and ended. */
export interface LogVerificationTable {
  id: string;
  actor: string;
  started_at: number;
  ended_at: number;
  /** JSON: `contracts/audit` verificationResult. */
  result: string;
}
