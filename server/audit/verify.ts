import { sql } from 'kysely';
import { grouped } from '../../core/grouped.ts';
import type { Executor } from '../db/schema.ts';
import type { LogEntryTable, LogPersonalTable } from '../db/schema/log.ts';
import { Findings, type Finding } from './findings.ts';
import { readHead, storedLevels } from './log.ts';
import { logKinds, type Provable } from './record.ts';
import { isLogKind, sources } from './sources.ts';
import { emptyFrontier, grow, rootOf, type Frontier, type Hash } from '../../core/log/tree.ts';
import { checkCheckpoints, type Witness } from './verify-checkpoints.ts';
import { createEntryCheck, erasedFields } from './verify-entries.ts';
import { checkTickets } from './verify-tickets.ts';

export interface VerifyOptions {
  /** What collectors elsewhere have kept. */
  readonly witnesses?: readonly Witness[];
  /** Ed25519, base64: what the installation is known to sign with. */
  readonly publicKey?: string | undefined;
  readonly onProgress?: (done: number, of: number) => void;
}

export interface Verification {
  readonly entries: number;
  readonly root: Hash;
  readonly checkpoints: number;
  /** Checkpoints kept by witnesses that this log agrees with. */
  readonly witnessed: number;
  /** Personal values that were erased on record. */
  readonly erased: number;
  /** Of which `findings` has the first hundred. */
  readonly problems: number;
  readonly findings: readonly Finding[];
}

const entriesAtOnce = 2_000;
const rowsNamed = 10;

/**
 * Reads every value of every row that the log covers, and computes leaves, tree, checkpoints and countersignatures again. Nothing that is
 * stored is taken for granted but the first key. The server may run meanwhile: what it appends after the beginning is not looked at.
 */
export async function verifyLog(db: Executor, options: VerifyOptions = {}): Promise<Verification> {
  const { witnesses = [], onProgress } = options;
  const findings = new Findings();
  // In this order: what is signed and appended between the three only makes the log longer than the checkpoints.
  const { checkpoints: atLeast } = await headOf(db, new Findings());
  const checkpoints = await db.selectFrom('log_checkpoint').selectAll().orderBy('number').execute();
  const head = await headOf(db, findings);
  const kept = witnesses.flatMap((witness) => witness.checkpoints);
  const wanted = new Set([...checkpoints, ...kept].map(({ size }) => size));
  const roots = new Map<number, Hash>([[0, rootOf(emptyFrontier)]]);
  const nodes = await nodesOf(db);
  const check = createEntryCheck({ findings, erasures: await erasedFields(db) });
  const keys: { readonly sequence: number; readonly publicKey: string }[] = [];
  /** Undefined once an entry is missing: no hash of the tree can be computed from there on. */
  let tree: Frontier | undefined = emptyFrontier;
  let next = 0;

  function take(entry: LogEntryTable): boolean {
    const { sequence } = entry;
    if (!Number.isSafeInteger(sequence) || sequence < next) {
      findings.add('inserted', next, `log_entry: number ${sequence} is none that the log gives`);
      return false;
    }
    if (sequence > next) {
      const which = sequence === next + 1 ? `entry ${next} was` : `entries ${next} to ${sequence - 1} were`;
      findings.add('deleted', next, `${which} deleted from log_entry`);
      tree = undefined;
    }
    next = sequence + 1;
    // The stored leaf goes into the tree: an edited row is named once, and not with every root after it.
    if (tree !== undefined) tree = grow(tree, entry.leaf, compareNode);
    if (tree !== undefined && wanted.has(tree.size)) roots.set(tree.size, rootOf(tree));
    if (entry.kind === 'key') keys.push({ sequence, publicKey: entry.ref });
    return true;
  }

  function compareNode({ level, place }: { level: number; place: number }, hash: Hash): void {
    if (level === 0 || level % storedLevels !== 0) return;
    const name = `${level}/${place}`;
    const stored = nodes.get(name);
    nodes.delete(name);
    if (stored === hash) return;
    const [from, to] = [place * 2 ** level, (place + 1) * 2 ** level - 1];
    if (stored === undefined) findings.add('deleted', from, `log_node ${name} was deleted`);
    else findings.add('edited', from, `entries ${from} to ${to} are not what was logged: the hash of them in log_node is another`); // prettier-ignore
  }

  // The next page is read while this one is hashed: the database and the processor work side by side.
  for (let coming: Promise<Page> | undefined = pageFrom(db, { below: head.size }); coming !== undefined;) {
    const { entries, personal, rows }: Page = await coming;
    const last = entries.at(-1);
    coming = last === undefined ? undefined : pageFrom(db, { from: Math.floor(last.sequence) + 1, below: head.size }); // prettier-ignore
    // It is awaited above; until then a failure is nobody's.
    coming?.catch(() => undefined);
    for (const entry of entries)
      if (take(entry))
        check.entry(entry, {
          row: rows.get(entry.kind)?.get(entry.ref),
          committed: personal.get(entry.sequence) ?? [],
        });
    if (last !== undefined) onProgress?.(next, head.size);
  }
  const erased = check.end();

  if (next < head.size)
    findings.add('truncated', next, `the log was cut off: it had ${head.size} entries, and ends before entry ${next}`); // prettier-ignore
  // Whole subtrees of what was cut off have gone with it.
  const gone = next < head.size || tree === undefined;
  if (!gone) for (const name of nodes.keys()) findings.add('inserted', null, `log_node ${name} was inserted: the log has no such subtree`); // prettier-ignore
  if (tree !== undefined && !gone && JSON.stringify(tree.hashes) !== JSON.stringify(head.hashes))
    findings.add('edited', null, 'log_head: its hashes are not those of the entries');
  await findStrangers(db, findings);
  await findUnlogged(db, findings);
  const witnessed = checkCheckpoints({
    checkpoints,
    cosigners: await db.selectFrom('log_witness').selectAll().orderBy('name').execute(),
    expected: [atLeast, head.checkpoints],
    keys,
    publicKey: options.publicKey,
    witnesses,
    entries: next,
    roots: tree === undefined ? undefined : roots,
    findings,
  });
  await checkTickets(db, findings);
  return {
    entries: next,
    root: tree === undefined ? '' : rootOf(tree),
    checkpoints: checkpoints.length,
    witnessed,
    erased,
    problems: findings.count,
    findings: findings.sorted(),
  };
}

