import { gunzipSync } from 'node:zlib';
import { ingestInput, type IngestInput, type IngestOutput } from '../../../collectors/remote/wire.ts';
import { serve, type Served } from '../../server/support/http.ts';

/** What the test lets the server say: a status, or its own text; undefined: take it. */
type Script = (
  message: IngestInput,
  token: string | undefined,
) => { status: number; body?: string } | undefined;

export interface ScriptedServer extends Served {
  script: Script;
  /** Changes when the server is to look like another. */
  startedAt: number;
  /** Its clock against ours, ms. */
  aheadMs: number;
  readonly messages: IngestInput[];
  /** `point at` → how often a reading was taken. */
  readonly taken: Map<string, number>;
}

/** Answers deliveries over real HTTP as a server does, but for what the script says: faults that a real one shows rarely. */
export async function scriptedServer(): Promise<ScriptedServer> {
  const state: Omit<ScriptedServer, keyof Served> = {
    script: () => undefined,
    startedAt: 1,
    aheadMs: 0,
    messages: [],
    taken: new Map(),
  };
  function answer(message: IngestInput): IngestOutput {
    const { batch } = message;
    for (const [index, at] of (batch?.at ?? []).entries()) {
      const key = `${batch?.points[batch.point[index] ?? -1]} ${at}`;
      state.taken.set(key, (state.taken.get(key) ?? 0) + 1);
    }
    const now = Date.now() + state.aheadMs;
    return {
      receivedAt: now,
      answeredAt: now,
      serverStartedAt: state.startedAt,
      batch:
        batch === undefined
          ? null
          : { sequence: batch.sequence, stored: batch.at.length, repeat: false, refused: [] },
    };
  }
  const served = await serve((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const message = ingestInput.parse(JSON.parse(gunzipSync(Buffer.concat(chunks)).toString()));
      state.messages.push(message);
      const said = state.script(message, request.headers.authorization);
      response.statusCode = said?.status ?? 200;
      response.setHeader('content-type', 'application/json');
      response.end(
        said === undefined
          ? JSON.stringify(answer(message))
          : (said.body ?? JSON.stringify({ detail: 'scripted' })),
      );
    });
  });
  return Object.assign(state, served);
}
