import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Clock } from '../../core/clock.ts';
import { countersign, isSigned, originOf, parseCheckpoint, type Signer } from '../../core/log/note.ts';
import { isConsistent } from '../../core/log/tree.ts';
import { witnessFile } from '../../core/log/witness-file.ts';
import { repeat } from '../../core/repeat.ts';

/** What the server shows a witness: its newest checkpoint, and the proof that it continues the one of the size asked for. */
export const witnessed = z.object({
  /** Of the witness: its token's. */
  name: z.string(),
  publicKey: z.string(),
  checkpoint: z.object({ note: z.string() }).nullable(),
  hashes: z.array(z.string()),
});
type Witnessed = z.infer<typeof witnessed>;

/** What a witness answers: its countersignature, or why it gives none. */
export const witnessAnswer = z.union([
  z.strictObject({ key: z.string(), number: z.int(), line: z.string().max(1_000) }),
  z.strictObject({ problem: z.string().max(500) }),
]);
type WitnessAnswer = z.infer<typeof witnessAnswer>;

type Kept = z.infer<typeof witnessFile>;

/** Countersigns, or tells why this checkpoint is not a continuation of what was kept; undefined: there is nothing new. Pure. */
function judgeCheckpoint(
  kept: Kept | undefined,
  shown: Witnessed,
  { signer, now }: { readonly signer: Omit<Signer, 'name'>; readonly now: number },
): { readonly keep: Kept; readonly answer: WitnessAnswer } | { readonly problem: string } | undefined {
  const { checkpoint, publicKey, hashes } = shown;
  if (checkpoint === null) return undefined;
  const serverKey = kept?.serverKey ?? publicKey;
  if (publicKey !== serverKey) return { problem: 'the log is signed with another key than before' };
  const told = parseCheckpoint(checkpoint.note);
  if (told === undefined || !isSigned(checkpoint.note, { name: originOf(serverKey), publicKey: serverKey }))
    return { problem: 'the checkpoint is not signed with the key of the log' };
  const last = kept?.checkpoints.at(-1);
  if (last !== undefined) {
    if (told.number === last.number && told.root === last.root) return undefined;
    if (told.size < last.size || told.number <= last.number)
      return { problem: `checkpoint ${told.number} of ${told.size} entries is older than ${last.number} of ${last.size}` }; // prettier-ignore
    if (!isConsistent(last, told, hashes))
      return { problem: `checkpoint ${told.number} does not continue checkpoint ${last.number}: the log was written again` }; // prettier-ignore
  }
  const { number, size, root } = told;
  const name = kept?.name ?? shown.name;
  const line = countersign(checkpoint.note, now, { ...signer, name });
  const entry = { number, size, root, note: checkpoint.note, line };
  return {
    keep: {
      name,
      publicKey: signer.publicKey,
      serverKey,
      checkpoints: [...thinned(kept?.checkpoints ?? []), entry],
    },
    answer: { key: signer.publicKey, number, line },
  };
}

/** The first of each day is enough beside the last: whatever lies between is proven by it. */
function thinned(checkpoints: Kept['checkpoints']): Kept['checkpoints'] {
  const days = checkpoints.map(({ note }) => Math.floor((parseCheckpoint(note)?.at ?? 0) / 86_400_000));
  return checkpoints.filter((_, place) => days[place] !== days[place - 1]);
}

export interface WitnessOptions {
  readonly url: string;
  readonly token: string;
  /** `witness.json`. */
  readonly path: string;
  readonly signer: Omit<Signer, 'name'>;
  readonly clock: Clock;
  readonly log: Logger;
}

const everyMs = 60_000;
const timeoutMs = 15_000;

/** Keeps and countersigns the server's checkpoints, so that a log which is written again there is found out here. */
export function startWitness(options: WitnessOptions): { close(): Promise<void> } {
  const { clock, log } = options;
  let failing: string | undefined;
  return repeat(clock, { everyMs }, async (signal) => {
    try {
      await witnessOnce(options, signal);
      failing = undefined;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (reason !== failing && !signal.aborted) log.warn({ reason }, 'the log of the server is not countersigned'); // prettier-ignore
      failing = reason;
    }
  });
}

/** One round. Rejects while the server does not answer, or when what it shows must not be countersigned. */
export async function witnessOnce(
  { url, token, path, signer, clock }: Omit<WitnessOptions, 'log'>,
  signal: AbortSignal,
): Promise<void> {
  const address = `${url.replace(/\/+$/, '')}/api/v1/log/witness`;
  const send = async (query: string, init: { method?: string; body?: string } = {}): Promise<Response> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const response = await fetch(address + query, { ...init, headers, redirect: 'manual', signal: limit });
    if (!response.ok) throw new Error(`${address} answers ${response.status}`);
    return response;
  };
  const kept = readKept(path);
  const shown = witnessed.parse(await (await send(`?first=${kept?.checkpoints.at(-1)?.size ?? 0}`)).json());
  const judged = judgeCheckpoint(kept, shown, { signer, now: clock.now() });
  if (judged === undefined) return;
  if ('keep' in judged) {
    writeFileSync(`${path}.partial`, JSON.stringify(judged.keep), { mode: 0o600, flush: true });
    renameSync(`${path}.partial`, path);
  }
  const answer = 'keep' in judged ? judged.answer : judged;
  await send('', { method: 'POST', body: JSON.stringify(answer) });
  if ('problem' in judged) throw new Error(judged.problem);
}

/** A file that cannot be read is not begun again: what it proves would be lost. */
function readKept(path: string): Kept | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  return witnessFile.parse(JSON.parse(text));
}
