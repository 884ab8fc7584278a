import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { DatabaseSync } from '@photostructure/sqlite';
import { failureOf, isDamage } from './failure.ts';
import type { CaretakerJob, CaretakerReply } from './caretaker-job.ts';

/** A thread that lives for one job: looks a file through, or copies one and looks the copy through. */
const findingsShown = 3;

/** What SQLite finds wrong; empty: nothing. Throws what is no damage (no permission, a full disk). */
function findingsOf(path: string): string[] {
  try {
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      const rows = database.prepare(`pragma quick_check(${findingsShown})`).all();
      return rows.map((row) => Object.values(row).join(' ')).filter((finding) => finding !== 'ok');
    } finally {
      database.close();
    }
  } catch (error) {
    const failure = failureOf(error);
    if (isDamage(failure)) return [failure.message];
    throw error;
  }
}

/** Consistent while others write. The copy gets its name when it is whole, looked through and on the disk. */
function copy(from: string, to: string): string[] {
  const partial = `${to}.partial`;
  rmSync(partial, { force: true });
  const database = new DatabaseSync(from, { readOnly: true });
  try {
    database.prepare('vacuum into ?').run(partial);
  } finally {
    database.close();
  }
  const findings = findingsOf(partial);
  if (findings.length === 0) {
    putOnDisk(partial);
    renameSync(partial, to);
    // Its name is in the folder.
    putOnDisk(dirname(to));
  }
  return findings;
}

function putOnDisk(path: string): void {
  const file = openSync(path, 'r');
  fsyncSync(file);
  closeSync(file);
}

function perform(job: CaretakerJob): CaretakerReply {
  try {
    return { findings: job.kind === 'inspect' ? findingsOf(job.path) : copy(job.path, job.to) };
  } catch (error) {
    return { failure: failureOf(error) };
  }
}

const job: CaretakerJob = workerData;
parentPort?.postMessage(perform(job), []);
