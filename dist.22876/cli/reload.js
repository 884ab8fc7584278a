import { watch } from 'chokidar';
import { formatProblem } from "../config/load.js";
/** An editor writes a file in several steps, and people save several files after another. */
const quietMs = 500;
export function createReloader({ load, apply, log }) {
    let problem;
    let running = Promise.resolve();
    let waiting = false;
    async function reload() {
        waiting = false;
        let loaded;
        try {
            loaded = await load();
        }
        catch (error) {
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
        for (const warning of loaded.warnings)
            log.warn(warning);
        try {
            await apply(loaded.model);
            problem = undefined;
            log.info({ points: loaded.model.points.length }, 'the changed configuration is in force');
        }
        catch (error) {
            const reason = error instanceof Error ? error.message : String(error);
            problem = `the changed configuration cannot be run: ${reason}`;
            log.error({ err: error }, problem);
        }
    }
    return {
        request() {
            if (waiting)
                return;
            waiting = true;
            running = running.then(reload);
        },
        problem: () => problem,
        idle: () => running,
    };
}
/** `readAt`: epoch ms, when the configuration in force was read. Calls back when YAML or certificates of the folder changed, and at SIGHUP. */
export function watchConfig(dir, { readAt, changed, log }) {
    let timer;
    const soon = () => {
        clearTimeout(timer);
        timer = setTimeout(changed, quietMs);
    };
    let ready = false;
    // Files are listed once at the start: one that was saved after the configuration was read is a change too.
    const watcher = watch(dir, { alwaysStat: true });
    watcher.on('ready', () => (ready = true));
    watcher.on('all', (_event, file, stats) => {
        if (!ready && (stats?.mtimeMs ?? 0) < readAt)
            return;
        if (/\.(yaml|pem|crt|key)$/.test(file))
            soon();
    });
    watcher.on('error', (error) => log.warn({ err: error }, `changes in ${dir} go unnoticed; after one, send SIGHUP or start again`));
    process.on('SIGHUP', soon);
    return {
        async close() {
            clearTimeout(timer);
            process.off('SIGHUP', soon);
            await watcher.close();
        },
    };
}
//# sourceMappingURL=reload.js.map