import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Gauge, Registry } from 'prom-client';
import { loadConfig } from '../../../config/load.ts';
import type { Model, Point } from '../../../config/model.ts';
import { systemClock, type Clock } from '../../../core/clock.ts';
import { createAccess, createTicketsTouching } from '../../../server/access/service.ts';
import { createAuth } from '../../../server/auth/auth.ts';
import { createToken } from '../../../server/auth/tokens.ts';
import { tokenRoles, type TokenRole } from '../../../server/contracts/common.ts';
import { openDatabase } from '../../../server/db/database.ts';
import { openHistorian } from '../../../server/historian/open.ts';
import { closeServer, createHttpApp, listen, type HttpOptions } from '../../../server/api/app.ts';
import type { CollectedDiagnostics } from '../../../server/ingest/fleet.ts';
import { createTroubleLog } from '../../../server/ingest/troubles.ts';
import { openIngest } from '../../../server/ingest/open.ts';
import { openIncidents } from '../../../server/incidents/service.ts';
import { createLive } from '../../../server/live/live.ts';
import { createPipeline } from '../../../server/pipeline/pipeline.ts';
import { capturedLog } from './http.ts';

/** The configuration that ships. */
export function shippedModel(): Model {
  const loaded = loadConfig(fileURLToPath(new URL('../../../config', import.meta.url)), { env: process.env });
  if (!loaded.ok) throw new Error(loaded.problems.map((problem) => JSON.stringify(problem)).join('\n'));
  return loaded.model;
}

export interface Ask {
  readonly method?: string;
  /** Whose token to send; absent: none. */
  readonly role?: TokenRole;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

type StartOptions = Partial<Pick<HttpOptions, 'drills' | 'healthParts' | 'webFolder'>> & {
  model?: Model;
  clock?: Clock;
};

/** A whole server but for the field: real database, historian, pipeline, incidents and sockets. Readings come from the test. */
export async function startServer(options: StartOptions = {}) {
  const { model = shippedModel(), clock = systemClock } = options;
  const { log, lines } = capturedLog();
  const folder = await mkdtemp(join(tmpdir(), 'pantau-http-'));
  const db = await openDatabase(join(folder, 'operations.db'));
  const historian = await openHistorian({ dataDir: folder, influxUrl: undefined, log });
  const auth = await createAuth({ db, clock, randomBytes });
  const ticketsTouching = createTicketsTouching(db);
  const { alarms, incidents } = await openIncidents({ model, db, clock, randomBytes, log, ticketsTouching });
  const access = createAccess({
    db,
    model,
    clock,
    randomBytes,
    incidentsTouching: (touch) => incidents.incidentsTouching(touch),
  });
  const pipeline = createPipeline({
    model,
    clock,
    outputs: {
      store: () => undefined,
      stream(readings) {
        alarms.accept(readings);
        live.publish(readings);
      },
    },
  });
  const { ingest, fleet, ...receiving } = await openIngest({
    model,
    db,
    clock,
    log,
    pipeline,
    localSites: [],
    append: (readings) => historian.append(readings, { throughPowerCut: true }),
  });
  const troubles = createTroubleLog();
  const metrics = new Registry();
  new Gauge({ name: 'pantau_test_points', help: 'Points', registers: [metrics] }).set(model.points.length);
  const services: HttpOptions = {
    model,
    clock,
    log,
    auth,
    historian,
    incidents,
    access,
    metrics,
    ingest,
    fleet,
    localSites: [],
    troubles,
    current: pipeline.current,
    deviceDiagnostics: () => model.devices.slice(0, 3).map(healthOf),
    healthParts: options.healthParts ?? [],
    drills: options.drills,
    webFolder: options.webFolder,
    version: '0.0.0-test',
    startedAt: clock.now(),
    checkOutput: true,
  };
  const server = createServer(createHttpApp(services));
  const live = createLive({
    httpServer: server,
    model,
    current: pipeline.current,
    auth,
    openIncidents: () => incidents.openCount(),
    clock,
    log,
  });
  incidents.onChange((summary) => live.publishIncident(summary));
  const port = await listen(server, { host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${port}`;
  const tokens = new Map<TokenRole, string>();
  for (const role of tokenRoles) {
    const sites = role === 'collector' ? { sites: ['drc'] } : {};
    tokens.set(
      role,
      await createToken(db, { name: role, role, ...sites }, { now: clock.now(), randomBytes }),
    );
  }

  async function ask(path: string, { method = 'GET', role, body, headers }: Ask = {}) {
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(role === undefined ? {} : { authorization: `Bearer ${tokens.get(role)}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual',
    });
    const text = await response.text();
    const json: unknown = (response.headers.get('content-type') ?? '').includes('json')
      ? JSON.parse(text)
      : undefined;
    return { status: response.status, headers: response.headers, text, json };
  }

  return {
    url, model, db, auth, services, historian, incidents, access, ingest, fleet, troubles, pipeline, live, lines, tokens, ask,
    api: (path: string, asked?: Ask) => ask(`/api/v1${path}`, asked),
    async close() {
      await receiving.close();
      await live.close();
      await closeServer(server, 100);
      await incidents.close();
      await historian.close();
      await db.destroy();
      await rm(folder, { recursive: true, force: true });
    },
  }; // prettier-ignore
}
export type TestServer = Awaited<ReturnType<typeof startServer>>;

export function pointOf(model: Model, id: string): Point {
  const point = model.pointById.get(id);
  if (point === undefined) throw new Error(`the shipped configuration has no point ${id}`);
  return point;
}

/** The code of a named state of a point. */
export function stateCode(point: Point, name: string): number {
  for (const [code, state] of point.states ?? []) if (state === name) return code;
  throw new Error(`${point.id} has no state ${name}`);
}

function healthOf(device: Model['devices'][number]): CollectedDiagnostics {
  return {
    device,
    collector: 'local',
    state: 'lost',
    lastAnswerAt: undefined,
    latencyMs: undefined,
    polls: 5,
    timeouts: 5,
    decodeErrors: 0,
    late: 1,
    skipped: 2,
    malformed: 0,
    wrongSource: 0,
    lastError: 'timeout',
  };
}
