import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
export async function startPart(file, args) {
    const path = fileURLToPath(new URL(file, import.meta.url));
    const profile = process.env['BENCH_CPU_PROF'];
    const execArgv = profile !== undefined && file.includes('collector') ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : [];
    const child = fork(path, args, { execArgv });
    const { pid } = child;
    if (pid === undefined)
        throw new Error(`${file} did not start`);
    await said(child);
    return {
        pid,
        async report() {
            child.send('report');
            return said(child);
        },
        async stop() {
            const gone = once(child, 'exit');
            child.kill('SIGTERM');
            await gone;
        },
    };
}
function said(child) {
    return new Promise((resolve, reject) => {
        child.once('message', (message) => resolve(message));
        child.once('exit', () => reject(new Error('a part of the bench ended')));
    });
}
//# sourceMappingURL=child.js.map