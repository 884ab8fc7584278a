import { existsSync, renameSync } from 'node:fs';
import { DatabaseSync } from '@photostructure/sqlite';
import { inTransaction } from './in-transaction.ts';
import { z } from 'zod';
import { contentOf, partAttribute, type EventSink, type FieldEvent } from './field-event.ts';

/**
 * Field events between a driver that never waits and a store that may be away. In a file, so that what a broker has been told to forget
 * survives a kill: `put` returns when the events are in the file. Events are few; each has its own row, and the same id is kept once,
 * as is the latest event of a door that a bridge repeats with another time.
 *
 * Nothing here throws: what cannot be kept is dropped, oldest first, counted and reported in `state`.
 */
export interface EventQueue {
  put: EventSink;
  /** The oldest ones; they stay until they are removed or set aside. */
  oldest(limit: number): readonly FieldEvent[];
  /** Delivered. False: the file does not let them go, and will hand them out again. */
  remove(ids: readonly string[]): boolean;
  /** The receiver will never take them: counted, kept in the file for inspection, never handed out again. */
  setAside(ids: readonly string[], reason: string): void;
  state(): EventQueueState;
  close(): void;
}

export interface EventQueueState {
  readonly waiting: number;
  /** Dropped since the start: the queue was full, or the file damaged beyond reading. */
  readonly lost: number;
  readonly refused: { readonly events: number; readonly reason: string | null };
  /** Why the events are only in memory at the moment; a kill would lose them. */
  readonly problem: string | null;
}

export interface EventQueueOptions {
  /** `:memory:`: not in a file (tests). */
  readonly path: string;
  /** Epoch ms, for the name of a damaged file that is set aside. */
  readonly now: () => number;
  readonly log: {
    warn(about: object, what: string): void;
    error(about: object, what: string): void;
    info(about: object, what: string): void;
  };
  /** At most so many wait: a day of a busy site. */
  readonly maxEvents?: number;
}

type File = InstanceType<typeof DatabaseSync>;

const schema = `
  create table if not exists event (sequence integer primary key autoincrement, id text not null unique, body text not null, refused text);
  create index if not exists event_waiting on event (sequence) where refused is null;
  create table if not exists latest (origin text primary key, content text not null);
`;
/** Refused ones are kept for inspection, the latest. */
const maxRefused = 10_000;

const attribute = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const eventShape = z.object({
  id: z.string(),
  source: z.string(),
  at: z.number(),
  kind: z.string(),
  attributes: z.record(z.string(), attribute),
});
const bodyRows = z.array(z.object({ id: z.string(), body: z.string() }));
const latestRows = z.array(z.object({ origin: z.string(), content: z.string() }));
const countRow = z.object({ events: z.number() });
const refusedRow = z.object({ events: z.number(), reason: z.string().nullable() });

