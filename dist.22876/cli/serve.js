import { setFlagsFromString } from 'node:v8';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { systemClock } from "../core/clock.js";
import { formatProblem } from "../config/load.js";
import { loadConfigInThread } from "../config/load-thread.js";
import { withSimulatedField } from "../config/simulated.js";
import { NothingRuns, startApp } from "../server/app.js";
import { configExitCode } from "./check-config.js";
import { dataFolderProblem } from "./data-folder.js";
import { trapPlace } from "./environment.js";
import { createLog } from "./log.js";
import { simulatorDrills, SimulatorFailed, spawnSimulator } from "./field.js";
import { explainDatabaseError } from "./operations.js";
import { createReloader, watchConfig } from "./reload.js";
import { exitCodes } from "./usage.js";
/** `pantau serve`: validates, starts the field if it is simulated, then the server. Undefined: it has printed why and set the exit code. */
export async function serve(environment, options) {
    // What 5,000 readings a second leave behind outlives the young generation. Without this V8 lets it grow to several times what is in use (664 MB
    // seen, 420 MB with it, for 2 % of a core).
    setFlagsFromString('--heap-growing-percent=30');
    const log = createLog(environment.PANTAU_LOG);
    const readAt = Date.now();
    const loaded = await loadConfigInThread(environment.PANTAU_CONFIG);
    if (!loaded.ok) {
        for (const problem of loaded.problems)
            process.stderr.write(`${formatProblem(problem)}\n`);
        process.exitCode = configExitCode;
        return undefined;
    }
    for (const warning of loaded.warnings)
        log.warn(warning);
    const unusable = dataFolderProblem(environment.PANTAU_DATA);
    if (unusable !== undefined) {
        process.stderr.write(`${unusable}\n`);
        process.exitCode = exitCodes.unusable;
        return undefined;
    }
    const controlPort = environment.PANTAU_SIMULATOR_PORT;
    // Who polls nothing needs no field; where somebody else polls, `pantau simulate` is it.
    const ownField = options.simulate ?? options.collectors;
    const isSimulated = (model) => options.simulate === true || model.field === 'simulated';
    const watched = (model) => ({
        model: isSimulated(model) ? { ...withSimulatedField(model, controlPort), field: 'simulated' } : model,
        traps: trapPlace(environment, model),
        drills: isSimulated(model) ? simulatorDrills(controlPort) : undefined,
    });
    let simulator;
    const startSimulator = async (model) => {
        await simulator?.close();
        simulator = undefined;
        if (isSimulated(model) && ownField)
            simulator = await spawnSimulator({ configDir: environment.PANTAU_CONFIG, controlPort });
    };
    // The simulator reads the configuration again and opens 700 ports, which takes as long as opening the stores: both at once.
    let fieldReady = Promise.resolve();
    const opened = [
        {
            async close() {
                await fieldReady.catch(() => undefined);
                await simulator?.close();
            },
        },
    ];
    const close = async () => {
        for (const resource of opened.toReversed())
            await resource.close();
    };
    try {
        const first = watched(loaded.model);
        fieldReady = startSimulator(loaded.model);
        fieldReady.catch(() => undefined);
        const app = await startApp({
            fieldReady,
            ...first,
            clock: systemClock,
            log,
            randomBytes,
            version: options.version,
            dataDir: environment.PANTAU_DATA,
            databaseUrl: environment.PANTAU_DATABASE_URL,
            influxUrl: environment.PANTAU_INFLUX_URL,
            smtpUrl: environment.PANTAU_SMTP_URL,
            heartbeatUrl: environment.PANTAU_HEARTBEAT_URL,
            publicUrl: environment.PANTAU_PUBLIC_URL ?? `http://${environment.PANTAU_HOST}:${environment.PANTAU_PORT}`,
            host: environment.PANTAU_HOST,
            port: environment.PANTAU_PORT,
            adminPassword: environment.PANTAU_ADMIN_PASSWORD,
            webDir: fileURLToPath(new URL('../web', import.meta.url)),
            collect: options.collectors,
            configurationProblem: () => reloader.problem(),
        });
        const reloader = createReloader({
            load: () => loadConfigInThread(environment.PANTAU_CONFIG),
            log,
            async apply(model) {
                const next = watched(model);
                // Its devices stand in the order of the files: the ports of both sides change together.
                await startSimulator(model);
                await app.reload(next).catch((error) => {
                    if (error instanceof NothingRuns)
                        endAtOnce(error);
                    throw error;
                });
            },
        });
        opened.push(app, { close: () => reloader.idle() });
        opened.push(watchConfig(environment.PANTAU_CONFIG, { readAt, changed: () => reloader.request(), log }));
        process.stdout.write(`Pantau DC: ${app.url}\n`);
        if (app.madePassword !== undefined)
            process.stdout.write(`Sign in as admin; password, shown this once: ${app.madePassword}\n`);
        return { close };
    }
    catch (error) {
        await close();
        if (explainDatabaseError(error))
            return undefined;
        if (!(error instanceof SimulatorFailed) && !isListenError(error))
            throw error;
        process.stderr.write(`${error.message}\n`);
        process.exitCode = exitCodes.unavailable;
        return undefined;
    }
}
function isListenError(error) {
    return error instanceof Error && error.name === 'ListenError';
}
/** Only a new start helps, and that is for the supervisor. */
function endAtOnce(error) {
    process.stderr.write(`${error.message}: ${String(error.cause)}\n`);
    process.exit(exitCodes.internal);
}
//# sourceMappingURL=serve.js.map