async function headOf(db: Executor, findings: Findings): ReturnType<typeof readHead> {
  const heads = await db.selectFrom('log_head').select('id').execute();
  for (const { id } of heads.filter((row) => row.id !== 1))
    findings.add('inserted', null, `log_head: row ${id} was inserted`);
  try {
    return await readHead(db);
  } catch {
    const row = await db.selectFrom('log_entry').select(({ fn }) => fn.countAll().as('count')).executeTakeFirst(); // prettier-ignore
    findings.add('deleted', null, 'log_head: its row is missing or cannot be read');
    return { size: Number(row?.count ?? 0), hashes: [], checkpoints: 0 };
  }
}

async function nodesOf(db: Executor): Promise<Map<string, Hash>> {
  const nodes = await db.selectFrom('log_node').selectAll().orderBy('level').orderBy('place').execute();
  return new Map(nodes.map(({ level, place, hash }) => [`${level}/${place}`, hash]));
}

interface Page {
  /** Empty: there are no more. */
  readonly entries: readonly LogEntryTable[];
  readonly personal: ReadonlyMap<number, readonly LogPersonalTable[]>;
  readonly rows: ReadonlyMap<string, ReadonlyMap<string, Provable>>;
}

/** Without `from` the first page, which also holds what is before entry 0. */
async function pageFrom(
  db: Executor,
  range: { readonly from?: number; readonly below: number },
): Promise<Page> {
  const entries = await entriesFrom(db, range);
  const [first, last] = [entries[0], entries.at(-1)];
  if (first === undefined || last === undefined) return { entries, personal: new Map(), rows: new Map() };
  const personal = await db
    .selectFrom('log_personal')
    .selectAll()
    .where('sequence', '>=', first.sequence)
    .where('sequence', '<=', last.sequence)
    .orderBy('field')
    .execute();
  return {
    entries,
    personal: grouped(personal, ({ sequence }) => sequence),
    rows: await rowsOf(db, entries),
  };
}

function entriesFrom(
  db: Executor,
  { from, below }: { readonly from?: number; readonly below: number },
): Promise<LogEntryTable[]> {
  let query = db
    .selectFrom('log_entry')
    .selectAll()
    .where('sequence', '<', below)
    .orderBy('sequence')
    .limit(entriesAtOnce);
  if (from !== undefined) query = query.where('sequence', '>=', from);
  return query.execute();
}

async function rowsOf(
  db: Executor,
  entries: readonly LogEntryTable[],
): Promise<Map<string, Map<string, Provable>>> {
  const rows = new Map<string, Map<string, Provable>>();
  for (const [kind, some] of grouped(entries, (entry) => entry.kind)) {
    if (!isLogKind(kind)) continue;
    const found = await sources[kind].load(
      db,
      some.map(({ ref }) => ref),
    );
    rows.set(kind, new Map(found.map((row) => [row.ref, row])));
  }
  return rows;
}

/** Rows of the log's own tables that belong to no entry. One statement each: the server may append meanwhile. */
async function findStrangers(db: Executor, findings: Findings): Promise<void> {
  const entries = await sql<{ sequence: number }>`
    select sequence from log_entry where sequence >= (select max(size) from log_head) order by sequence limit ${rowsNamed}`.execute(
    db,
  );
  for (const { sequence } of entries.rows)
    findings.add('inserted', sequence, `entry ${sequence} was inserted behind the end of the log`);
  const fields = await sql<{ sequence: number; field: string }>`
    select sequence, field from log_personal
    where not exists (select 1 from log_entry where log_entry.sequence = log_personal.sequence) limit ${rowsNamed}`.execute(
    db,
  );
  for (const { sequence, field } of fields.rows)
    findings.add('inserted', null, `log_personal: ${field} of entry ${sequence} belongs to no entry`);
}

async function findUnlogged(db: Executor, findings: Findings): Promise<void> {
  for (const kind of logKinds) {
    const { table, unlogged } = { table: sources[kind].table, unlogged: await sources[kind].unlogged(db, rowsNamed) }; // prettier-ignore
    for (const id of unlogged)
      findings.add('inserted', null, `row "${id}" of ${table} was inserted: the log has no entry "${kind}" of it`); // prettier-ignore
  }
}