/** Opens the file; one that is damaged is set aside and replaced. A folder that takes no file: in memory only, and `state` reports it. */
export function openEventQueue(options: EventQueueOptions): EventQueue {
  const { path, log, maxEvents = 200_000 } = options;
  let problem: string | null = null;
  let lost = 0;
  let file: File | undefined = openFile();
  /** What the file did not take; newest last. */
  const memory = new Map<string, FieldEvent>();
  /** The last event of each origin whose numbers may begin again. */
  const latest = new Map(
    attempt((open) => latestRows.parse(open.prepare('select origin, content from latest').all()))?.map(
      ({ origin, content }) => [origin, content],
    ),
  );
  let waiting = count();
  const before = attempt(countRefused);
  let refused = before?.events ?? 0;
  let reason = before?.reason ?? null;

  function openFile(): File | undefined {
    try {
      return open(path);
    } catch (error) {
      if (!isDamage(error)) return fail(error);
      try {
        const aside = setFileAside(options);
        log.error(
          { reason: textOf(error), aside },
          'event queue: the file is damaged; it is set aside and a new one begun',
        );
        return open(path);
      } catch (again) {
        return fail(again);
      }
    }
  }

  function fail(error: unknown): undefined {
    const why = textOf(error);
    if (problem === null)
      log.error({ path, why }, 'event queue: the file takes nothing; events are only in memory');
    problem = why;
    return undefined;
  }

  function succeed(): void {
    if (problem !== null) log.info({ path }, 'event queue: the file takes events again');
    problem = null;
  }

  /** Undefined where the file fails. One that was not there at the start may be there now. */
  function attempt<Result>(work: (file: File) => Result): Result | undefined {
    file ??= openFile();
    if (file === undefined) return undefined;
    try {
      return work(file);
    } catch (error) {
      return fail(error);
    }
  }

  function count(): number {
    return (
      (attempt(
        (open) =>
          countRow.parse(open.prepare('select count(*) events from event where refused is null').get())
            .events,
      ) ?? 0) + memory.size
    );
  }

  function insert(events: Iterable<FieldEvent>): boolean {
    const done = attempt((open) =>
      inTransaction(open, () => {
        const statement = open.prepare('insert or ignore into event (id, body) values (?, ?)');
        const remember = open.prepare('insert or replace into latest (origin, content) values (?, ?)');
        for (const event of events) {
          statement.run(event.id, JSON.stringify(event));
          const content = contentOf(event);
          if (content !== undefined) remember.run(originOf(event), content);
        }
        return true;
      }),
    );
    return done === true;
  }

  /** Whether a bridge has repeated its last event; else the event is the last one from now on. */
  function isRepeated(event: FieldEvent): boolean {
    const content = contentOf(event);
    if (content === undefined) return false;
    const origin = originOf(event);
    if (latest.get(origin) === content) return true;
    latest.set(origin, content);
    return false;
  }

  function trim(): void {
    const surplus = waiting - maxEvents;
    if (surplus <= 0) return;
    attempt((open) =>
      open
        .prepare(
          'delete from event where sequence in (select sequence from event where refused is null order by sequence limit ?)',
        )
        .run(surplus),
    );
    for (const id of memory.keys()) {
      if (memory.size <= maxEvents) break;
      memory.delete(id);
    }
    const full = waiting;
    waiting = count();
    if (lost === 0) log.error({ maxEvents }, 'event queue: full; the oldest events are dropped');
    lost += full - waiting;
  }

  function dropUnreadable(id: string): [] {
    lost += 1;
    log.error({ id }, 'event queue: an event of the file cannot be read; it is dropped');
    attempt((open) => open.prepare('delete from event where id = ?').run(id));
    return [];
  }

  return {
    put(given) {
      const events = given.filter((event) => !isRepeated(event));
      if (events.length === 0) return;
      const all = [...memory.values(), ...events];
      if (insert(all)) {
        memory.clear();
        succeed();
      } else for (const event of events) memory.set(event.id, event);
      waiting = count();
      trim();
    },
    oldest(limit) {
      const rows = attempt((open) =>
        bodyRows.parse(
          open
            .prepare('select id, body from event where refused is null order by sequence limit ?')
            .all(limit),
        ),
      );
      const stored = (rows ?? []).flatMap(({ id, body }) => parseBody(body) ?? dropUnreadable(id));
      return [...stored, ...memory.values()].slice(0, limit);
    },
    remove(ids) {
      for (const id of ids) memory.delete(id);
      const removed = attempt((open) =>
        inTransaction(open, () => {
          const statement = open.prepare('delete from event where id = ?');
          for (const id of ids) statement.run(id);
          return true;
        }),
      );
      waiting = count();
      // Without a file there is nothing that could be handed out again.
      return removed === true || file === undefined;
    },
    setAside(ids, why) {
      for (const id of ids) memory.delete(id);
      attempt((open) =>
        inTransaction(open, () => {
          const statement = open.prepare('update event set refused = ? where id = ?');
          for (const id of ids) statement.run(why, id);
          open
            .prepare(
              'delete from event where sequence in (select sequence from event where refused is not null order by sequence desc limit -1 offset ?)',
            )
            .run(maxRefused);
        }),
      );
      refused += ids.length;
      reason = why;
      waiting = count();
    },
    state: () => ({ waiting, lost, refused: { events: refused, reason }, problem }),
    close() {
      file?.close();
      file = undefined;
    },
  };
}

/** NORMAL: survives any death of the process; the last events before a power cut may be delivered again by their source, or be lost. */
function open(path: string): File {
  const file = new DatabaseSync(path);
  try {
    file.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 0;');
    file.exec(schema);
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}

function originOf({ source, attributes }: FieldEvent): string {
  return JSON.stringify([source, attributes[partAttribute] ?? null]);
}

function parseBody(body: string): FieldEvent | undefined {
  try {
    return eventShape.parse(JSON.parse(body));
  } catch {
    return undefined;
  }
}

function countRefused(file: File): { events: number; reason: string | null } {
  return refusedRow.parse(
    file
      .prepare(
        'select count(*) events, (select refused from event where refused is not null order by sequence desc limit 1) reason from event where refused is not null',
      )
      .get(),
  );
}

function setFileAside({ path, now }: EventQueueOptions): string {
  const aside = `${path}.damaged-${now()}`;
  for (const end of ['', '-wal', '-shm']) if (existsSync(path + end)) renameSync(path + end, aside + end);
  return aside;
}

function isDamage(error: unknown): boolean {
  return /malformed|not a database|no such (table|column)|has no column/i.test(textOf(error));
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
