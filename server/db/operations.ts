import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import { openDatabase } from './database.ts';
import { DatabaseUnavailable, DatabaseUnusable } from './errors.ts';
import type { Database } from './schema.ts';
import { copyDatabase, inspect } from './sqlite/caretaker-job.ts';

/** The operations database as the server keeps it: looked through at the start, copied every day, watched while it runs. */
export interface Operations {
  readonly db: Database;
  /** What is wrong with it, for health. */
  readonly problem: () => string | undefined;
  close(): Promise<void>;
}

export interface OperationsOptions {
  readonly dataDir: string;
  /** `postgres://…`; absent: `operations.db` in the data folder. */
  readonly databaseUrl: string | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

const dayMs = 86_400_000;
const watchEveryMs = 30_000;
/** An hour: a copy of a large file must not be tried all the time on a full disk. */
const looksAfterFailedCopy = 120;
/** A file of a gigabyte takes longer on a slow disk: then the start continues, and health reports the result. */
const longestInspectionMs = 20_000;

/**
 * Opens the operations database and brings it to the newest schema. Rejects with DatabaseUnusable when somebody must act first: a
 * damaged file, one of a newer version, a folder that cannot be written. The message names the way to the last good copy.
 */
export function openOperations(options: OperationsOptions): Promise<Operations> {
  return options.databaseUrl === undefined ? openFile(options) : openServer(options, options.databaseUrl);
}

/** For a command beside the server: no inspection, no daily copies; still a copy before the schema is changed. */
export async function openForCommand(options: {
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
  readonly now: number;
}): Promise<Database> {
  const { dataDir, databaseUrl, now } = options;
  if (databaseUrl !== undefined) return openDatabase(databaseUrl);
  const { path, folder } = filesOf(dataDir);
  makeFolder(dataDir);
  const copies = createCopies(path, folder);
  refuseEmpty(path, copies, folder);
  return openWithCopies(path, copies, { now });
}

async function openWithCopies(
  path: string,
  copies: Copies,
  { now, onDamage }: { readonly now: number; readonly onDamage?: (finding: string) => void },
): Promise<Database> {
  try {
    return await openDatabase(path, {
      onDamage,
      beforeMigrations: async ([first]) => {
        await copies.make(now, `before-${first}`);
      },
    });
  } catch (error) {
    if (!(error instanceof DatabaseUnavailable)) throw error;
    throw new DatabaseUnusable(
      `${error.message}. Is the folder writable for this user, and is there room on the disk?`,
      { cause: error },
    );
  }
}

function filesOf(dataDir: string): { path: string; folder: string } {
  return { path: operationsFile(dataDir), folder: join(dataDir, 'backups') };
}

/** Where the operations database is in a data folder, unless it is on a PostgreSQL server. */
export function operationsFile(dataDir: string): string {
  return join(dataDir, 'operations.db');
}

async function openServer({ clock, log }: OperationsOptions, url: string): Promise<Operations> {
  const db = await openDatabase(url);
  const watch = startWatch({ db, clock, log, look: () => Promise.resolve(undefined) });
  return { db, problem: watch.problem, close: () => closeAll(watch, db) };
}

async function openFile({ dataDir, clock, log }: OperationsOptions): Promise<Operations> {
  const { path, folder } = filesOf(dataDir);
  const copies = createCopies(path, folder);
  makeFolder(dataDir);
  refuseEmpty(path, copies, folder);
  const { late } = existsSync(path) ? await inspectInTime(path, copies, folder) : { late: undefined };
  let findings: string | undefined;
  const damaged = (what: string): string => `${path} is damaged: ${what}\n${wayBack(path, copies, folder)}`;
  const db = await openWithCopies(path, copies, {
    now: clock.now(),
    onDamage: (finding) => (findings ??= damaged(finding)),
  });

  const { ino, dev } = statSync(path);
  let copyProblem: string | undefined;
  let looksToSkip = 0;
  let rescued: string | undefined;
  void late?.then((found) => (findings ??= found));

  async function rescue(): Promise<string> {
    if (rescued !== undefined) return rescued;
    const to = copies.pathFor(clock.now(), `rescued-${clock.now()}`);
    await sql`vacuum into ${to}`.execute(db);
    rescued = to;
    return to;
  }

  async function look(): Promise<string | undefined> {
    const now = statSync(path, { throwIfNoEntry: false });
    if (now?.ino !== ino || now.dev !== dev) {
      const what = `${path} was ${now === undefined ? 'deleted' : 'replaced'} while it was in use: what is written from now on is lost at the end of this process`;
      return `${what}. Stop the server and put ${await rescue()} in its place`;
    }
    const latest = copies.latest();
    // A clock that jumped back must not stop the copies: one from the future counts as old.
    const ageMs = latest === undefined ? Infinity : Math.abs(clock.now() - latest.madeAt);
    if (looksToSkip > 0) looksToSkip -= 1;
    else if (findings === undefined && ageMs >= dayMs) {
      try {
        await copies.make(clock.now());
        copyProblem = undefined;
      } catch (error) {
        looksToSkip = looksAfterFailedCopy;
        copyProblem = `the last copy is ${latest === undefined ? 'missing' : `of ${new Date(latest.madeAt).toISOString()}`}: ${messageOf(error)}`;
      }
    }
    return findings ?? copyProblem;
  }

  const watch = startWatch({ db, clock, log, look });
  return { db, problem: watch.problem, close: () => closeAll(watch, db) };
}

interface Watch {
  readonly problem: () => string | undefined;
  close(): Promise<void>;
}

/** Looks at once and every half minute, also whether the database answers at all. */
function startWatch(options: {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly look: () => Promise<string | undefined>;
}): Watch {
  const { db, clock, log, look } = options;
  const closing = new AbortController();
  let problem: string | undefined;

  async function examine(): Promise<string | undefined> {
    try {
      await sql`select 1`.execute(db);
      // An empty one: it waits for the holder of the write lock, and costs no fsync.
      await db.transaction().execute(() => Promise.resolve());
      return await look();
    } catch (error) {
      return messageOf(error);
    }
  }

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      const found = await examine();
      if (closing.signal.aborted) return;
      if (found !== undefined && problem === undefined)
        log.error({ reason: found }, 'operations database: not well');
      if (found === undefined && problem !== undefined) log.info('operations database: well again');
      problem = found;
      await clock.sleep(watchEveryMs, closing.signal);
    }
  }
  const running = run();
  return {
    problem: () => problem,
    async close() {
      closing.abort();
      await running;
    },
  };
}

