import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Another process that holds the write lock until it is told to let go. */
export async function foreignWriter(path: string): Promise<{ release(): Promise<void> }> {
  const program = `
    const { DatabaseSync } = require('@photostructure/sqlite');
    const db = new DatabaseSync(process.argv[1]);
    db.exec('pragma busy_timeout = 5000; begin immediate');
    process.stdout.write('locked');
    process.stdin.once('data', () => { db.exec('rollback'); process.exit(); });`;
  const child = spawn(process.execPath, ['-e', program, path], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return {
    async release() {
      const ended = once(child, 'exit');
      child.stdin.write('go');
      await ended;
    },
  };
}
