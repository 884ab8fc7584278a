import { copyFileSync, existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { DatabaseSync } from '@photostructure/sqlite';
import { isRetryable } from "../server/db/errors.js";
import { copyDatabase } from "../server/db/sqlite/caretaker-job.js";
/** A spool's log is folded into its file now and then; two copies in a row that meet such a moment are rare. */
const attempts = 10;
/** Of a write-ahead log: its salts change when it begins again. */
const logHeaderBytes = 32;
/**
 * A consistent copy of a SQLite file that another process is writing, and may hold to itself. Never blocks that process. Must not run
 * in it: closing a file that SQLite has open gives up SQLite's locks on it.
 */
export async function copyWhileInUse(path, to) {
    try {
        await copyDatabase(path, to);
    }
    catch (error) {
        if (!isRetryable(error))
            throw error;
        rmSync(`${to}.partial`, { force: true });
        copyLocked(path, to);
    }
}
/**
 * Buffers of readings are locked by their owner. They are copied as files, log included, and the copy counts only if the file was
 * not written meanwhile: then it is as it was at the beginning, and the log, which only grows, tells the rest.
 */
function copyLocked(path, to) {
    let reason = 'it is written all the time';
    for (let attempt = 0; attempt < attempts; attempt += 1) {
        removeCopy(to);
        const before = stateOf(path);
        copyFileSync(path, to);
        if (existsSync(`${path}-wal`))
            copyFileSync(`${path}-wal`, `${to}-wal`);
        if (existsSync(`${path}-journal`) || stateOf(path) !== before)
            continue;
        const finding = fold(to);
        if (finding === undefined)
            return;
        reason = finding;
    }
    removeCopy(to);
    throw new Error(`${path} cannot be copied while it is in use: ${reason}; try again, or stop the server for the backup`);
}
function stateOf(path) {
    const { mtimeNs, size } = statSync(path, { bigint: true });
    const log = existsSync(`${path}-wal`)
        ? readFileSync(`${path}-wal`).subarray(0, logHeaderBytes)
        : Buffer.of();
    return `${mtimeNs} ${size} ${log.toString('hex')}`;
}
/** Takes the copied log into the copied file; returns what SQLite finds wrong with it. */
function fold(copy) {
    try {
        const database = new DatabaseSync(copy);
        try {
            database.exec('pragma wal_checkpoint(truncate); pragma journal_mode = delete;');
            const [found] = database
                .prepare('pragma quick_check(1)')
                .all()
                .flatMap((row) => Object.values(row).map(String));
            return found === 'ok' ? undefined : (found ?? 'nothing to check');
        }
        finally {
            database.close();
        }
    }
    catch (error) {
        return error instanceof Error ? error.message : String(error);
    }
    finally {
        for (const suffix of ['-wal', '-shm'])
            rmSync(copy + suffix, { force: true });
    }
}
function removeCopy(to) {
    for (const suffix of ['', '-wal', '-shm'])
        rmSync(to + suffix, { force: true });
}
//# sourceMappingURL=locked-copy.js.map