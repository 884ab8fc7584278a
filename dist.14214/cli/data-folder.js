import { accessSync, constants, mkdirSync } from 'node:fs';
/** Makes the data folder if it is absent. Returns what is wrong with it, in a line with the remedy. */
export function dataFolderProblem(dir) {
    try {
        mkdirSync(dir, { recursive: true });
        accessSync(dir, constants.R_OK | constants.W_OK | constants.X_OK);
        return undefined;
    }
    catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        return `the data folder ${dir} cannot be used: ${why}; make it writable, or name another with PANTAU_DATA`;
    }
}
//# sourceMappingURL=data-folder.js.map