import { watch } from 'chokidar';
import type { Logger } from 'pino';
import { formatProblem, type LoadResult } from '../config/load.ts';
import type { Model } from '../config/model.ts';

/** An editor writes a file in several steps, and people save several files after another. */
const quietMs = 500;

export interface ReloadOptions {
  /** May take its time, as long as it leaves the event loop alone. */
  readonly load: () => LoadResult | Promise<LoadResult>;
  /** Rejects when the model cannot be run; the one before goes on then. */
  readonly apply: (model: Model) => Promise<void>;
  readonly log: Logger;
}

/** Puts a changed configuration in force, one change at a time. A broken one is reported and the one before goes on. */
export interface Reloader {
  request(): void;
  /** Why the files as they are now are not in force; undefined: they are. */
  problem(): string | undefined;
  /** Resolves when no change is being applied. */
  idle(): Promise<void>;
}

export function createReloader({ load, apply, log }: ReloadOptions): Reloader {
  let problem: string | undefined;
  let running: Promise<void> = Promise.resolve();
  let waiting = false;

  async function reload(): Promise<void> {
    waiting = false;
    let loaded: LoadResult;
    try {
      loaded = await load();
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
      log.error({ err: error }, problem);
      return;
    }
    if (!loaded.ok) {
      const lines = loaded.problems.map(formatProblem);
      const more = lines.length === 1 ? '' : ` (and ${lines.length - 1} more)`;
      problem = `the changed configuration is not valid, the one before goes on: ${lines[0]}${more}`;
      log.error({ problems: lines }, problem);
      return;
    }
    for (const warning of loaded.warnings) log.warn(warning);
    try {
      await apply(loaded.model);
      problem = undefined;
      log.info({ points: loaded.model.points.length }, 'the changed configuration is in force');
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      problem = `the changed configuration cannot be run: ${reason}`;
      log.error({ err: error }, problem);
    }
  }

  return {
    request() {
      if (waiting) return;
      waiting = true;
      running = running.then(reload);
    },
    problem: () => problem,
    idle: () => running,
  };
}

/** `readAt`: epoch ms, when the configuration in force was read. Calls back when YAML or certificates of the folder changed, and at SIGHUP. */
export function watchConfig(
  dir: string,
  { readAt, changed, log }: { readonly readAt: number; readonly changed: () => void; readonly log: Logger },
): { close(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined;
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(changed, quietMs);
  };
  let ready = false;
  // Files are listed once at the start: one that was saved after the configuration was read is a change too.
  const watcher = watch(dir, { alwaysStat: true });
  watcher.on('ready', () => (ready = true));
  watcher.on('all', (_event, file, stats) => {
    if (!ready && (stats?.mtimeMs ?? 0) < readAt) return;
    if (/\.(yaml|pem|crt|key)$/.test(file)) soon();
  });
  watcher.on('error', (error) =>
    log.warn({ err: error }, `changes in ${dir} go unnoticed; after one, send SIGHUP or start again`),
  );
  process.on('SIGHUP', soon);
  return {
    async close() {
      clearTimeout(timer);
      process.off('SIGHUP', soon);
      await watcher.close();
    },
  };
}
