import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig } from '../../../config/load.ts';
import { allProfilesInThread } from '../../../config/load-thread.ts';
import type { Model, Point } from '../../../config/model.ts';
import { systemClock, type Clock } from '../../../core/clock.ts';
import { openEventQueue } from '../../../core/event-queue.ts';
import { createTeardown } from '../../../core/teardown.ts';
import type { DeviceDiagnostics } from '../../../collectors/collectors.ts';
import { closeServer, listen } from '../../../server/api/app.ts';
import type { Drills } from '../../../server/api/endpoints/drills.ts';
import { createToken } from '../../../server/auth/tokens.ts';
import { composeServices } from '../../../server/compose.ts';
import { tokenRoles, type TokenRole } from '../../../server/contracts/common.ts';
import { openDatabase } from '../../../server/db/database.ts';
import type { Database } from '../../../server/db/schema.ts';
import { createPointFacts } from '../../../server/historian/facts.ts';
import type { Historian } from '../../../server/historian/historian.ts';
import type { HistorianWriter } from '../../../server/historian/batching.ts';
import { openHistorian } from '../../../server/historian/open.ts';
import { capturedLog } from './http.ts';

const shippedConfig = fileURLToPath(new URL('../../../config', import.meta.url));

let shipped: Model | undefined;

/** The configuration that ships. Read once: nobody changes a model. */
export function shippedModel(): Model {
  if (shipped !== undefined) return shipped;
  const loaded = loadConfig(shippedConfig, { env: process.env });
  if (!loaded.ok) throw new Error(loaded.problems.map((problem) => JSON.stringify(problem)).join('\n'));
  shipped = loaded.model;
  return shipped;
}

export interface Ask {
  readonly method?: string;
  /** Whose token to send; absent: none. */
  readonly role?: TokenRole;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface StartOptions {
  readonly model?: Model;
  readonly clock?: Clock;
  readonly drills?: Drills;
  readonly webFolder?: string;
  /** Fills the operations database before the server reads it. */
  readonly prepare?: (db: Database) => Promise<void>;
  /** Absent: no mail leaves. */
  readonly smtpUrl?: string;
  readonly ticketWebhookSecret?: string;
  /** What is wrong with the way to the historian. */
  readonly writerProblem?: string;
}

/** History is what a test appends to the historian itself. */
const unused = (historian: Historian, problem: string | undefined): HistorianWriter => ({
  push: () => undefined,
  append: (readings) => historian.append(readings, { throughPowerCut: true }),
  stats: () => ({ buffered: 0, dropped: 0, written: 0 }),
  problem: () => problem,
  close: () => Promise.resolve(),
});

/** A whole server but for the field, as the product wires it. Readings come from the test; three devices do not answer. */
export async function startServer(options: StartOptions = {}) {
  const { model = shippedModel(), clock = systemClock } = options;
  const { log, lines } = capturedLog();
  const teardown = createTeardown(log);
  const folder = await mkdtemp(join(tmpdir(), 'pantau-http-'));
  const db = await openDatabase(join(folder, 'operations.db'));
  teardown.add('operations database', () => db.destroy());
  await options.prepare?.(db);
  const facts = createPointFacts();
  facts.replace(model.points);
  const historian = await openHistorian({ dataDir: folder, influxUrl: undefined, log, facts });
  teardown.add('historian', () => historian.close());
  const services = await composeServices(
    {
      model, allProfiles: () => allProfilesInThread(shippedConfig), clock, log, randomBytes, db, historian, dataDir: folder, operationsAt: join(folder, 'operations.db'),
      writer: unused(historian, options.writerProblem),
      version: '0.0.0-test',
      smtpUrl: options.smtpUrl,
      ticketWebhookSecret: options.ticketWebhookSecret,
      localSites: [],
      eventQueue: openEventQueue({ path: ':memory:', log, now: () => clock.now() }),
      collectors: () => ({
        start: () => undefined,
        diagnostics: () => model.devices.slice(0, 3).map(unanswered),
        stop: () => Promise.resolve(),
      }),
      drills: options.drills,
      webDir: options.webFolder,
      checkOutput: true,
    },
    teardown,
  ); // prettier-ignore
  const port = await listen(services.httpServer, { host: '127.0.0.1', port: 0 });
  teardown.add('http', () => closeServer(services.httpServer, 100));
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
    const bytes = Buffer.from(await response.arrayBuffer());
    const text = new TextDecoder().decode(bytes);
    const json: unknown = (response.headers.get('content-type') ?? '').includes('json')
      ? JSON.parse(text)
      : undefined;
    return { status: response.status, headers: response.headers, bytes, text, json };
  }

  return {
    ...services,
    url, model, db, dataDir: folder, historian, lines, tokens, ask,
    api: (path: string, asked?: Ask) => ask(`/api/v1${path}`, asked),
    async close() {
      await teardown.run();
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

export function unanswered(device: Model['devices'][number]): DeviceDiagnostics {
  return {
    device,
    state: 'lost',
    lastAnswerAt: undefined,
    latencyMs: undefined,
    polls: 5,
    timeouts: 5,
    decodeErrors: 0,
    late: 1,
    skipped: 2,
    stretch: 1,
    clockOffsetMs: undefined,
    malformed: 0,
    wrongSource: 0,
    lastError: 'timeout',
  };
}
