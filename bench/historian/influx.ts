import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import { openInfluxHistorian } from '../../server/historian/influx/influx.ts';
import { facts, type Contender } from './contender.ts';

const program = '/usr/bin/influxd';
const port = 28_396;
const url = `http://127.0.0.1:${port}`;
/** What was written moves from the log, where it is twenty times as large, to the files once nothing comes any more. */
const flushMs = 4_000;
const mostWaits = 15;
const emptyLogBytes = 100_000;
/** Its index is files with holes: what they take on disk counts. */
const blockBytes = 512;
/** Each append costs it some ms, and a year of small ones more than an hour. */
const readingsPerAppend = 50_000;
/** For ever: the readings are of fixed times. */
const retention = { raw: Infinity, '1m': Infinity, '1h': Infinity, '1d': Infinity, pinned: Infinity };

/** Debian's InfluxDB, a server of its own for each trial; none where it is not installed. */
export function influx(): Contender[] {
  if (!existsSync(program)) return [];
  return [
    {
      name: 'InfluxDB',
      async open(folder) {
        const server = await startServer(folder);
        const log = pino({ level: 'error' }, process.stderr);
        const historian = await openInfluxHistorian({ url, database: 'bench', log, facts, retention });
        return {
          readingsPerAppend,
          historian: {
            ...historian,
            async close() {
              await historian.close();
              const ended = once(server, 'exit');
              server.kill('SIGKILL');
              await ended;
            },
          },
          async rest(until) {
            await historian.fill(until);
          },
          async bytes() {
            const ahead = join(folder, 'wal', 'bench');
            for (let left = mostWaits; left > 0; left -= 1) {
              await pause(flushMs);
              if (bytesIn(ahead) < emptyLogBytes) break;
            }
            return bytesIn(join(folder, 'data', 'bench')) + bytesIn(ahead);
          },
        };
      },
    },
  ];
}

async function startServer(folder: string): Promise<ChildProcess> {
  const config = join(folder, 'influxdb.conf');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    config,
    `reporting-disabled = true
bind-address = "127.0.0.1:${port + 2}"
[meta]
  dir = "${folder}/meta"
[data]
  dir = "${folder}/data"
  wal-dir = "${folder}/wal"
  query-log-enabled = false
  cache-snapshot-write-cold-duration = "1s"
[monitor]
  store-enabled = false
[http]
  bind-address = "127.0.0.1:${port}"
  log-enabled = false
`,
  );
  const server = spawn(program, ['-config', config], { stdio: 'ignore' });
  for (;;) {
    const answer = await fetch(`${url}/ping`).catch(() => undefined);
    if (answer?.ok === true) return server;
    if (server.exitCode !== null) throw new Error(`influxd ended with ${server.exitCode}`);
    await pause(50);
  }
}

function bytesIn(folder: string): number {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).blocks * blockBytes, 0);
}
