import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Model } from '../config/model.ts';
import type { Profile } from '../config/schema/profile.ts';
import { withDevicesOf } from '../config/polled.ts';
import type { Clock } from '../core/clock.ts';
import { openEventQueue } from '../core/event-queue.ts';
import { qualityCode, type Reading } from '../core/reading.ts';
import { createTeardown, type Teardown } from '../core/teardown.ts';
import { createCollectors } from '../collectors/create.ts';
import { watchLoop } from '../collectors/diagnostics/tally.ts';
import { closeServer, listen } from './api/app.ts';
import type { Drills } from './api/endpoints/drills.ts';
import { ensureAdmin } from './auth/users.ts';
import { composeServices, type ComposeOptions, type Services } from './compose.ts';
import type { RandomBytes } from './db/id.ts';
import { openOperations, operationsFile } from './db/operations.ts';
import { createFront } from './front.ts';
import { createPointFacts } from './historian/facts.ts';
import { openHistory } from './historian/open.ts';
import { defaultRetention } from './historian/tiers.ts';

/** A configuration and what is derived from it. */
export interface Watched {
  readonly model: Model;
  /** Where SNMP traps are received; absent: nowhere. */
  readonly traps?: Model['traps'];
  /** The simulator's scenarios, while the field is simulated. */
  readonly drills: Drills | undefined;
}

export interface AppOptions extends Watched {
  /** Every profile of the installation and the library: a model has those of its devices. */
  readonly allProfiles: () => Promise<readonly Profile[]>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly randomBytes: RandomBytes;
  readonly version: string;
  /** Holds `operations.db` and `readings.db` unless they are on separate servers; created if absent. */
  readonly dataDir: string;
  /** PostgreSQL for operations; absent: `operations.db`. */
  readonly databaseUrl?: string | undefined;
  readonly influxUrl: string | undefined;
  /** Mail to people; absent: none. */
  readonly smtpUrl?: string | undefined;
  /** What the ministry's ticketing system signs with; absent: it can send nothing. */
  readonly ticketWebhookSecret?: string | undefined;
  /** An outside address that is told every minute that this server pages people; absent: none. */
  readonly heartbeatUrl?: string | undefined;
  /** What links in messages begin with, without a slash at the end; absent: this machine's own address. */
  readonly publicUrl?: string | undefined;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Of user `admin`, at the first start. */
  readonly adminPassword: string | undefined;
  /** The built page. */
  readonly webDir: string;
  readonly collect: boolean;
  /** Polling begins once it resolves; the start fails when it rejects. Absent: the field is there. */
  readonly fieldReady?: Promise<void> | undefined;
  /** Why a changed configuration is not in force; absent: it is not watched. */
  readonly configurationProblem?: (() => string | undefined) | undefined;
}

export interface App {
  readonly url: string;
  /** Set at the very first start, when no password was given; print it once. */
  readonly madePassword: string | undefined;
  /**
   * Monitors with another configuration from now on. Stores, sessions and the listening port stay; every reading that was taken
   * is stored, values and alarms go on by their ids, open pages connect again. Rejects when the services of the new one
   * cannot open; the old ones run again then, or it rejects with NothingRuns.
   */
  reload(next: Watched): Promise<void>;
  close(): Promise<void>;
}

/** A reload failed and so did restoring the old configuration: the process must be restarted. */
export class NothingRuns extends Error {
  override readonly name = 'NothingRuns';
}

/** How long a reload waits for requests that run. */
const requestPatienceMs = 5_000;
const closePatienceMs = 2_000;

