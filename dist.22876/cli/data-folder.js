import { accessSync, chmodSync, constants, mkdirSync, statSync } from 'node:fs';
/** Others on the machine read neither the readings nor the names and identities in the operations database. */
const ownerOnly = 0o700;
/** Makes the data folder if it is absent, and closes it to everybody else. Returns what is wrong with it, in a line with the remedy. */
export function dataFolderProblem(dir) {
    try {
        mkdirSync(dir, { recursive: true, mode: ownerOnly });
        accessSync(dir, constants.R_OK | constants.W_OK | constants.X_OK);
        const { uid, mode } = statSync(dir);
        // A folder that belongs to somebody else is theirs to close.
        if (uid === process.getuid?.() && (mode & 0o077) !== 0)
            chmodSync(dir, ownerOnly);
        return undefined;
    }
    catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        return `the data folder ${dir} cannot be used: ${why}; make it writable, or name another with PANTAU_DATA`;
    }
}
//# sourceMappingURL=data-folder.js.map