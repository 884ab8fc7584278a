/** Genset runs, their revisions and signatures, what they found wanting, and what is planned. */
export interface LoadTestTables {
  load_test: LoadTestTable;
  load_test_revision: LoadTestRevisionTable;
  load_test_signature: LoadTestSignatureTable;
  load_test_deficiency: LoadTestDeficiencyTable;
  load_test_plan: LoadTestPlanTable;
  load_test_check: LoadTestCheckTable;
  load_test_watch: LoadTestWatchTable;
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
  /** JSON: `contracts/load-tests` loadTestContent. */
  content: string;
  /** Number of the latest revision, which this row is. */
  revision: number;
}

export interface LoadTestRevisionTable {
  test: string;
  /** From 1. The latest is the one in `load_test`. */
  revision: number;
  made_at: number;
  /** Null: the server itself. */
  made_by: string | null;
  /** Why the one before was corrected; null: the first. */
  reason: string | null;
  /** JSON: `contracts/load-tests` loadTestContent. */
  content: string;
  /** Since the first signature; nothing of it changes after that. */
  sealed_at: number | null;
  /** JSON of what is signed: the content with all that was added to it. */
  sealed: string | null;
  /** Of `sealed`, hex. */
  sha256: string | null;
}

export interface LoadTestSignatureTable {
  id: string;
  test: string;
  revision: number;
  form: 'application' | 'local-key' | 'bsre';
  /** User name. */
  signed_by: string;
  signed_at: number;
  /** Of what was signed, hex. */
  sha256: string;
  /** What the signer answered: a certificate's subject, a document's id. */
  evidence: string | null;
  /** Name of the signed PDF in the data folder; null: the form makes none. */
  file: string | null;
}

export interface LoadTestDeficiencyTable {
  id: string;
  /** The run that showed it. */
  test: string;
  site: string;
  text: string;
  owner: string;
  /** End of its day (WIB), exclusive. */
  due_at: number;
  added_by: string;
  added_at: number;
  closed_by: string | null;
  closed_at: number | null;
  closing: string | null;
}

export interface LoadTestPlanTable {
  id: string;
  site: string;
  from_at: number;
  to_at: number;
  /** JSON: names. */
  witnesses: string;
  ticket: string | null;
  note: string | null;
  /** JSON: labels, as the profile had them when it was planned. */
  checklist: string;
  /** The declaration (`plant_state`) that it made. */
  plant_state: string;
  /** The run that it became. */
  test: string | null;
  created_by: string;
  created_at: number;
  cancelled_by: string | null;
  cancelled_at: number | null;
  cancelled_why: string | null;
}

export interface LoadTestCheckTable {
  plan: string;
  /** Place in the checklist, from 0. */
  item: number;
  ticked_by: string;
  ticked_at: number;
}

/** Since when the load tests of a site are watched. */
interface LoadTestWatchTable {
  site: string;
  since: number;
}
