import { startWorker } from '../../../core/worker.ts';
import { errorOf } from './failure.ts';
import type { Failure } from './protocol.ts';

export type CaretakerJob =
  | { readonly kind: 'inspect'; readonly path: string }
  | { readonly kind: 'copy'; readonly path: string; readonly to: string };

export type CaretakerReply = { readonly findings: readonly string[] } | { readonly failure: Failure };

/** What SQLite finds wrong with a file, in its words; empty: nothing. Rejects with a typed error when the file cannot be read at all. */
export function inspect(path: string): Promise<readonly string[]> {
  return run({ kind: 'inspect', path });
}

/** Copies a database that may be in use; rejects when the copy is not good. */
export async function copyDatabase(path: string, to: string): Promise<void> {
  const findings = await run({ kind: 'copy', path, to });
  if (findings.length > 0) throw new Error(`the copy of ${path} is damaged: ${findings.join('; ')}`);
}

function run(job: CaretakerJob): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const worker = startWorker(new URL('./caretaker.ts', import.meta.url), job);
    worker.on('message', (reply: CaretakerReply) => {
      if ('findings' in reply) resolve(reply.findings);
      else reject(errorOf(reply.failure, job.path));
    });
    worker.on('error', reject);
    worker.on('exit', () => reject(new Error(`${job.path}: the thread that looks it through ended`)));
  });
}
