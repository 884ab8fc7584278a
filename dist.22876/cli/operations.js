import { randomBytes } from 'node:crypto';
import { DatabaseUnusable, isRetryable } from "../server/db/errors.js";
import { openForCommand } from "../server/db/operations.js";
import { exitCodes } from "./usage.js";
/** Runs `work` on the operations database and closes it. */
export async function withOperations(environment, work) {
    const now = Date.now();
    const db = await openForCommand({
        dataDir: environment.PANTAU_DATA,
        databaseUrl: environment.PANTAU_DATABASE_URL,
        now,
    });
    try {
        return await work(db, { now, randomBytes });
    }
    finally {
        await db.destroy();
    }
}
/** Explains a database that cannot be used, without a stack; false: it is another error. */
export function explainDatabaseError(error) {
    if (!(error instanceof DatabaseUnusable) && !isRetryable(error))
        return false;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error instanceof DatabaseUnusable ? exitCodes.unusable : exitCodes.retry;
    return true;
}
//# sourceMappingURL=operations.js.map