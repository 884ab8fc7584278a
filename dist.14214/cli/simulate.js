import { formatProblem, loadConfig } from "../config/load.js";
import { withSimulatedField } from "../config/simulated.js";
import { PortInUseError } from "../simulator/devices/endpoint.js";
import { startSimulator } from "../simulator/start.js";
import { configExitCode } from "./check-config.js";
import { createLog } from "./log.js";
import { exitCodes } from "./usage.js";
/** The same field at every start: what differs between two runs is the time of day. */
const seed = 2_023;
/** `pantau simulate`: all devices of a configuration on loopback. Undefined: it has printed why and set the exit code. */
export async function simulate({ configDir, basePort, level, }) {
    const loaded = loadConfig(configDir);
    if (!loaded.ok) {
        for (const problem of loaded.problems)
            process.stderr.write(`${formatProblem(problem)}\n`);
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
    }
    catch (error) {
        if (!(error instanceof PortInUseError) && !(error instanceof RangeError))
            throw error;
        process.stderr.write(`${error.message} (PANTAU_SIMULATOR_PORT, now ${basePort})\n`);
        process.exitCode = exitCodes.unavailable;
        return undefined;
    }
}
//# sourceMappingURL=simulate.js.map