import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { formatProblem, loadConfig } from "../config/load.js";
import { systemClock } from "../core/clock.js";
import { createToken } from "../server/auth/tokens.js";
import { createPointFacts } from "../server/historian/facts.js";
import { openHistorian } from "../server/historian/open.js";
import { fromHistorian, fromServer } from "./export-source.js";
import { exportReadings, momentOf, resolutionOf } from "./export.js";
import { createLog } from "./log.js";
import { withOperations } from "./operations.js";
import { createProgress } from "./progress.js";
import { exitCodes, UsageError } from "./usage.js";
const tokenLifeMs = 12 * 3_600_000;
/** From a server that runs, with PANTAU_TOKEN or the data folder at hand; `--offline`: from the data folder itself. */
export async function runExport(environment, asked, print) {
    const range = { from: momentOf('--from', asked.from), to: momentOf('--to', asked.to) };
    const resolution = resolutionOf(asked.resolution, range, Date.now());
    const { dialect, zone, out } = asked;
    const form = { resolution, dialect, zone };
    const options = { ...form, range, out, patterns: asked.points, progress: createProgress(process.stderr) };
    const written = asked.offline === true
        ? await offline(environment, asked.config, (historian, model) => exportReadings(fromHistorian(historian, model, form), options))
        : await exportReadings(fromServer(addressOf(environment, asked), await tokenFor(environment), form), options);
    print(`${out}: ${written.points} points, ${resolution}, ${written.bytes} bytes`);
}
function addressOf({ PANTAU_HOST, PANTAU_PORT }, { server }) {
    const url = server ?? `http://${PANTAU_HOST}:${PANTAU_PORT}`;
    if (URL.canParse(url) && /^https?:\/\//.test(url))
        return url.replace(/\/+$/, '');
    throw new UsageError(`--server ${url}: expected the server's address, such as http://pantau.example:8080`);
}
/** Whoever may write the server's data folder may read everything anyway. */
async function tokenFor(environment) {
    const { PANTAU_TOKEN: token, PANTAU_DATA: dataDir, PANTAU_DATABASE_URL: url } = environment;
    if (token !== undefined)
        return token;
    if (url === undefined && !existsSync(join(dataDir, 'operations.db')))
        throw new UsageError(`no token: set PANTAU_TOKEN (pantau token create NAME --role viewer), or PANTAU_DATA to the server's data folder`);
    return withOperations(environment, (db, { now }) => createToken(db, { name: `export-${randomBytes(6).toString('hex')}`, role: 'viewer', expiresAt: now + tokenLifeMs }, { now, randomBytes }));
}
/** No work of the store's own begins: nothing is merged, and nothing expires while it is read. */
const still = {
    ...systemClock,
    sleep: (_ms, signal) => new Promise((resolve) => {
        if (signal?.aborted === true)
            resolve();
        signal?.addEventListener('abort', () => resolve(), { once: true });
    }),
};
async function offline({ PANTAU_DATA: dataDir, PANTAU_INFLUX_URL: influxUrl, PANTAU_LOG }, configDir, work) {
    const loaded = loadConfig(configDir);
    if (!loaded.ok)
        throw new UsageError(loaded.problems.map(formatProblem).join('\n'), exitCodes.config);
    if (influxUrl === undefined && !existsSync(join(dataDir, 'readings.db')))
        throw new UsageError(`there is no ${join(dataDir, 'readings.db')}; name the data folder with PANTAU_DATA`);
    const facts = createPointFacts();
    facts.replace(loaded.model.points);
    const historian = await openHistorian({
        dataDir, influxUrl, facts,
        retention: loaded.model.history?.retention,
        log: createLog(PANTAU_LOG === 'info' ? 'warn' : PANTAU_LOG),
        clock: still,
    }); // prettier-ignore
    try {
        const problem = historian.problem();
        if (problem !== undefined)
            throw new UsageError(problem, exitCodes.unusable);
        return await work(historian, loaded.model);
    }
    finally {
        await historian.close();
    }
}
//# sourceMappingURL=export-command.js.map