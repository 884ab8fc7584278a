import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { copyDatabase } from './sqlite/caretaker-job.ts';

/** Rolling copies of `operations.db`, beside it in `backups/`: each whole and looked through before it gets its name. */
export interface Copies {
  /** The newest there is. */
  latest(): Copy | undefined;
  /** `label` says why it was made, e.g. `before-005-alarms`; the oldest beyond seven are deleted. */
  make(now: number, label?: string): Promise<string>;
  /** Makes room for a new copy made by `write` under a name of its own; not counted among the seven. */
  pathFor(now: number, label: string): string;
}

interface Copy {
  readonly path: string;
  /** By the file's own time, epoch ms. */
  readonly madeAt: number;
}

const copiesKept = 7;
const nameOfCopy = /^operations-\d{4}-\d{2}-\d{2}.*\.db$/;

export function createCopies(path: string, folder: string): Copies {
  /** Newest first, by when they were made: names come from a clock that may have jumped. */
  function all(): Copy[] {
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .filter((name) => nameOfCopy.test(name))
      .map((name) => join(folder, name))
      .map((copy) => ({ path: copy, madeAt: statSync(copy).mtimeMs }))
      .toSorted((one, other) => other.madeAt - one.madeAt);
  }

  function pathFor(now: number, label: string): string {
    mkdirSync(folder, { recursive: true });
    const date = new Date(now).toISOString().slice(0, 10);
    return join(folder, `operations-${date}${label === '' ? '' : `-${label}`}.db`);
  }

  return {
    latest: () => all()[0],
    pathFor,
    async make(now, label = '') {
      const to = pathFor(now, label);
      await copyDatabase(path, to);
      for (const old of all().slice(copiesKept)) if (old.path !== to) rmSync(old.path, { force: true });
      return to;
    },
  };
}
