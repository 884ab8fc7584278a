import { parentPort } from 'node:worker_threads';
import { startWorker } from '../core/worker.ts';
import { loadConfig, type LoadResult } from './load.ts';
import { allProfiles } from './load/profiles.ts';
import type { Model } from './model.ts';
import type { Profile } from './schema/profile.ts';
import { shareStrings } from './shared-strings.ts';
import { createTopology, type TopologyEdge, type TopologyNode } from './topology/graph.ts';

/** A load result as it crosses from one thread to another: the topology's functions cannot, what they are made of can. */
type SentResult =
  | Extract<LoadResult, { ok: false }>
  | (Omit<Extract<LoadResult, { ok: true }>, 'model'> & {
      readonly model: Omit<Model, 'topology'>;
      readonly nodes: readonly TopologyNode[];
      readonly edges: readonly TopologyEdge[];
    });

/**
 * As `loadConfig`, in a separate thread: three sites take a second to read and check, during which the event loop would
 * poll nothing, and the memory that reading takes is returned with the thread. Rejects only when the thread dies.
 */
export async function loadConfigInThread(dir: string): Promise<LoadResult> {
  const sent = await answerOf<SentResult>(new URL('load-worker.ts', import.meta.url), dir);
  await shareStrings(sent);
  return received(sent);
}

/** As `allProfiles`, in a separate thread. */
export function allProfilesInThread(dir: string): Promise<Profile[]> {
  return answerOf<Profile[]>(new URL('profiles-worker.ts', import.meta.url), dir);
}

/** The one message that a thread sends. */
function answerOf<Answer>(module: URL, dir: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    // Little of what it makes is garbage: with less room a quarter of its time went into looking for some.
    const worker = startWorker(module, dir, { maxYoungGenerationSizeMb: 96 });
    worker.once('error', (cause) => {
      reject(new Error('the configuration could not be read: the thread that reads it died', { cause }));
    });
    const ended = (code: number): void =>
      reject(new Error(`the thread that reads the configuration ended (${code})`));
    worker.once('exit', ended);
    worker.once('message', (answer: Answer) => {
      // It ends now, as it should.
      worker.off('exit', ended);
      resolve(answer);
    });
  });
}

/** The thread's side, called by `load-worker.ts`. */
export function sendConfig(dir: string): void {
  const loaded = loadConfig(dir);
  if (!loaded.ok) {
    send(loaded satisfies SentResult);
    return;
  }
  const { topology, ...model } = loaded.model;
  send({ ...loaded, model, nodes: topology.nodes, edges: topology.edges } satisfies SentResult);
}

/** The thread's side, called by `profiles-worker.ts`. */
export function sendProfiles(dir: string): void {
  send(allProfiles(dir));
}

function send(answer: SentResult | Profile[]): void {
  const port = parentPort;
  if (port === null) throw new Error('this module runs in a worker thread only');
  port.postMessage(answer);
}

function received(sent: SentResult): LoadResult {
  if (!sent.ok) return sent;
  const { nodes, edges, model, ...rest } = sent;
  return { ...rest, model: { ...model, topology: createTopology(nodes, edges) } };
}
