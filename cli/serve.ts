import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../core/clock.ts';
import { keepHeapSmall } from '../core/heap.ts';
import { formatProblem, type LoadResult } from '../config/load.ts';
import { allProfilesInThread, loadConfigInThread } from '../config/load-thread.ts';
import { withSimulatedField } from '../config/simulated.ts';
import type { Model } from '../config/model.ts';
import { NothingRuns, startApp, type Watched } from '../server/app.ts';
import { configExitCode } from './check-config.ts';
import { dataFolderProblem } from './data-folder.ts';
import { trapPlace, type Environment } from './environment.ts';
import { createLog } from './log.ts';
import { simulatorDrills, SimulatorFailed, spawnSimulator } from './field.ts';
import { explainDatabaseError } from './operations.ts';
import { createReloader, watchConfig, type Reloader } from './reload.ts';
import type { Closable } from './run.ts';
import { exitCodes } from './usage.ts';

export interface ServeOptions {
  /** Undefined: as the configuration's `field` says, if anything is polled here. False: a simulator runs elsewhere, if the field is simulated. */
  readonly simulate?: boolean;
  readonly collectors: boolean;
  readonly version: string;
  readonly configuration: BegunLoad;
}

/** The configuration as it is being read. */
export interface BegunLoad {
  readonly result: Promise<LoadResult>;
  /** When that began, epoch ms: what was written later is not in it. */
  readonly begunAt: number;
}

/** `pantau serve`: validates, starts the field if it is simulated, then the server. Undefined: it has printed why and set the exit code. */
export async function serve(environment: Environment, options: ServeOptions): Promise<Closable | undefined> {
  // Everything is collected about every 20 s.
  keepHeapSmall(20);
  const log = createLog(environment.PANTAU_LOG);
  const loaded = await options.configuration.result;
  if (!loaded.ok) {
    for (const problem of loaded.problems) process.stderr.write(`${formatProblem(problem)}\n`);
    process.exitCode = configExitCode;
    return undefined;
  }
  for (const warning of loaded.warnings) log.warn(warning);
  // Databases are made by libraries that name no mode.
  process.umask(0o077);
  const unusable = dataFolderProblem(environment.PANTAU_DATA);
  if (unusable !== undefined) {
    process.stderr.write(`${unusable}\n`);
    process.exitCode = exitCodes.unusable;
    return undefined;
  }
  const controlPort = environment.PANTAU_SIMULATOR_PORT;
  // Who polls nothing needs no field; where somebody else polls, `pantau simulate` is it.
  const ownField = options.simulate ?? options.collectors;
  const isSimulated = (model: Model): boolean => options.simulate === true || model.field === 'simulated';
  const watched = (model: Model): Watched => ({
    model: isSimulated(model) ? { ...withSimulatedField(model, controlPort), field: 'simulated' } : model,
    traps: trapPlace(environment, model),
    drills: isSimulated(model) ? simulatorDrills(controlPort) : undefined,
  });
  let simulator: Closable | undefined;
  const startSimulator = async (model: Model): Promise<void> => {
    await simulator?.close();
    simulator = undefined;
    if (isSimulated(model) && ownField)
      simulator = await spawnSimulator({ configDir: environment.PANTAU_CONFIG, controlPort });
  };

  // The simulator reads the configuration again and opens 700 ports, which takes as long as opening the stores: both at once.
  let fieldReady = Promise.resolve();
  const opened: Closable[] = [
    {
      async close() {
        await fieldReady.catch(() => undefined);
        await simulator?.close();
      },
    },
  ];
  const close = async (): Promise<void> => {
    for (const resource of opened.toReversed()) await resource.close();
  };
  let reloader: Reloader | undefined;
  try {
    const first = watched(loaded.model);
    fieldReady = startSimulator(loaded.model);
    fieldReady.catch(() => undefined);
    const app = await startApp({
      fieldReady,
      ...first,
      allProfiles: () => allProfilesInThread(environment.PANTAU_CONFIG),
      clock: systemClock,
      log,
      randomBytes,
      version: options.version,
      dataDir: environment.PANTAU_DATA,
      databaseUrl: environment.PANTAU_DATABASE_URL,
      influxUrl: environment.PANTAU_INFLUX_URL,
      smtpUrl: environment.PANTAU_SMTP_URL,
      ticketWebhookSecret: environment.PANTAU_TICKET_WEBHOOK_SECRET,
      heartbeatUrl: environment.PANTAU_HEARTBEAT_URL,
      publicUrl:
        environment.PANTAU_PUBLIC_URL ?? `http://${environment.PANTAU_HOST}:${environment.PANTAU_PORT}`,
      host: environment.PANTAU_HOST,
      port: environment.PANTAU_PORT,
      adminPassword: environment.PANTAU_ADMIN_PASSWORD,
      webDir: fileURLToPath(new URL('../web', import.meta.url)),
      collect: options.collectors,
      // The server listens before the first reload can be asked for.
      configurationProblem: () => reloader?.problem(),
    });
    const reloading = createReloader({
      load: () => loadConfigInThread(environment.PANTAU_CONFIG),
      log,
      async apply(model) {
        const next = watched(model);
        // Its devices stand in the order of the files: the ports of both sides change together.
        await startSimulator(model);
        await app.reload(next).catch((error: unknown) => {
          if (error instanceof NothingRuns) endAtOnce(error);
          throw error;
        });
      },
    });
    reloader = reloading;
    opened.push(app, { close: () => reloading.idle() });
    opened.push(
      watchConfig(environment.PANTAU_CONFIG, {
        readAt: options.configuration.begunAt,
        changed: () => reloading.request(),
        log,
      }),
    );
    process.stdout.write(`Pantau DC: ${app.url}\n`);
    if (app.madePassword !== undefined)
      process.stdout.write(`Sign in as admin; password, shown this once: ${app.madePassword}\n`);
    return { close };
  } catch (error) {
    await close();
    if (explainDatabaseError(error)) return undefined;
    if (!(error instanceof SimulatorFailed) && !isListenError(error)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = exitCodes.unavailable;
    return undefined;
  }
}

function isListenError(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ListenError';
}

/** Only a new start helps, and that is for the supervisor. */
function endAtOnce(error: Error): never {
  process.stderr.write(`${error.message}: ${String(error.cause)}\n`);
  process.exit(exitCodes.internal);
}
