import type { Logger } from 'pino';
import type { Model } from '../config/model.ts';
import { withDevicesOf } from '../config/polled.ts';
import type { Clock } from '../core/clock.ts';
import { join } from 'node:path';
import { openEventQueue } from '../core/event-queue.ts';
import { createTeardown } from '../core/teardown.ts';
import { createCollectors } from '../collectors/create.ts';
import { watchLoop } from '../collectors/diagnostics/loop-delay.ts';
import { closeServer, listen } from './api/app.ts';
import type { Drills } from './api/endpoints/drills.ts';
import { ensureAdmin } from './auth/users.ts';
import { composeServices } from './compose.ts';
import type { RandomBytes } from './db/id.ts';
import { openOperations } from './db/operations.ts';
import { openHistory } from './historian/open.ts';

export interface AppOptions {
  readonly model: Model;
  readonly clock: Clock;
  readonly log: Logger;
  readonly randomBytes: RandomBytes;
  readonly version: string;
  /** Holds `operations.db` and `readings.db` unless they are on servers of their own; made if absent. */
  readonly dataDir: string;
  /** PostgreSQL for operations; absent: `operations.db`. */
  readonly databaseUrl?: string | undefined;
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

/** Opens the stores, composes the services on them, listens and polls. Rejects when a part cannot open; what was open is closed again. */
export async function startApp(options: AppOptions): Promise<App> {
  const { model, clock, log, randomBytes, dataDir } = options;
  const teardown = createTeardown(log);
  try {
    const operations = await openOperations({ dataDir, databaseUrl: options.databaseUrl, clock, log });
    teardown.add('operations database', () => operations.close());
    const madePassword = await ensureAdmin(operations.db, {
      password: options.adminPassword,
      randomBytes,
      now: clock.now(),
    });
    const { historian, writer } = await openHistory(
      { dataDir, influxUrl: options.influxUrl, clock, log },
      teardown,
    );

    const localSites = options.collect
      ? model.sites.filter(({ collector }) => collector === 'local').map(({ id }) => id)
      : [];
    const services = await composeServices(
      {
        ...options,
        db: operations.db,
        databaseProblem: operations.problem,
        historian,
        writer,
        localSites,
        eventQueue: openEventQueue({ path: join(dataDir, 'field-events.db'), log, now: () => clock.now() }),
        collectors: (sink, events) =>
          createCollectors({
            model: withDevicesOf(model, localSites),
            clock,
            log,
            sink,
            events,
            loopDelay: watchLoop(),
            traps: options.collect ? options.traps : undefined,
          }),
      },
      teardown,
    );

    const port = await listen(services.httpServer, { host: options.host, port: options.port });
    teardown.add('http', () => closeServer(services.httpServer));
    const ticking = setInterval(() => services.tick(), 1_000);
    teardown.add('ticks', () => clearInterval(ticking));
    if (options.collect) {
      services.collectors.start();
      teardown.add('collectors', () => services.collectors.stop());
    }
    return { url: `http://${options.host}:${port}`, madePassword, close: () => teardown.run() };
  } catch (error) {
    await teardown.run();
    throw error;
  }
}
