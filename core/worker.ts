import { Worker } from 'node:worker_threads';

/**
 * Starts a worker thread on one of our own modules: `startWorker(new URL('../server/writer.ts', import.meta.url), data)`.
 * Compiled, the module beside it is `.js`; run from source, the thread first learns to read TypeScript, which
 * Node's workers do not inherit from tsx or vitest.
 */
export function startWorker(module: URL, workerData: unknown): Worker {
  if (!import.meta.url.endsWith('.ts')) {
    return new Worker(new URL(module.href.replace(/\.ts$/, '.js')), { workerData });
  }
  const tsx = import.meta.resolve('tsx/esm/api');
  const load = `import(${JSON.stringify(tsx)}).then(({ register }) => { register(); return import(${JSON.stringify(module.href)}); })`;
  return new Worker(load, { eval: true, workerData });
}
