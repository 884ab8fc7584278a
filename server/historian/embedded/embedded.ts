import { existsSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Logger } from 'pino';
import { z } from 'zod';
import { systemClock, type Clock } from '../../../core/clock.ts';
import { isDamage, setFileAside } from '../../../core/damage.ts';
import { UnavailableError } from '../../../core/unavailable.ts';
import { bucketsIn } from '../columns.ts';
import { firstSamples } from '../figures.ts';
import type { FactsOf, Historian, StoredReading } from '../historian.ts';
import { createPointFacts } from '../facts.ts';
import { defaultRetention, type Retention } from '../tiers.ts';
import { isStorable, normalise } from '../normalise.ts';
import { hoursKept } from './expiry.ts';
import { createFailedHours } from './failed-hours.ts';
import { waitingHour, type Batch, type WaitingHour } from './protocol.ts';
import { openSession, type Session, type Writer } from './session.ts';

const dayMs = 86_400_000;
const maintainEveryMs = 60_000;
/** After the store's grace for late answers. */
const maintainPhaseMs = 20_000;
/** How often the file is looked after, and a file that cannot be opened is tried again. */
const watchEveryMs = 10_000;
/** How long health shows that a file was set aside. */
const shownForMs = dayMs;
/** Hours that cannot be compacted, one after the other, before the upkeep is given up until the next minute. */
const mostFailures = 3;

/**
 * Readings in one SQLite file. A thread writes: an append becomes one blob, finished minutes are merged once a minute, finished hours are
 * compacted and finished days settled in short steps (docs/decisions/002). Reads happen here in short turns. Each tier is kept for its
 * retention of stored time (docs/decisions/006); `last()` knows dead points forever.
 *
 * Opening never rejects: history must not take the alarms down. A damaged file is set aside and a new one begun, at the start and
 * while running. A file that cannot be opened is tried again; meanwhile every method rejects with an UnavailableError.
 */
