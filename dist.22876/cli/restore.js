import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { migrations } from "../server/db/migrations/index.js";
import { hashOf, readManifest, unusable } from "./backup-manifest.js";
import { runPostgres, runProgram } from "./postgres-dump.js";
import { exitCodes, UsageError } from "./usage.js";
/**
 * `pantau restore`: checks everything before it writes anything. A restore that was cut short leaves a data folder that a server
 * refuses (there are copies of an operations database and no such database), never one that looks like a new installation.
 */
export async function restoreBackup(options) {
    const { backup, dataDir, configDir, databaseUrl, progress } = options;
    refuseUsed(dataDir, '--data');
    if (configDir !== undefined)
        refuseUsed(configDir, '--config');
    if (!existsSync(backup))
        throw new UsageError(`${backup}: there is no such backup`);
    const unpacked = statSync(backup).isFile() ? await unpack(backup, dirname(resolve(dataDir))) : undefined;
    try {
        const dir = unpacked ?? backup;
        const manifest = readManifest(dir);
        refuseNewer(manifest, backup);
        await verify(dir, manifest, progress);
        if (manifest.operations === 'postgresql' && databaseUrl === undefined)
            throw new UsageError(`${backup} has its operations in PostgreSQL: name an empty database in PANTAU_DATABASE_URL`);
        if (manifest.operations === 'sqlite' && databaseUrl !== undefined)
            throw new UsageError(`${backup} has its operations in a file: restore it without PANTAU_DATABASE_URL`);
        await write(dir, manifest, options);
        if (databaseUrl !== undefined)
            await runPostgres('pg_restore', {
                databaseUrl,
                args: [
                    '--single-transaction',
                    '--exit-on-error',
                    '--no-owner',
                    join(dir, 'data', 'operations.pgdump'),
                ],
            });
        return manifest;
    }
    finally {
        if (unpacked !== undefined)
            rmSync(unpacked, { recursive: true, force: true });
    }
}
function refuseUsed(dir, flag) {
    const found = statSync(dir, { throwIfNoEntry: false });
    if (found === undefined)
        return;
    if (!found.isDirectory())
        throw new UsageError(`${flag} ${dir}: is a file; name a new or an empty folder`);
    const [first] = readdirSync(dir);
    if (first !== undefined)
        throw new UsageError(`${flag} ${dir}: is not empty (${first}); nothing is overwritten: name a new folder, or move that one away`);
}
function refuseNewer({ migrations: known, version }, backup) {
    const unknown = known.filter((name) => !(name in migrations));
    if (unknown.length > 0)
        throw unusable(`${backup} was made by a newer version of Pantau (${version}, ${unknown.join(', ')}): restore it with that version`);
}
async function unpack(backup, beside) {
    mkdirSync(beside, { recursive: true });
    const dir = mkdtempSync(join(beside, '.pantau-restore-'));
    try {
        await runProgram('tar', ['-xf', backup, '-C', dir]);
        return dir;
    }
    catch (error) {
        rmSync(dir, { recursive: true, force: true });
        const reason = error instanceof Error ? error.message : String(error);
        throw unusable(`${backup} cannot be unpacked (${reason}); take another backup`);
    }
}
/** Every file is there and as it was: half a backup is no backup. */
async function verify(dir, { files }, progress) {
    for (const { path, bytes, sha256 } of files) {
        const full = join(dir, path);
        if (!existsSync(full))
            throw unusable(`${path} is missing in the backup; take another one`);
        const found = await hashOf(full);
        if (found.bytes !== bytes || found.sha256 !== sha256)
            throw unusable(`${path} in the backup is damaged (its SHA-256 is not that of the manifest); take another one`);
        progress(`${path}  ok`);
    }
}
async function write(dir, { files, madeAt }, { dataDir, configDir }) {
    const place = (path) => {
        const below = path.slice(path.indexOf('/') + 1);
        if (path.startsWith('data/'))
            return path.endsWith('.pgdump') ? undefined : join(dataDir, below);
        return configDir === undefined ? undefined : join(configDir, below);
    };
    const put = (from, to) => {
        mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
        copyFileSync(from, `${to}.partial`);
        renameSync(`${to}.partial`, to);
    };
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const operations = files.find(({ path }) => path === 'data/operations.db');
    if (operations !== undefined) {
        const name = `operations-${madeAt.slice(0, 10)}-restored.db`;
        put(join(dir, operations.path), join(dataDir, 'backups', name));
    }
    for (const file of files) {
        const to = place(file.path);
        if (to === undefined || file === operations)
            continue;
        put(join(dir, file.path), to);
        const { sha256 } = await hashOf(to);
        if (sha256 !== file.sha256)
            throw new UsageError(`${to} is not what was written: is the disk full or broken?`, exitCodes.unusable);
    }
    if (operations !== undefined)
        put(join(dir, operations.path), join(dataDir, basename(operations.path)));
}
//# sourceMappingURL=restore.js.map