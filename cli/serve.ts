import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../core/clock.ts';
import { formatProblem, loadConfig } from '../config/load.ts';
import { withSimulatedField } from '../config/simulated.ts';
import { startApp } from '../server/app.ts';
import { configExitCode } from './check-config.ts';
import { dataFolderProblem } from './data-folder.ts';
import { trapPlace, type Environment } from './environment.ts';
import { createLog } from './log.ts';
import { simulatorDrills, SimulatorFailed, spawnSimulator } from './field.ts';
import { explainDatabaseError } from './operations.ts';
import type { Closable } from './run.ts';
import { exitCodes } from './usage.ts';

export interface ServeOptions {
  /** Undefined: as the configuration's `field` says, if anything is polled here. False: a simulator runs elsewhere, if the field is simulated. */
  readonly simulate?: boolean;
  readonly collectors: boolean;
  readonly version: string;
}

/** `pantau serve`: validates, starts the field if it is simulated, then the server. Undefined: it has printed why and set the exit code. */
export async function serve(environment: Environment, options: ServeOptions): Promise<Closable | undefined> {
  const log = createLog(environment.PANTAU_LOG);
  const loaded = loadConfig(environment.PANTAU_CONFIG);
  if (!loaded.ok) {
    for (const problem of loaded.problems) process.stderr.write(`${formatProblem(problem)}\n`);
    process.exitCode = configExitCode;
    return undefined;
  }
  for (const warning of loaded.warnings) log.warn(warning);
  const unusable = dataFolderProblem(environment.PANTAU_DATA);
  if (unusable !== undefined) {
    process.stderr.write(`${unusable}\n`);
    process.exitCode = exitCodes.unusable;
    return undefined;
  }
  const simulated = options.simulate === true || loaded.model.field === 'simulated';
  const controlPort = environment.PANTAU_SIMULATOR_PORT;
  const model = simulated
    ? { ...withSimulatedField(loaded.model, controlPort), field: 'simulated' as const }
    : loaded.model;

  const opened: Closable[] = [];
  const close = async (): Promise<void> => {
    for (const resource of opened.toReversed()) await resource.close();
  };
  try {
    // Who polls nothing needs no field; where somebody else polls, `pantau simulate` is it.
    const field = options.simulate ?? options.collectors;
    if (simulated && field)
      opened.push(await spawnSimulator({ configDir: environment.PANTAU_CONFIG, controlPort }));
    const app = await startApp({
      model,
      clock: systemClock,
      log,
      randomBytes,
      version: options.version,
      dataDir: environment.PANTAU_DATA,
      databaseUrl: environment.PANTAU_DATABASE_URL,
      influxUrl: environment.PANTAU_INFLUX_URL,
      host: environment.PANTAU_HOST,
      port: environment.PANTAU_PORT,
      adminPassword: environment.PANTAU_ADMIN_PASSWORD,
      webDir: fileURLToPath(new URL('../web', import.meta.url)),
      collect: options.collectors,
      traps: trapPlace(environment, model),
      drills: simulated ? simulatorDrills(controlPort) : undefined,
    });
    opened.push(app);
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