async function closeAll(watch: Watch, db: Database): Promise<void> {
  await watch.close();
  await db.destroy();
}

function makeFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true });
  } catch (error) {
    throw new DatabaseUnusable(
      `the data folder ${dataDir} cannot be made (${messageOf(error)}): make it writable for this user, or name another one in PANTAU_DATA`,
      { cause: error },
    );
  }
}

/** An empty or missing file where there are copies was truncated or deleted; beginning again would hide that from everybody. */
function refuseEmpty(path: string, copies: Copies, folder: string): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > 0 || copies.latest() === undefined) return;
  const what = existsSync(path) ? `${path} is empty` : `${path} is missing`;
  throw new DatabaseUnusable(
    `${what} although it was in use before.\n${wayBack(path, copies, folder)}\nTo begin with an empty one instead, move ${folder} away.`,
  );
}

/** Rejects when the file is damaged; resolves to what is found later when it takes too long. */
async function inspectInTime(
  path: string,
  copies: Copies,
  folder: string,
): Promise<{ late: Promise<string | undefined> | undefined }> {
  const inspection = inspect(path).then(
    (findings) =>
      findings.length === 0
        ? undefined
        : `${path} is damaged: ${findings.join('; ')}\n${wayBack(path, copies, folder)}`,
    (error: unknown) => `${path} cannot be read: ${messageOf(error)}`,
  );
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), longestInspectionMs);
  });
  const outcome = await Promise.race([inspection, patience]);
  clearTimeout(timer);
  if (outcome === 'late') return { late: inspection };
  if (outcome !== undefined) throw new DatabaseUnusable(outcome);
  return { late: undefined };
}

/** The command that goes back to the last good copy. */
function wayBack(path: string, copies: Copies, folder: string): string {
  const copy = copies.latest();
  if (copy === undefined)
    return `There is no copy of it in ${folder}. Put a backup of your own in its place, or move it away to begin with an empty one: users, incidents and tickets are then gone.`;
  const aside = shellWord(`${path}.damaged`);
  const move = ['', '-wal', '-shm']
    .map((suffix) => `${path}${suffix}`)
    .map(shellWord)
    .join(' ');
  return [
    `The last good copy is of ${new Date(copy.madeAt).toISOString()}. To go back to it (what was written later is in the damaged file only; keep that):`,
    `  mkdir -p ${aside} && mv -f ${move} ${aside} 2>/dev/null; cp ${shellWord(copy.path)} ${shellWord(path)}`,
  ].join('\n');
}

function shellWord(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Rolling copies of `operations.db`, beside it in `backups/`: each whole and looked through before it gets its name. */
interface Copies {
  /** The newest there is. */
  latest(): Copy | undefined;
  /** `label` gives the reason, e.g. `before-005-alarms`; the oldest beyond seven are deleted. */
  make(now: number, label?: string): Promise<string>;
  /** Makes room for a new copy made by `write` under its own name; not counted among the seven. */
  pathFor(now: number, label: string): string;
}

interface Copy {
  readonly path: string;
  /** By the file's own time, epoch ms. */
  readonly madeAt: number;
}

const copiesKept = 7;
const nameOfCopy = /^operations-\d{4}-\d{2}-\d{2}.*\.db$/;

function createCopies(path: string, folder: string): Copies {
  /** Newest first, by when they were made: names come from a clock that may have jumped. */
  function all(): Copy[] {
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .filter((name) => nameOfCopy.test(name))
      .map((name) => join(folder, name))
      .map((copy) => ({ path: copy, madeAt: statSync(copy).mtimeMs }))
      .toSorted((one, other) => other.madeAt - one.madeAt);
  }

  function pathFor(now: number, label: string): string {
    mkdirSync(folder, { recursive: true });
    const date = new Date(now).toISOString().slice(0, 10);
    return join(folder, `operations-${date}${label === '' ? '' : `-${label}`}.db`);
  }

  return {
    latest: () => all()[0],
    pathFor,
    async make(now, label = '') {
      const to = pathFor(now, label);
      await copyDatabase(path, to);
      for (const old of all().slice(copiesKept)) if (old.path !== to) rmSync(old.path, { force: true });
      return to;
    },
  };
}