/** Opens the stores, composes the services on them, listens and polls. Rejects when a part cannot open; what was open is closed again. */
export async function startApp(options: AppOptions): Promise<App> {
  const { clock, log, randomBytes, dataDir } = options;
  const teardown = createTeardown(log);
  try {
    const operations = await openOperations({ dataDir, databaseUrl: options.databaseUrl, clock, log });
    teardown.add('operations database', () => operations.close());
    const madePassword = await ensureAdmin(operations.db, {
      password: options.adminPassword,
      randomBytes,
      now: clock.now(),
    });
    const facts = createPointFacts();
    // Before the store opens: what waited on disk is written at once.
    facts.replace(options.model.points);
    const { historian, writer } = await openHistory(
      {
        dataDir,
        influxUrl: options.influxUrl,
        clock,
        log,
        facts,
        retention: options.model.history?.retention,
      },
      teardown,
    );

    const startedAt = clock.now();
    const begin = (watched: Watched): Promise<Running> =>
      compose(watched, {
        ...options,
        startedAt,
        db: operations.db,
        databaseProblem: operations.problem,
        historian,
        writer,
      });
    let running: Running | undefined = await begin(options);
    const front = createFront();
    front.open(running.services.httpServer);
    // Again below, before the port closes; this one counts when there is no port to be had.
    teardown.add('services that never listened', () => running?.teardown.run());
    const port = await listen(front.server, { host: options.host, port: options.port });
    teardown.add('http', () => closeServer(front.server));
    teardown.add('services', async () => {
      // Open pages would keep the port open: they are let go before it closes.
      await front.hold(closePatienceMs);
      front.refuse();
      await running?.teardown.run();
    });
    const ticking = setInterval(() => running?.services.tick(), 1_000);
    teardown.add('ticks', () => clearInterval(ticking));
    const deriving = setInterval(() => running?.services.deriveSmall(), 250);
    teardown.add('derivation', () => clearInterval(deriving));
    await options.fieldReady;
    running.startCollecting();

    return {
      url: `http://${options.host}:${port}`,
      madePassword,
      close: () => teardown.run(),
      async reload(next) {
        const before = running;
        if (before === undefined) throw new Error('a reload is under way already');
        const unwritten = before.services.incidents.problem();
        if (unwritten !== undefined)
          throw new Error(
            `alarms and incidents cannot be written now, and a reload would lose them: ${unwritten}`,
          );
        await front.hold(requestPatienceMs);
        running = undefined;
        // Ends every poll in order, then writes what alarms and incidents still have to write: they are read back below.
        await before.teardown.run();
        const start = async (watched: Watched): Promise<void> => {
          facts.replace(watched.model.points);
          historian.keepFor(watched.model.history?.retention ?? defaultRetention);
          const begun = await begin(watched);
          begun.services.pipeline.show(carriedReadings(before, begun.watched.model));
          begun.startCollecting();
          front.open(begun.services.httpServer);
          running = begun;
        };
        try {
          await start(next);
        } catch (error) {
          log.error({ err: error }, 'the new configuration cannot be run; going back to the one before');
          await start(before.watched).catch((cause: unknown) => {
            throw new NothingRuns('neither the new configuration nor the one before can be run', { cause });
          });
          throw error;
        }
      },
    };
  } catch (error) {
    await teardown.run();
    throw error;
  }
}

/** The services of one configuration; replaced as a whole at a reload. */
interface Running {
  readonly watched: Watched;
  readonly services: Services;
  readonly teardown: Teardown;
  startCollecting(): void;
}

async function compose(
  watched: Watched,
  options: Omit<AppOptions, keyof Watched> &
    Pick<ComposeOptions, 'db' | 'databaseProblem' | 'historian' | 'writer' | 'startedAt'>,
): Promise<Running> {
  const { clock, log } = options;
  const { model } = watched;
  const teardown = createTeardown(log);
  const localSites = options.collect
    ? model.sites.filter(({ collector }) => collector === 'local').map(({ id }) => id)
    : [];
  try {
    const services = await composeServices(
      {
        ...options,
        model,
        operationsAt: options.databaseUrl ?? operationsFile(options.dataDir),
        drills: watched.drills,
        localSites,
        eventQueue: openEventQueue({
          path: join(options.dataDir, 'field-events.db'),
          log,
          now: () => clock.now(),
        }),
        collectors: (sink, events) =>
          createCollectors({
            model: withDevicesOf(model, localSites),
            clock,
            log,
            sink,
            events,
            loopDelay: watchLoop(),
            traps: options.collect ? watched.traps : undefined,
          }),
      },
      teardown,
    );
    return {
      watched,
      services,
      teardown,
      startCollecting() {
        if (!options.collect) return;
        services.collectors.start();
        teardown.add('collectors', () => services.collectors.stop());
      },
    };
  } catch (error) {
    await teardown.run();
    throw error;
  }
}

/** The newest readings of the points that both models have. Shown again, they are judged by the new rules at once. */
function carriedReadings({ watched, services }: Running, next: Model): Reading[] {
  const { current } = services.pipeline;
  const never = qualityCode('never-read');
  return watched.model.points.flatMap(({ id, index, source }) => {
    const point = next.pointById.get(id);
    const quality = current.quality[index] ?? never;
    if (point === undefined || source.from === 'formula' || point.source.from === 'formula') return [];
    if (quality === never) return [];
    return [
      { point: point.index, at: current.at[index] ?? 0, value: current.value[index] ?? Number.NaN, quality },
    ];
  });
}
