import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { exitCodes, UsageError } from "./usage.js";
/** PostgreSQL's own programs; the password goes by the environment, where `ps` does not show it. */
export async function runPostgres(program, { databaseUrl, args }) {
    const url = new URL(databaseUrl);
    const password = decodeURIComponent(url.password);
    url.password = '';
    const environment = password === '' ? {} : { PGPASSWORD: password };
    await runProgram(program, [`--dbname=${url.toString()}`, ...args], environment);
}
/** Rejects with UsageError when the program is missing or fails, with its own words. */
export async function runProgram(program, args, environment = {}) {
    const child = spawn(program, args, {
        env: { ...process.env, ...environment },
        stdio: ['ignore', 'ignore', 'pipe'],
    });
    let words = '';
    child.stderr.on('data', (data) => (words = (words + data.toString()).slice(-2_000)));
    const [outcome] = await Promise.race([once(child, 'close'), once(child, 'error')]);
    if (outcome === 0)
        return;
    if (outcome instanceof Error)
        throw new UsageError(`${program} cannot be run (${outcome.message}): install it, its version at least the server's`, exitCodes.unusable);
    throw new UsageError(`${program} failed: ${words.trim()}`, exitCodes.unusable);
}
//# sourceMappingURL=postgres-dump.js.map