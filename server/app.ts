import { createServer } from 'node:http';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Model } from '../config/model.ts';
import { withDevicesOf } from '../config/polled.ts';
import type { Clock } from '../core/clock.ts';
import { createCollectors } from '../collectors/create.ts';
import { watchLoop } from '../collectors/diagnostics/loop-delay.ts';
import { createAccess, createTicketsTouching } from './access/service.ts';
import { createAuth } from './auth/auth.ts';
import { ensureAdmin } from './auth/users.ts';
import { openDatabase } from './db/database.ts';
import type { RandomBytes } from './db/id.ts';
import { healthParts } from './api/health.ts';
import { createHistorianWriter } from './historian/batching.ts';
import type { Historian, StoredReading } from './historian/historian.ts';
import { openHistorian } from './historian/open.ts';
import { closeServer, createHttpApp, listen } from './api/app.ts';
import { openIncidents } from './incidents/service.ts';
import type { CollectedDiagnostics } from './ingest/fleet.ts';
import { addCollectorMetrics } from './ingest/metrics.ts';
import { openIngest } from './ingest/open.ts';
import { createTroubleLog } from './ingest/troubles.ts';
import { createLive } from './live/live.ts';
import { createMetrics } from './api/metrics.ts';
import { createPipeline } from './pipeline/pipeline.ts';
import type { Drills } from './api/endpoints/drills.ts';
import { createTeardown } from '../core/teardown.ts';

export interface AppOptions {
  readonly model: Model;
  readonly clock: Clock;
  readonly log: Logger;
  readonly randomBytes: RandomBytes;
  readonly version: string;
  /** Holds `operations.db` and, with the embedded store, `readings.db`; made if absent. */
  readonly dataDir: string;
  readonly influxUrl: string | undefined;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Of user `admin`, at the first start. */
  readonly adminPassword: string | undefined;
  /** The built page. */
  readonly webDir: string;
  readonly collect: boolean;
  /** Where SNMP traps are received; absent: nowhere. */
  readonly traps?: Model['traps'];
  /** The simulator's scenarios, while the field is simulated. */
  readonly drills: Drills | undefined;
}

export interface App {
  readonly url: string;
  /** Set at the very first start, when no password was given; print it once. */
  readonly madePassword: string | undefined;
  close(): Promise<void>;
}

/** About ten minutes of the whole estate, 100 bytes each. */
const maxBufferedReadings = 2_000_000;

/** Wires the data's way (docs/architecture.md), top to bottom. Rejects when a part cannot open; what was open is closed again. */
export async function startApp(options: AppOptions): Promise<App> {
  const { model, clock, log, randomBytes, dataDir } = options;
  const teardown = createTeardown(log);
  try {
    const startedAt = clock.now();
    const db = await openDatabase(join(dataDir, 'operations.db'));
    teardown.add('operations database', () => db.destroy());
    const madePassword = await ensureAdmin(db, {
      password: options.adminPassword,
      randomBytes,
      now: startedAt,
    });
    const auth = await createAuth({ db, clock, randomBytes });

    const historian = await openHistorian({ dataDir, influxUrl: options.influxUrl, log });
    teardown.add('historian', () => historian.close());
    const writer = createHistorianWriter({ historian, clock, log, maxBuffered: maxBufferedReadings });
    teardown.add('historian writer', () => writer.close());

    const { alarms, incidents } = await openIncidents({
      model,
      db,
      clock,
      randomBytes,
      log,
      ticketsTouching: createTicketsTouching(db),
    });
    teardown.add('incidents', () => incidents.close());
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
        store: (readings) =>
          writer.push(
            readings.map((reading): StoredReading => ({ ...reading, point: idOf(model, reading.point) })),
          ),
        stream: (readings) => {
          alarms.accept(readings);
          live.publish(readings);
        },
      },
    });
    pipeline.restore(await lastValues(historian, log));

    const localSites = options.collect
      ? model.sites.filter(({ collector }) => collector === 'local').map(({ id }) => id)
      : [];
    const { ingest, fleet, ...receiving } = await openIngest({
      model,
      db,
      clock,
      log,
      pipeline,
      localSites,
      append: (readings) => historian.append(readings, { throughPowerCut: true }),
    });
    teardown.add('ingest', () => receiving.close());
    const collectors = createCollectors({
      model: withDevicesOf(model, localSites),
      clock,
      log,
      sink: pipeline.accept,
      loopDelay: watchLoop(),
      traps: options.collect ? options.traps : undefined,
    });
    const health = {
      deviceDiagnostics: (): CollectedDiagnostics[] => [
        ...collectors.diagnostics().map((row) => ({ ...row, collector: 'local' })),
        ...fleet.deviceDiagnostics(),
      ],
      fleet,
      alarms,
      historian,
      writer,
      incidents,
      collect: options.collect,
      traps: collectors.traps,
    };
    const troubles = createTroubleLog();
    const metrics = createMetrics({ ...health, pipeline, clients: () => live.clients() });
    addCollectorMetrics(metrics, { fleet, clock });
    const app = createHttpApp({
      model, clock, log, auth, access, incidents, historian, metrics, startedAt, ingest, fleet, localSites, troubles,
      current: pipeline.current,
      deviceDiagnostics: health.deviceDiagnostics,
      healthParts: healthParts(health),
      version: options.version,
      drills: options.drills,
      webFolder: options.webDir,
    }); // prettier-ignore
    const httpServer = createServer(app);
    const live = createLive({
      httpServer,
      model,
      current: pipeline.current,
      auth,
      openIncidents: () => incidents.openCount(),
      clock,
      log,
    });
    incidents.onChange((summary) => live.publishIncident(summary));
    const port = await listen(httpServer, { host: options.host, port: options.port });
    teardown.add('http', () => closeServer(httpServer));
    teardown.add('live', () => live.close());

    const ticking = setInterval(() => {
      pipeline.tick();
      alarms.tick();
      troubles.observe(clock.now(), health.deviceDiagnostics);
    }, 1_000);
    teardown.add('ticks', () => clearInterval(ticking));
    if (options.collect) {
      collectors.start();
      teardown.add('collectors', () => collectors.stop());
    }
    return { url: `http://${options.host}:${port}`, madePassword, close: () => teardown.run() };
  } catch (error) {
    await teardown.run();
    throw error;
  }
}

/** A store that is away at the start must not keep the field unwatched: the values come with the first polls. */
async function lastValues(historian: Historian, log: Logger): ReturnType<Historian['last']> {
  try {
    return await historian.last();
  } catch (error) {
    log.error({ err: error }, 'the last values of before the start cannot be read; going on without them');
    return new Map();
  }
}

function idOf(model: Model, index: number): string {
  const point = model.points[index];
  if (point === undefined) throw new RangeError(`no point ${index} in the model`);
  return point.id;
}
