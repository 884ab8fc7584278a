import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import { iso } from '../../core/time.ts';
import { verificationResult, type LogVerificationView, type VerificationResult } from '../contracts/audit.ts';
import type { Database } from '../db/schema.ts';
import type { LogVerificationTable } from '../db/schema/log.ts';
import { verifyInThread, type VerifyReply } from './verify-job.ts';

/** Verifications of the whole log that are started from the page: one at a time, and the result of the last one is kept. */
export interface Verifications {
  view(): LogVerificationView;
  /** False: one is running already. */
  start(actor: string): boolean;
  /** What the last one found, for health. */
  problem(): string | undefined;
  /** Resolves when none runs. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

interface Running {
  readonly id: string;
  readonly actor: string;
  readonly startedAt: number;
  done: number;
  of: number;
  stop(): Promise<void>;
}

export async function openVerifications(options: {
  readonly db: Database;
  /** File or URL of the same database. */
  readonly where: string;
  readonly publicKey: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly newId: (at: number) => string;
  readonly log: Logger;
}): Promise<Verifications> {
  const { db, where, publicKey, clock, newId, log } = options;
  let last = await lastOf(db);
  let running: Running | undefined;
  let ended: Promise<void> = Promise.resolve();

  async function keep(result: VerificationResult): Promise<void> {
    const run = running;
    if (run === undefined) return;
    const { id, actor, startedAt } = run;
    last = { id, actor, started_at: startedAt, ended_at: clock.now(), result };
    running = undefined;
    if (result.state === 'failed') log.error({ reason: result.reason }, 'the log could not be verified');
    else if (result.problems > 0)
      log.error({ problems: result.problems, first: result.findings[0]?.message }, 'the log is not what was written'); // prettier-ignore
    try {
      await db
        .insertInto('log_verification')
        .values({ ...last, result: JSON.stringify(result) })
        .execute();
    } catch (error) {
      log.error({ err: error }, 'the result of a verification of the log cannot be kept');
    }
  }

  return {
    view: () => ({
      running:
        running === undefined
          ? null
          : {
              actor: running.actor,
              startedAt: iso(running.startedAt),
              done: running.done,
              of: running.of,
            },
      last:
        last === undefined
          ? null
          : {
              actor: last.actor,
              startedAt: iso(last.started_at),
              endedAt: iso(last.ended_at),
              result: last.result,
            },
    }),
    start(actor) {
      if (running !== undefined) return false;
      const startedAt = clock.now();
      ended = new Promise((resolve) => {
        const thread = verifyInThread({ where, publicKey }, (reply) => {
          if (reply.kind !== 'progress') void keep(resultOf(reply)).finally(resolve);
          else if (running !== undefined) [running.done, running.of] = [reply.done, reply.of];
        });
        running = {
          id: newId(startedAt),
          actor,
          startedAt,
          done: 0,
          of: 0,
          stop: async () => {
            await thread.stop();
            resolve();
          },
        };
      });
      return true;
    },
    problem() {
      if (last === undefined || last.result.state === 'failed' || last.result.problems === 0)
        return undefined;
      return `the verification of ${iso(last.ended_at)} found ${last.result.problems} problems: ${last.result.findings[0]?.message ?? ''}`;
    },
    settled: () => ended,
    async close() {
      const run = running;
      running = undefined;
      await run?.stop();
    },
  };
}

function resultOf(reply: Exclude<VerifyReply, { kind: 'progress' }>): VerificationResult {
  if (reply.kind === 'failed') return { state: 'failed', reason: reply.reason };
  const { entries, root, checkpoints, erased, problems, findings } = reply.verification;
  return { state: 'verified', entries, root, checkpoints, erased, problems, findings: [...findings] };
}

async function lastOf(
  db: Database,
): Promise<(Omit<LogVerificationTable, 'result'> & { result: VerificationResult }) | undefined> {
  const row = await db
    .selectFrom('log_verification')
    .selectAll()
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? undefined : { ...row, result: verificationResult.parse(JSON.parse(row.result)) };
}