export async function openEmbeddedHistorian(options: {
  readonly path: string;
  readonly log: Logger;
  readonly retention?: Retention;
  readonly clock?: Clock;
  readonly facts?: FactsOf;
}): Promise<Historian> {
  const {
    path,
    log,
    retention = defaultRetention,
    clock = systemClock,
    facts = createPointFacts().of,
  } = options;
  const closing = new AbortController();
  let session: Session | undefined;
  /** Why there is no session. */
  let down: string | undefined;
  let incident: { readonly at: number; readonly text: string } | undefined;
  let mergeProblem: string | undefined;
  let repair: Promise<void> | undefined;

  async function open(): Promise<void> {
    try {
      session = await openSession({ path, clock, log });
      if (down !== undefined) log.info({ path }, 'historian: the file is open');
      down = undefined;
    } catch (error) {
      const reason = textOf(error);
      if (isDamage(error) && setAside(reason)) {
        await open();
        return;
      }
      if (down === undefined)
        log.error(
          { reason, path },
          'historian: the file cannot be opened; history is down, the rest goes on',
        );
      down = `${reason}; does the folder ${dirname(path)} exist, and may this user write there?`;
    }
  }

  /** False when it cannot be renamed. */
  function setAside(reason: string): boolean {
    try {
      const aside = setFileAside(path, clock.now());
      note(`${path} was damaged (${reason}) and is set aside as ${aside}; a new file is begun`);
      return true;
    } catch (error) {
      log.error({ reason: textOf(error), path }, 'historian: the damaged file cannot be renamed');
      return false;
    }
  }

  function note(text: string): void {
    incident = { at: clock.monotonic(), text };
    log.error(`historian: ${text}`);
  }

  /** One at a time; the writer before this keeps in memory what is refused meanwhile. */
  function repairing(work: () => Promise<void>): Promise<void> {
    repair ??= work().finally(() => (repair = undefined));
    return repair;
  }

  function replaceDamaged(damaged: Session, reason: string): Promise<void> {
    return repairing(async () => {
      if (session !== damaged || closing.signal.aborted) return;
      session = undefined;
      down = 'the file is damaged and is being replaced';
      await damaged.close().catch(() => undefined);
      if (setAside(reason)) await open();
    });
  }

  /** Somebody deleted the file or put another in its place. It is still open here: what is deleted is copied back. */
  function followPath(moved: Session): Promise<void> {
    return repairing(async () => {
      if (session !== moved) return;
      session = undefined;
      down = 'the file was deleted or replaced while in use';
      const copy = `${path}.copy`;
      let isCopied = false;
      try {
        rmSync(copy, { force: true });
        if (!existsSync(path)) {
          await moved.writer.send({ kind: 'copy', to: copy });
          isCopied = true;
        }
      } catch (error) {
        log.error({ reason: textOf(error) }, 'historian: what was deleted cannot be copied back');
      }
      await moved.close().catch(() => undefined);
      for (const end of ['-wal', '-shm']) if (!existsSync(path)) rmSync(path + end, { force: true });
      if (isCopied) renameSync(copy, path);
      note(
        `${path} was deleted or replaced while in use; ${isCopied ? 'it is restored' : 'going on with the file that is there now'}`,
      );
      await open();
    });
  }

  async function use<Result>(work: (open: Session) => Promise<Result>): Promise<Result> {
    if (closing.signal.aborted) throw new Error('the historian is closed');
    const current = session;
    if (current === undefined) throw new UnavailableError(`history is down: ${down ?? 'not open'}`);
    try {
      return await work(current);
    } catch (error) {
      if (!isDamage(error)) throw error;
      void replaceDamaged(current, textOf(error));
      throw new UnavailableError(`the file of the readings is damaged: ${textOf(error)}`, { cause: error });
    }
  }

  let kept = hoursKept(retention);
  const failedHours = createFailedHours(() => clock.monotonic());
  async function maintain(): Promise<void> {
    while (!closing.signal.aborted) {
      const due = (Math.floor((clock.now() - maintainPhaseMs) / maintainEveryMs) + 1) * maintainEveryMs;
      await clock.sleep(due + maintainPhaseMs - clock.now(), closing.signal);
      if (closing.signal.aborted || session === undefined) continue;
      try {
        await use(({ writer }) => maintainOnce(writer));
        mergeProblem = undefined;
      } catch (error) {
        if (mergeProblem === undefined) log.error({ error }, 'historian: merging finished minutes failed');
        mergeProblem = `merging failed: ${textOf(error)}`;
      }
    }
  }

  /** In steps, between which appends have their turn; ends early when the historian is closed. */
  async function maintainOnce(writer: Writer): Promise<void> {
    await writer.send({ kind: 'merge', now: clock.now() });
    let failures = 0;
    while (!closing.signal.aborted) {
      const except = failedHours.waiting();
      const waiting = waitingHour.parse(await writer.send({ kind: 'next-hour', now: clock.now(), except }));
      if (waiting === null) break;
      const error = await compactOne(writer, waiting);
      failures = error === undefined ? 0 : failures + 1;
      // So many in a row are no fault of theirs: the disk may be full.
      if (failures >= mostFailures) throw error;
    }
    while (!closing.signal.aborted && (await writer.send({ kind: 'settle', now: clock.now() })) === true);
    if (!closing.signal.aborted) await writer.send({ kind: 'expire', now: clock.now(), kept });
  }

  /** An hour that fails is set aside, so that those after it are compacted; resolves with its error. Rejects when the file is damaged. */
  async function compactOne(
    writer: Writer,
    { hour, shard, points }: WaitingHour,
  ): Promise<Error | undefined> {
    let tooLate: number;
    try {
      const known = points.map((point) => facts(point));
      tooLate = z.number().parse(await writer.send({ kind: 'compact', hour, shard, facts: known }));
    } catch (error) {
      if (isDamage(error) || closing.signal.aborted) throw error;
      log.error(
        { error, hour: hour * 3_600_000, shard },
        'historian: an hour cannot be compacted and is set aside',
      );
      failedHours.add({ hour, shard }, textOf(error));
      return error instanceof Error ? error : new Error(textOf(error));
    }
    failedHours.clear({ hour, shard });
    if (tooLate > 0)
      note(`${tooLate} readings came after the raw readings of their hour had expired and are not kept`);
    return undefined;
  }

  async function watch(): Promise<void> {
    while (!closing.signal.aborted) {
      await clock.sleep(watchEveryMs, closing.signal);
      if (closing.signal.aborted) return;
      const problem = session?.writer.problem();
      if (session === undefined) await repairing(open);
      else if (!session.isAtItsPath()) await followPath(session);
      else if (problem !== undefined && isDamage(problem)) await replaceDamaged(session, problem);
    }
  }

  await open();
  const running = [maintain(), watch()];
  return {
    append: (batch, { throughPowerCut } = { throughPowerCut: false }) =>
      use(async ({ writer }) => {
        await writer.send({ kind: 'append', batch: toColumns(batch.filter(isStorable)), throughPowerCut });
      }),
    raw: (point, range, limit, signal) =>
      use(({ reader }) => firstSamples(reader.scan(point, range, signal), limit, signal)),
    rawColumns: (points, range, limit, signal) =>
      use(({ reader }) => reader.samples(points, { range, limit, signal })),
    buckets: (points, range, resolution, signal) =>
      use(async ({ reader }) => {
        const found = await reader.columns(points, { range, resolution, facts, signal });
        return new Map([...found].map(([point, columns]) => [point, bucketsIn(columns)]));
      }),
    columns: (points, range, resolution, signal) =>
      use(({ reader }) => reader.columns(points, { range, resolution, facts, signal })),
    last: (at = Infinity, signal, points) => use(({ reader }) => reader.last(at, signal, points)),
    pin: ({ name, points, range }) =>
      use(async ({ writer }) => {
        await writer.send({ kind: 'pin', pin: { name, points: [...points], ...range } });
      }),
    keepFor(next) {
      kept = hoursKept(next);
    },
    problem() {
      if (down !== undefined) return `history is down: ${down}`;
      const recent = incident !== undefined && clock.monotonic() - incident.at < shownForMs;
      const blobs = session?.reader.damagedBlobs() ?? 0;
      const skipped = blobs === 0 ? undefined : `${blobs} damaged blobs were skipped in answers`;
      return (
        failedHours.problem() ??
        session?.writer.problem() ??
        mergeProblem ??
        (recent ? incident?.text : skipped)
      );
    },
    async close() {
      if (closing.signal.aborted) return;
      closing.abort();
      await repair;
      await session?.close();
      await Promise.all(running);
    },
  };
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function toColumns(batch: readonly StoredReading[]): Batch {
  const samples = batch.map(normalise);
  return {
    points: batch.map(({ point }) => point),
    at: Float64Array.from(samples, ({ at }) => at),
    value: Float64Array.from(samples, ({ value }) => value),
    quality: Uint8Array.from(samples, ({ quality }) => quality),
  };
}
