import { parentPort, workerData } from 'node:worker_threads';
import { openDatabase } from '../db/database.ts';
import { verifyLog } from './verify.ts';
import type { VerifyJob, VerifyReply } from './verify-job.ts';

/** A thread that lives for one verification, with connections of its own: hashing a million rows stops neither polling nor reading. */
async function verify({ where, publicKey }: VerifyJob): Promise<void> {
  const send = (reply: VerifyReply): void => parentPort?.postMessage(reply, []);
  try {
    const db = await openDatabase(where);
    try {
      const verification = await verifyLog(db, {
        publicKey,
        onProgress: (done, of) => send({ kind: 'progress', done, of }),
      });
      send({ kind: 'verified', verification });
    } finally {
      await db.destroy();
    }
  } catch (error) {
    send({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
  }
}

const job: VerifyJob = workerData;
void verify(job);
