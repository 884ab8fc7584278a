import { randomBytes } from 'node:crypto';
import { chownSync, readFileSync } from 'node:fs';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { execFileSync, spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest';
import { Client } from 'pg';
import { openDatabase } from '../../server/db/database.ts';
import { freePort, startPeer, type Peer } from './process.ts';
import { peer, peerPath } from './peers.ts';

/** A place for one operations database of the newest schema, empty, for `openDatabase`: a copy of one that was brought up to date once. */
export interface FreshDatabase {
  /** Of a database that nobody has used: a file's path or a postgres:// URL. The same all through one test. */
  where(): string;
}

/**
 * Runs a suite on SQLite and on PostgreSQL: `describe`s "<name> on SQLite" and "<name> on PostgreSQL", with an empty database for each test.
 * PostgreSQL is Debian's, started on loopback for this file; without it that half is skipped with the package's name; with PANTAU_TEST_DATABASES=sqlite it is no part of the run.
 */
export function forEachDatabase(name: string, suite: (database: FreshDatabase) => void): void {
  describe(`${name} on SQLite`, () => {
    let template = '';
    let folder = '';
    beforeAll(async () => {
      template = await mkdtemp(join(tmpdir(), 'pantau-sqlite-'));
      await bringUpToDate(join(template, 'operations.db'));
    });
    afterAll(() => rm(template, { recursive: true, force: true }));
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'pantau-sqlite-'));
      await copyFile(join(template, 'operations.db'), join(folder, 'operations.db'));
    });
    afterEach(() => rm(folder, { recursive: true, force: true }));
    suite({ where: () => join(folder, 'operations.db') });
  });

  if (process.env['PANTAU_TEST_DATABASES'] === 'sqlite') return;
  describe(`${name} on PostgreSQL`, () => {
    let server: Postgres | undefined;
    let url = '';
    let template = '';
    beforeAll(async () => {
      server = postgresBin() === undefined ? undefined : await startPostgres();
      if (server === undefined) return;
      template = await server.createDatabase();
      await bringUpToDate(template);
    });
    afterAll(() => server?.stop());
    beforeEach(async (context) => {
      peer(context, 'postgres');
      url = (await server?.createDatabase(template)) ?? '';
    });
    suite({ where: () => url });
  });
}

async function bringUpToDate(where: string): Promise<void> {
  const db = await openDatabase(where);
  await db.destroy();
}

export interface Postgres {
  readonly port: number;
  readonly password: string;
  /** A new database's URL, password included; a copy of the one at `template`, which nobody has open. */
  createDatabase(template?: string): Promise<string>;
  /** SIGKILL to the postmaster, as when the machine dies. */
  kill(): Promise<void>;
  /** After `kill` or `stop`: on the same files. */
  start(): Promise<void>;
  /** SIGSTOP and SIGCONT to every process of the server. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

/** Undefined: not installed. */
export function postgresBin(): string | undefined {
  const program = peerPath('postgres');
  return program === undefined ? undefined : dirname(program);
}

/** A private server on loopback with files of its own. It refuses to run as root, so it runs as user postgres then. */
export async function startPostgres(): Promise<Postgres> {
  const bin = postgresBin();
  if (bin === undefined) throw new Error('apt-get install postgresql');
  const folder = await mkdtemp(join(tmpdir(), 'pantau-postgres-'));
  const user = unprivileged();
  const password = randomBytes(12).toString('hex');
  const passwordFile = join(folder, 'password');
  const data = join(folder, 'data');
  await writeFile(passwordFile, password);
  if (user !== undefined) for (const path of [folder, passwordFile]) chownSync(path, user.uid, user.gid);
  execFileSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'pantau', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'],
    { stdio: 'ignore', cwd: folder, ...user },
  ); // prettier-ignore
  const port = await freePort();
  let running: Peer | undefined;
  let databases = 0;

  async function start(): Promise<void> {
    running = await startPeer(
      join(bin ?? '', 'postgres'),
      ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', '', '-c', 'max_connections=200', '-c', 'shared_buffers=16MB'],
      { ready: /ready to accept connections/, cwd: folder, ...user },
    ); // prettier-ignore
  }
  const urlOf = (database: string): string => `postgres://pantau:${password}@127.0.0.1:${port}/${database}`;

  function signalAll(signal: 'SIGSTOP' | 'SIGCONT'): void {
    const [postmaster] = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
    const children = spawnSync('ps', ['-o', 'pid=', '--ppid', postmaster ?? ''], { encoding: 'utf8' }).stdout;
    for (const pid of [postmaster, ...children.split('\n')].map(Number))
      if (pid > 0) signalIfAlive(pid, signal);
  }

  await start();
  return {
    port,
    password,
    async createDatabase(template) {
      databases += 1;
      const client = new Client({ connectionString: urlOf('postgres') });
      await client.connect();
      const copied = template === undefined ? '' : ` template ${new URL(template).pathname.slice(1)}`;
      await client.query(`create database test_${databases}${copied}`);
      await client.end();
      return urlOf(`test_${databases}`);
    },
    start,
    async kill() {
      await running?.kill();
    },
    freeze: () => signalAll('SIGSTOP'),
    thaw: () => signalAll('SIGCONT'),
    async stop() {
      // Not in order: that would wait for clients that a test left connected.
      await running?.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A backend that ends between the listing and the signal is no fault. */
function signalIfAlive(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}
