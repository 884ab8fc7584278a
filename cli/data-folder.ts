import { accessSync, chmodSync, constants, lstatSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Others on the machine read neither the readings nor the names and identities in the operations database. */
const ownerOnly = 0o700;
const forOthers = 0o077;

/** Makes the data folder if it is absent, and closes it to everybody else. Returns what is wrong with it, in a line with the remedy. */
export function dataFolderProblem(dir: string): string | undefined {
  try {
    mkdirSync(dir, { recursive: true, mode: ownerOnly });
    accessSync(dir, constants.R_OK | constants.W_OK | constants.X_OK);
    const { uid, mode } = statSync(dir);
    // A folder that belongs to somebody else is theirs to close.
    if (uid === process.getuid?.() && (mode & forOthers) !== 0) chmodSync(dir, ownerOnly);
    closeFiles(dir);
    return undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `the data folder ${dir} cannot be used: ${why}; make it writable, or name another with PANTAU_DATA`;
  }
}

/** Files of an earlier version, and those of a folder that somebody else owns and leaves open. */
function closeFiles(dir: string): void {
  for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
    const path = join(dir, name);
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found === undefined || found.isSymbolicLink()) continue;
    if (found.uid === process.getuid?.() && (found.mode & forOthers) !== 0)
      chmodSync(path, found.mode & ownerOnly);
  }
}
