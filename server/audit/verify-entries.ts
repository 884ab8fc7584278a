import { z } from 'zod';
import type { Executor } from '../db/schema.ts';
import type { LogEntryTable, LogPersonalTable } from '../db/schema/log.ts';
import type { Findings } from './findings.ts';
import { commit, leafOf, type Provable } from './record.ts';
import { isLogKind, sources } from './sources.ts';

interface Found {
  /** Undefined: it is gone. */
  readonly row: Provable | undefined;
  readonly committed: readonly LogPersonalTable[];
}

interface BadEntry {
  readonly entry: LogEntryTable;
  readonly row: Provable;
  readonly committed: readonly LogPersonalTable[];
}

/** Of a ticket that was logged before sites could ask for fields of their own. */
const noFields = '{}';

/** So many bad entries are held against each other for having changed places. */
const mostCompared = 50;

/** Holds entries against their rows, one after the other; `end` names what is wrong and counts the erased values. */
export function createEntryCheck({
  findings,
  erasures,
}: {
  readonly findings: Findings;
  readonly erasures: ReadonlySet<string>;
}): { entry(entry: LogEntryTable, found: Found): void; end(): number } {
  const bad: BadEntry[] = [];
  let erased = 0;

  function personalProblem(
    entry: LogEntryTable,
    { row, committed }: { readonly row: Provable; readonly committed: readonly LogPersonalTable[] },
  ): string | undefined {
    for (const { field, salt, commitment } of committed) {
      const value = row.personal[field];
      if (salt === null && row.isSuperseded === true) {
        if (erasures.has(erasureName(entry.sequence, field))) erased += 1;
        continue;
      }
      if (salt === null && value === undefined) {
        if (!erasures.has(erasureName(entry.sequence, field)))
          return `${field} was erased without a record of it`;
        erased += 1;
      } else if (salt === null) return `${field} was put back after it was erased`;
      else if (value === undefined) return `${field} was taken out`;
      else if (commit(value, salt) !== commitment) return `${field} is not what was logged`;
    }
    // What had no value when it was logged has no commitment: no leaf and no salt tells that somebody gave it one.
    const fields = new Set(committed.map(({ field }) => field));
    const added = Object.entries(row.personal).find(
      ([field, value]) => !fields.has(field) && value !== noFields,
    );
    if (added !== undefined) return `${added[0]} was added`;
    return undefined;
  }

  return {
    entry(entry, { row, committed }) {
      const { sequence, kind, ref } = entry;
      if (!isLogKind(kind)) {
        findings.add('edited', sequence, `entry ${sequence}: "${kind}" is no kind of entry`);
      } else if (row === undefined) {
        findings.add('deleted', sequence, `entry ${sequence}: row "${ref}" of ${sources[kind].table} was deleted`); // prettier-ignore
      } else if (leafOf(entry, row, committed) !== entry.leaf) {
        bad.push({ entry, row, committed });
      } else {
        const problem = personalProblem(entry, { row, committed });
        if (problem !== undefined) findings.add('edited', sequence, `${nameOf(entry)}: ${problem}`);
      }
    },

    end() {
      const places = exchanged(bad.slice(0, mostCompared));
      for (const [at, { entry, row, committed }] of bad.entries()) {
        const other = places.get(at);
        if (other !== undefined)
          findings.add('reordered', entry.sequence, `${nameOf(entry)} has changed places with entry ${other}`);
        else
          findings.add('edited', entry.sequence, `${nameOf(entry)}: ${reasonOf(row, committed)}`); // prettier-ignore
      }
      return erased;
    },
  };
}

/** By index: the entry whose leaf fits the row of this one. */
function exchanged(bad: readonly BadEntry[]): Map<number, number> {
  const places = new Map<number, number>();
  for (const [at, { entry, row, committed }] of bad.entries())
    for (const { entry: other, committed: beside } of bad) {
      const { sequence } = other;
      if (sequence === entry.sequence) continue;
      // Moved with its leaf and commitments, or without them.
      const leaves = new Set([committed, beside].map((some) => leafOf({ ...entry, sequence }, row, some)));
      if (leaves.has(entry.leaf) || leaves.has(other.leaf)) places.set(at, sequence);
    }
  return places;
}

function nameOf({ sequence, kind, ref }: LogEntryTable): string {
  const table = isLogKind(kind) ? sources[kind].table : kind;
  return `entry ${sequence} (${table} "${ref}")`;
}

function reasonOf(row: Provable, committed: readonly LogPersonalTable[]): string {
  const open = Object.keys(row.personal).filter((name) => committed.every(({ field }) => field !== name));
  if (open.length > 0) return `the commitment to ${open.join(', ')} was deleted, or the value was added`;
  return 'a value of the row, or its leaf, was edited';
}

const fieldsSchema = z.array(z.tuple([z.int(), z.string()]));

/** Of every erasure that is on record. One that cannot be read excuses nothing. */
export async function erasedFields(db: Executor): Promise<Set<string>> {
  const erased = new Set<string>();
  for (const { fields } of await db.selectFrom('personal_erasure').select('fields').execute())
    for (const [sequence, field] of fieldsOf(fields)) erased.add(erasureName(sequence, field));
  return erased;
}

function fieldsOf(text: string): z.output<typeof fieldsSchema> {
  try {
    return fieldsSchema.safeParse(JSON.parse(text)).data ?? [];
  } catch {
    return [];
  }
}

function erasureName(sequence: number, field: string): string {
  return `${sequence} ${field}`;
}
