import type { LevelWithSilent } from 'pino';
import { formatProblem, loadConfig } from '../config/load.ts';
import { withSimulatedField } from '../config/simulated.ts';
import { PortInUseError } from '../simulator/devices/endpoint.ts';
import { startSimulator } from '../simulator/start.ts';
import { configExitCode } from './check-config.ts';
import { createLog } from './log.ts';
import type { Closable } from './run.ts';
import { exitCodes, UsageError } from './usage.ts';
import { type WalkServer, serveWalk } from '../simulator/walk/serve.ts';

export interface SimulateOptions {
  readonly configDir: string;
  /** The control port; the devices' ports follow it. */
  readonly basePort: number;
  readonly level: LevelWithSilent;
}

/** The same field at every start: what differs between two runs is the time of day. */
const seed = 2_023;

/** `pantau simulate`: all devices of a configuration on loopback. Undefined: it has printed why and set the exit code. */
export async function simulate({
  configDir,
  basePort,
  level,
}: SimulateOptions): Promise<Closable | undefined> {
  const loaded = loadConfig(configDir);
  if (!loaded.ok) {
    for (const problem of loaded.problems) process.stderr.write(`${formatProblem(problem)}\n`);
    process.exitCode = configExitCode;
    return undefined;
  }
  try {
    return await startSimulator({
      model: withSimulatedField(loaded.model, basePort),
      basePort,
      seed,
      clock: { now: () => Date.now() },
      log: createLog(level),
    });
  } catch (error) {
    if (!(error instanceof PortInUseError) && !(error instanceof RangeError)) throw error;
    process.stderr.write(`${error.message} (PANTAU_SIMULATOR_PORT, now ${basePort})\n`);
    process.exitCode = exitCodes.unavailable;
    return undefined;
  }
}

/** `pantau simulate walk FILE --port N`: a recorded walk as an agent on loopback. Rejects with a UsageError when the port is taken or the file is not there. */
export async function simulateWalk(file: string, port: number): Promise<WalkServer> {
  try {
    return await serveWalk(file, { port });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE')
      throw new UsageError(
        `port ${port} of 127.0.0.1 is in use: choose another one with --port`,
        exitCodes.unavailable,
      );
    if (code === 'ENOENT') throw new UsageError(`${file} is not there: expected a recorded walk (.snmprec)`);
    throw error;
  }
}
