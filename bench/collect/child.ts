import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A part of the bench in a process of its own: reports when it is ready, and its figures on request. */
export interface Part<Report> {
  readonly pid: number;
  report(): Promise<Report>;
  stop(): Promise<void>;
}

export async function startPart<Report>(file: string, args: readonly string[]): Promise<Part<Report>> {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const profile = process.env['BENCH_CPU_PROF'];
  const execArgv =
    profile !== undefined && file.includes('collector') ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : [];
  const child: ChildProcess = fork(path, args, { execArgv });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${file} did not start`);
  await said(child);
  return {
    pid,
    async report(): Promise<Report> {
      child.send('report');
      return said<Report>(child);
    },
    async stop() {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}

function said<Report>(child: ChildProcess): Promise<Report> {
  return new Promise((resolve, reject) => {
    child.once('message', (message: Report) => resolve(message));
    child.once('exit', () => reject(new Error('a part of the bench ended')));
  });
}
