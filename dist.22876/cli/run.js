/** Starts, waits for SIGINT or SIGTERM, and closes in order; a second signal ends at once. */
export async function runUntilSignal(start) {
    const signalled = new Promise((resolve) => {
        // Started by `serve`: without its parent the process has no purpose.
        if (process.connected)
            process.once('disconnect', () => process.exit());
        for (const signal of ['SIGINT', 'SIGTERM']) {
            process.once(signal, () => {
                process.once(signal, () => process.exit(1));
                resolve();
            });
        }
    });
    const running = await start();
    // Undefined: it could not start, has printed why and set the exit code. An open handle must not keep it from ending:
    // a supervisor restarts only what has ended.
    if (running === undefined)
        process.exit();
    await signalled;
    await running.close();
    process.exit();
}
//# sourceMappingURL=run.js.map