import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openInfluxHistorian, type InfluxHistorian } from '../../../server/historian/influx/influx.ts';
import type { Retention } from '../../../server/historian/tiers.ts';
import { freePort } from '../../support/process.ts';
import { facts, silent, temporaryFolder, type Bench } from './support.ts';

/** Debian's InfluxDB on ports and folders of its own. */
export interface Influxd {
  readonly url: string;
  start(): Promise<void>;
  /** As a power cut would. */
  kill(): Promise<void>;
  remove(): Promise<void>;
}

export async function createInfluxd(
  program: string,
  options: { readonly auth: boolean } = { auth: false },
): Promise<Influxd> {
  const folder = await temporaryFolder();
  const [port, rpcPort] = [await freePort(), await freePort()];
  const config = join(folder, 'influxdb.conf');
  await writeFile(
    config,
    `reporting-disabled = true
bind-address = "127.0.0.1:${rpcPort}"
[meta]
  dir = "${folder}/meta"
[data]
  dir = "${folder}/data"
  wal-dir = "${folder}/wal"
  query-log-enabled = false
[monitor]
  store-enabled = false
[http]
  bind-address = "127.0.0.1:${port}"
  log-enabled = false
  auth-enabled = ${options.auth}
`,
  );
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  const kill = async (): Promise<void> => {
    if (child === undefined) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    child = undefined;
  };
  return {
    url,
    async start() {
      const started = spawn(program, ['-config', config], { stdio: 'ignore' });
      child = started;
      while (!(await answers(url))) {
        if (started.exitCode !== null) throw new Error(`influxd ended with ${started.exitCode}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    kill,
    async remove() {
      await kill();
      await rm(folder, { recursive: true });
    },
  };
}

/** For ever, so that readings of fixed times are not too old. */
export const forEver: Retention = {
  raw: Infinity,
  '1m': Infinity,
  '1h': Infinity,
  '1d': Infinity,
  pinned: Infinity,
};

/** A database in a running InfluxDB. */
export function influxBench(influxd: Influxd, database: string): Bench {
  let opened: InfluxHistorian | undefined;
  return {
    async open() {
      opened = await openInfluxHistorian({
        url: influxd.url,
        database,
        log: silent,
        facts,
        retention: forEver,
      });
      return opened;
    },
    rest: async () => opened?.fill(Date.parse('2100-01-01')),
    remove: () => Promise.resolve(),
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/ping`)).ok;
  } catch {
    return false;
  }
}
