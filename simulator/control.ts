import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { isDrillName, drills, type DrillName } from './drills/drills.ts';
import type { Listener } from './devices/endpoint.ts';
import { listenTcp } from './devices/tcp.ts';
import { UnknownSiteError, type Field } from './field.ts';

const longestBody = 10_000;

const drillRequest = z.strictObject({
  name: z.custom<DrillName>((name) => typeof name === 'string' && isDrillName(name), {
    error: `name must be one of ${Object.keys(drills).join(', ')}`,
  }),
  site: z.string().min(1),
  action: z.enum(['start', 'stop']).default('start'),
});

export interface ControlOptions {
  readonly field: Field;
  readonly port: number;
  readonly now: () => number;
}

/**
 * The simulator's own HTTP on loopback: `GET /health`; `GET /drills` → `{items: [{name, site, startedAt}]}` of those that
 * run; `POST /drills {name, site, action}` → the same list. Errors: 400 for a body that lies, 404 for an unknown site.
 */
export async function serveControl({
  field,
  port,
  now,
}: ControlOptions): Promise<Listener & { readonly port: number }> {
  const server = createServer((request, response) => {
    answer(request, { field, now }).then(
      ({ status, body }) => reply(response, status, body),
      (error: unknown) => reply(response, 500, { error: String(error) }),
    );
  });
  return listenTcp(server, { host: '127.0.0.1', port });
}

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

async function answer(
  request: IncomingMessage,
  { field, now }: Pick<ControlOptions, 'field' | 'now'>,
): Promise<Reply> {
  const path = (request.url ?? '').split('?')[0];
  if (path === '/health' && request.method === 'GET') return { status: 200, body: { status: 'ok' } };
  if (path !== '/drills') return { status: 404, body: { error: `nothing at ${path}` } };
  if (request.method === 'GET') return running(field);
  if (request.method !== 'POST') return { status: 405, body: { error: 'GET or POST' } };
  const parsed = drillRequest.safeParse(await readJson(request));
  if (!parsed.success) return { status: 400, body: { error: z.prettifyError(parsed.error) } };
  const { name, site, action } = parsed.data;
  try {
    if (action === 'start') field.startDrill(name, site, now());
    else field.stopDrill(name, site);
  } catch (error) {
    if (error instanceof UnknownSiteError) return { status: 404, body: { error: error.message } };
    throw error;
  }
  return running(field);
}

function running(field: Field): Reply {
  return {
    status: 200,
    body: {
      items: field
        .running()
        .map(({ name, site, startedAt }) => ({ name, site, startedAt: new Date(startedAt).toISOString() })),
    },
  };
}

/** The body as JSON; undefined, which no schema takes, when it is none or too long. */
async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > longestBody) return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
