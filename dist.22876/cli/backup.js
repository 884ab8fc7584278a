import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync, } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { migrations } from "../server/db/migrations/index.js";
import { backupFormat, hashOf, manifestName, sizeText, } from "./backup-manifest.js";
import { copyWhileInUse } from "./locked-copy.js";
import { runPostgres, runProgram } from "./postgres-dump.js";
import { exitCodes, UsageError } from "./usage.js";
/** Of a data folder: SQLite's own companions, copies under way, and copies of the operations database that are made daily. */
const companion = /(-wal|-shm|-journal|\.partial|\.copy)$/;
const setAside = /\.damaged/;
const dailyCopies = 'backups';
const archive = /\.(tar|tar\.gz|tgz)$/;
/**
 * `pantau backup`: everything that a server needs to go on elsewhere, taken while it runs and without holding it up. The operations
 * database comes first: what it refers to (attachments) is then in the backup. Rejects with UsageError, leaving nothing behind.
 */
export async function makeBackup(environment, options) {
    const { out, configDir, version, now, progress } = options;
    const { PANTAU_DATA: dataDir, PANTAU_DATABASE_URL: databaseUrl, PANTAU_INFLUX_URL: influxUrl, } = environment;
    refuseUsed(out);
    for (const folder of [dataDir, configDir])
        refuseInside(out, folder);
    if (!existsSync(dataDir) || (databaseUrl === undefined && !existsSync(join(dataDir, 'operations.db'))))
        throw new UsageError(`${dataDir} is no data folder of a server; name it with PANTAU_DATA`);
    const partial = `${out}.partial`;
    rmSync(partial, { recursive: true, force: true });
    try {
        // Password hashes and secrets are in it: for this user only.
        mkdirSync(join(partial, 'data'), { recursive: true, mode: 0o700 });
        const notIncluded = [];
        if (databaseUrl !== undefined)
            await runPostgres('pg_dump', {
                databaseUrl,
                args: ['--format=custom', `--file=${join(partial, 'data', 'operations.pgdump')}`],
            });
        await copyFolder(dataDir, join(partial, 'data'), notIncluded);
        if (existsSync(configDir))
            copyPlain(configDir, join(partial, 'config'));
        notIncluded.push(...elsewhere(influxUrl));
        const files = await listFiles(partial, progress);
        const manifest = {
            product: 'pantau-dc',
            format: backupFormat,
            version,
            madeAt: new Date(now).toISOString(),
            migrations: Object.keys(migrations),
            operations: databaseUrl === undefined ? 'sqlite' : 'postgresql',
            readings: influxUrl === undefined ? 'embedded' : 'influxdb',
            files,
            notIncluded,
        };
        writeFileSync(join(partial, manifestName), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
        if (archive.test(out)) {
            const packed = `${partial}.tar`;
            await runProgram('tar', [out.endsWith('.tar') ? '-cf' : '-czf', packed, '-C', partial, '.']);
            renameSync(packed, out);
            rmSync(partial, { recursive: true, force: true });
        }
        else {
            rmSync(out, { recursive: true, force: true });
            renameSync(partial, out);
        }
        return manifest;
    }
    catch (error) {
        for (const left of [partial, `${partial}.tar`])
            rmSync(left, { recursive: true, force: true });
        throw error;
    }
}
function refuseUsed(out) {
    const found = statSync(out, { throwIfNoEntry: false });
    const isFree = found === undefined || (found.isDirectory() && readdirSync(out).length === 0 && !archive.test(out));
    if (!isFree)
        throw new UsageError(`--out ${out}: is there already; name a new folder or file`);
    const parent = dirname(out);
    if (!existsSync(parent))
        throw new UsageError(`--out ${out}: there is no folder ${parent}; make it first`, exitCodes.unusable);
}
/** It would be part of itself, and be lost with what it is a backup of. */
function refuseInside(out, folder) {
    const below = relative(resolve(folder), resolve(out));
    if (below === '' || !(below.startsWith('..') || isAbsolute(below)))
        throw new UsageError(`--out ${out}: lies inside ${folder}; name a place elsewhere, best on another disk`);
}
/** Files of incidents and spools are in folders of their own. */
async function copyFolder(from, to, notIncluded) {
    mkdirSync(to, { recursive: true, mode: 0o700 });
    const entries = readdirSync(from, { withFileTypes: true });
    const isFirst = (name) => name === 'operations.db';
    for (const entry of entries.toSorted((a, b) => Number(isFirst(b.name)) - Number(isFirst(a.name)))) {
        const { name } = entry;
        const path = join(from, name);
        if (companion.test(name) || (entry.isDirectory() && name === dailyCopies))
            continue;
        if (setAside.test(name)) {
            notIncluded.push(`${path}: was set aside as damaged`);
            continue;
        }
        if (entry.isDirectory())
            await copyFolder(path, join(to, name), notIncluded);
        else if (entry.isFile() && name.endsWith('.db'))
            await copyWhileInUse(path, join(to, name));
        else if (entry.isFile())
            copyUnlessGone(path, join(to, name));
    }
}
function copyPlain(from, to) {
    mkdirSync(to, { recursive: true, mode: 0o700 });
    for (const entry of readdirSync(from, { withFileTypes: true })) {
        // In the product's own folder the configuration lies beside the code that reads it.
        if (/^\.|\.[jt]s$/.test(entry.name) || entry.name === 'node_modules')
            continue;
        if (entry.isDirectory())
            copyPlain(join(from, entry.name), join(to, entry.name));
        // A mounted configuration has links in it (Kubernetes).
        else if (statSync(join(from, entry.name), { throwIfNoEntry: false })?.isFile() === true)
            copyUnlessGone(join(from, entry.name), join(to, entry.name));
    }
}
/** A file may be deleted between the listing and the copy. */
function copyUnlessGone(from, to) {
    try {
        copyFileSync(from, to);
    }
    catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT'))
            throw error;
    }
}
async function listFiles(dir, progress) {
    const files = [];
    const paths = readdirSync(dir, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1))
        .toSorted();
    for (const path of paths) {
        const entry = { path, ...(await hashOf(join(dir, path))) };
        files.push(entry);
        progress(`${path}  ${sizeText(entry.bytes)}`);
    }
    return files;
}
/** What is not in any file of this server. */
function elsewhere(influxUrl) {
    const variables = Object.keys(process.env)
        .filter((name) => name.startsWith('PANTAU_') && process.env[name] !== '')
        .toSorted();
    const secrets = variables.length === 0
        ? []
        : [
            `the environment of the server (here: ${variables.join(', ')}); keep passwords and addresses elsewhere`,
        ];
    if (influxUrl === undefined)
        return secrets;
    const database = decodeURIComponent(basename(new URL(influxUrl).pathname)) || 'pantau';
    return [
        ...secrets,
        `readings in InfluxDB: run  influxd backup -portable -database ${database} DIR  there, and  influxd restore -portable -db ${database} DIR  to go back`,
    ];
}
//# sourceMappingURL=backup.js.map