import { startWorker } from '../../core/worker.ts';
import type { Verification } from './verify.ts';

/** What a verifying thread is given; both ends are of the same build. */
export interface VerifyJob {
  /** File or postgres:// URL of the operations database. */
  readonly where: string;
  /** Ed25519, base64: what this installation signs with. */
  readonly publicKey: string;
}

export type VerifyReply =
  | { readonly kind: 'progress'; readonly done: number; readonly of: number }
  | { readonly kind: 'verified'; readonly verification: Verification }
  | { readonly kind: 'failed'; readonly reason: string };

/** Verifies in a thread of its own. `stop` ends it; the result then never comes. */
export function verifyInThread(
  job: VerifyJob,
  onReply: (reply: VerifyReply) => void,
): { stop(): Promise<void> } {
  const worker = startWorker(new URL('./verify-worker.ts', import.meta.url), job);
  let ended = false;
  const report = (reply: VerifyReply): void => {
    if (ended) return;
    ended = reply.kind !== 'progress';
    onReply(reply);
  };
  worker.on('message', report);
  worker.on('error', (error) => report({ kind: 'failed', reason: String(error) }));
  worker.on('exit', () => report({ kind: 'failed', reason: 'the verifying thread ended' }));
  return {
    async stop() {
      ended = true;
      await worker.terminate();
    },
  };
}
