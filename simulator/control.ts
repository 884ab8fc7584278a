import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { isDrillName, drills, type DrillName } from './drills/drills.ts';
import { type Listener, listenTcp } from './devices/endpoint.ts';
import { UnknownSiteError, type Field } from './field.ts';

const longestBody = 10_000;

/** Sent with every command. A web page of another origin cannot set it without asking first, and is then refused. */
export const controlHeader = { 'x-pantau-control': 'drills' } as const;

const drillRequest = z.strictObject({
  name: z.custom<DrillName>((name) => typeof name === 'string' && isDrillName(name), {
    error: `name must be one of ${Object.keys(drills).join(', ')}`,
  }),
  site: z.string().min(1),
  action: z.enum(['start', 'stop']).default('start'),
  /** Loaded run of a load test. */
  minutes: z.int().min(1).max(240).optional(),
});

export interface ControlOptions {
  readonly field: Field;
  readonly port: number;
  readonly now: () => number;
}

/**
 * The simulator's own HTTP on loopback: `GET /health`; `GET /drills` → `{items: [{name, site, startedAt}]}` of those that
 * run; `POST /drills {name, site, action}` → the same list. Errors: 400 for a body of another shape, 403 for a web page (`refusal`),
 * 404 for an unknown site.
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
  const refused = refusal(request);
  if (refused !== undefined) return { status: 403, body: { error: refused } };
  const path = (request.url ?? '').split('?')[0];
  if (path === '/health' && request.method === 'GET') return { status: 200, body: { status: 'ok' } };
  if (path !== '/drills') return { status: 404, body: { error: `nothing at ${path}` } };
  if (request.method === 'GET') return running(field);
  if (request.method !== 'POST') return { status: 405, body: { error: 'GET or POST' } };
  const parsed = drillRequest.safeParse(await readJson(request));
  if (!parsed.success) return { status: 400, body: { error: z.prettifyError(parsed.error) } };
  const { name, site, action, minutes } = parsed.data;
  try {
    if (action === 'start') field.startDrill(name, site, now(), minutes);
    else field.stopDrill(name, site);
  } catch (error) {
    if (error instanceof UnknownSiteError) return { status: 404, body: { error: error.message } };
    throw error;
  }
  return running(field);
}

/**
 * Loopback is no protection from a browser on the same machine: any page it shows may send requests here. They carry an Origin, or
 * (a name that was rebound to 127.0.0.1) a foreign Host, and a command of theirs lacks our header.
 */
function refusal({ headers, method }: IncomingMessage): string | undefined {
  const host = (headers.host ?? '').replace(/:\d+$/, '');
  if (host !== '127.0.0.1' && host !== 'localhost') return `the control port is 127.0.0.1, not ${host}`;
  if (headers.origin !== undefined) return 'the control port is not for web pages';
  const [[name, value] = ['', '']] = Object.entries(controlHeader);
  if (method === 'POST' && headers[name] !== value) return `a command needs the header ${name}: ${value}`;
  return undefined;
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
