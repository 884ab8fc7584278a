export interface Closable {
  close(): void | Promise<void>;
}

/** Starts, waits for SIGINT or SIGTERM, and closes in order; a second signal ends at once. */
export async function runUntilSignal(start: () => Promise<Closable | undefined>): Promise<void> {
  const signalled = new Promise<void>((resolve) => {
    // Started by `serve`: nobody is left to serve when it is gone.
    if (process.connected) process.once('disconnect', () => process.exit());
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(1));
        resolve();
      });
    }
  });
  const running = await start();
  // Undefined: it could not start, has said why and set the exit code.
  if (running === undefined) return;
  await signalled;
  await running.close();
  process.exit();
}
