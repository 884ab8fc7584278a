/** What remote collectors have delivered. */
export interface CollectorTables {
  collector_run: CollectorRunTable;
  collector_taken: CollectorTakenTable;
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
