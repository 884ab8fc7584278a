import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, onTestFinished, test, vi, type TestContext } from 'vitest';
import { systemClock } from '../../core/clock.ts';
import { createTeardown } from '../../core/teardown.ts';
import { UnavailableError } from '../../core/unavailable.ts';
import type { StoredReading } from '../../server/historian/historian.ts';
import { createHistorianWriter } from '../../server/historian/batching.ts';
import { openInfluxHistorian } from '../../server/historian/influx/influx.ts';
import { openHistorian, openHistory } from '../../server/historian/open.ts';
import { historianContract } from '../server/historian/contract.ts';
import { createInfluxd, forEver, influxBench, type Influxd } from '../server/historian/influxd.ts';
import { freePort } from '../support/process.ts';
import {
  badReading,
  badSample,
  everything,
  reading,
  sample,
  silent,
  start,
  temporaryFolder,
} from '../server/historian/support.ts';
import { pausableProxy } from '../server/support/pausable-proxy.ts';
import { peer } from '../support/peers.ts';

let influxd: Influxd | undefined;
const patience = { timeout: 60_000, interval: 50 };

async function running(context: Pick<TestContext, 'skip'>): Promise<Influxd> {
  const program = peer(context, 'influxd');
  if (influxd === undefined) {
    influxd = await createInfluxd(program);
    await influxd.start();
  }
  return influxd;
}
afterAll(() => influxd?.remove());

async function execute(server: Influxd, statement: string): Promise<void> {
  await (await fetch(`${server.url}/query?q=${encodeURIComponent(statement)}`, { method: 'POST' })).text();
}

historianContract({
  name: 'InfluxDB historian',
  rested: false,
  prepare: async (context) => influxBench(await running(context), 'con"tract db'),
});
historianContract({
  name: 'InfluxDB historian with stored buckets',
  rested: true,
  many: 500,
  prepare: async (context) => influxBench(await running(context), 'stored'),
});

describe('InfluxDB historian', () => {
  test('the acceptable lines are kept and the refused ones told when the server refuses some', async (context) => {
    const server = await running(context);
    const aside = vi.fn<(readings: readonly StoredReading[], reason: string) => void>();
    const historian = await openInfluxHistorian({
      url: server.url, database: 'short', log: silent, retention: { ...forEver, raw: 3_600_000 }, setAside: aside,
    }); // prettier-ignore
    const warn = vi.spyOn(silent, 'warn');
    onTestFinished(() => warn.mockRestore());
    const now = Date.now();
    await historian.append([
      reading('dc/a', now - 86_400_000, 1),
      reading('dc/a', now, 2),
      reading('dc/a', start, 3),
    ]);
    expect(await historian.raw('dc/a', everything, 10)).toEqual([sample(now, 2)]);
    expect(historian.problem()).toMatch(
      /refused 2 of the last readings \(2 in all\): partial write: points beyond retention/,
    );
    expect(warn).toHaveBeenCalledOnce();
    expect(aside).toHaveBeenCalledWith(
      [reading('dc/a', now - 86_400_000, 1), reading('dc/a', start, 3)],
      expect.stringContaining('beyond retention'),
    );
    await historian.append([reading('dc/a', now + 1, 3)]);
    expect(historian.problem()).toBeUndefined();
  });

  test('readings of another type than the field has are set aside with the reason, and the others kept', async (context) => {
    const server = await running(context);
    const aside = vi.fn<(readings: readonly StoredReading[], reason: string) => void>();
    const historian = await openInfluxHistorian({
      url: server.url, database: 'types', log: silent, retention: forEver, setAside: aside,
    }); // prettier-ignore
    await fetch(`${server.url}/write?db=types&precision=ms`, {
      method: 'POST',
      body: `reading,point=other value="text",quality=0i ${start}`,
    });
    await historian.append([reading('dc/a', start, 1), badReading('dc/a', start + 1)]);
    expect(await historian.raw('dc/a', everything, 10)).toEqual([badSample(start + 1)]);
    expect(aside).toHaveBeenCalledExactlyOnceWith(
      [reading('dc/a', start, 1)],
      expect.stringContaining('field type conflict'),
    );
    expect(historian.problem()).toContain(
      'refused 1 of the last readings (1 in all): partial write: field type conflict',
    );
  });

  test('a database that was dropped is made again when readings come', async (context) => {
    const server = await running(context);
    const historian = await openInfluxHistorian({
      url: server.url,
      database: 'dropped',
      log: silent,
      retention: forEver,
    });
    await execute(server, 'DROP DATABASE dropped');
    await historian.append([reading('dc/a', start, 1)]);
    expect(await historian.raw('dc/a', everything, 10)).toEqual([sample(start, 1)]);
  });

  test('the address names database and user, and the password never shows', async (context) => {
    const server = await running(context);
    const address = server.url.replace('http://', 'http://pantau:s3cret%40@');
    const historian = await openHistorian({
      dataDir: '',
      influxUrl: `${address}/named`,
      log: silent,
      retention: forEver,
    });
    await historian.append([reading('dc/a', start, 1)]);
    const other = await openInfluxHistorian({
      url: server.url,
      database: 'named',
      log: silent,
      retention: forEver,
    });
    expect(await other.raw('dc/a', everything, 10)).toEqual([sample(start, 1)]);
    const nobody = address.replace(/:\d+$/, `:${await freePort()}`);
    const away = await openHistorian({ dataDir: '', influxUrl: nobody, log: silent });
    await expect(away.append([reading('dc/a', start, 1)])).rejects.toThrow('ECONNREFUSED');
    expect(away.problem()).toMatch(/did not take the last write: .*ECONNREFUSED/);
    expect(away.problem()).not.toContain('s3cret');
  });
});

describe('writer in front of InfluxDB', () => {
  test('nothing is lost when InfluxDB is killed and comes back while readings flow', async (context) => {
    const server = await createInfluxd(peer(context, 'influxd'));
    onTestFinished(() => server.remove());
    await server.start();
    const historian = await openInfluxHistorian({
      url: server.url,
      database: 'outage',
      log: silent,
      retention: forEver,
    });
    const writer = createHistorianWriter({
      historian,
      clock: systemClock,
      log: silent,
      maxBuffered: 100_000,
    });
    let pushed = 0;
    const flow = setInterval(() => {
      for (let i = 0; i < 30; i += 1) writer.push([reading(`dc/p-${i}`, start + pushed * 1_000, pushed)]);
      pushed += 1;
    }, 20);
    onTestFinished(() => clearInterval(flow));
    await vi.waitFor(() => expect(writer.stats().written).toBeGreaterThan(0), patience);
    await server.kill();
    await vi.waitFor(
      () =>
        expect(writer.problem()).toMatch(
          /^not writing since .*ECONNREFUSED|^not writing since .*fetch failed/,
        ),
      patience,
    );
    expect(historian.problem()).toMatch(/did not take the last write/);
    await server.start();
    await vi.waitFor(() => expect(writer.problem()).toBeUndefined(), patience);
    clearInterval(flow);
    await writer.close();
    expect(writer.stats()).toEqual({ buffered: 0, dropped: 0, written: pushed * 30 });
    expect(historian.problem()).toBeUndefined();
    for (const point of ['dc/p-0', 'dc/p-29']) {
      const samples = await historian.raw(point, everything, 1_000_000);
      expect(samples.map(({ value }) => value)).toEqual(Array.from({ length: pushed }, (_, i) => i));
    }
  });
});

/** The writer with its buffer on disk, as the product opens it. */
async function openDisk(url: string, dataDir: string, retention = forEver) {
  const teardown = createTeardown(silent);
  const parts = await openHistory(
    { dataDir, influxUrl: url, clock: systemClock, log: silent, retention },
    teardown,
  );
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (isOpen) await teardown.run();
    isOpen = false;
  };
  onTestFinished(close);
  return { ...parts, close };
}

async function ownServer(context: Pick<TestContext, 'skip'>): Promise<Influxd> {
  const server = await createInfluxd(peer(context, 'influxd'));
  onTestFinished(() => server.remove());
  await server.start();
  return server;
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe('writer with its buffer on disk in front of InfluxDB', () => {
  test('an outage and a restart during it lose nothing, and everything arrives exactly once', async (context) => {
    const server = await ownServer(context);
    const folder = await temporaryFolder();
    const first = await openDisk(`${server.url}/outage`, folder);
    first.writer.push([reading('dc/p', start, 0)]);
    await vi.waitFor(() => expect(first.writer.stats().written).toBe(1), patience);
    await server.kill();
    for (let i = 1; i <= 200; i += 1) first.writer.push([reading('dc/p', start + i * 1_000, i)]);
    await vi.waitFor(
      () =>
        expect(first.writer.problem()).toMatch(/^not writing since .*ECONNREFUSED.* readings wait on disk/),
      patience,
    );
    // Not yet in the buffer: closing puts it there.
    first.writer.push([reading('dc/p', start + 201_000, 201)]);
    await first.close();

    const second = await openDisk(`${server.url}/outage`, folder);
    await vi.waitFor(() => expect(second.writer.stats().buffered).toBe(201), patience);
    await server.start();
    second.writer.push([reading('dc/p', start + 202_000, 202)]);
    await vi.waitFor(() => expect(second.writer.stats().buffered).toBe(0), patience);
    expect(second.writer.stats().dropped).toBe(0);
    expect(second.writer.problem()).toBeUndefined();
    const samples = await second.historian.raw('dc/p', everything, 1_000);
    expect(samples.map(({ value }) => value)).toEqual(numbers(203));
  });

  test('what was acknowledged during an outage survives kill -9', async (context) => {
    const server = await ownServer(context);
    const folder = await temporaryFolder();
    await server.kill();
    const script = fileURLToPath(new URL('../server/historian/outage-child.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', script, `${server.url}/killed`, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    let acknowledged = -1;
    for await (const line of createInterface(child.stdout)) {
      acknowledged = Number(line);
      if (acknowledged === 50) child.kill('SIGKILL');
    }
    await ended;
    expect(acknowledged).toBeGreaterThanOrEqual(50);
    await server.start();
    const { writer, historian } = await openDisk(`${server.url}/killed`, folder);
    await vi.waitFor(async () => {
      const samples = await historian.raw('dc/p', everything, 10_000);
      expect(samples.length).toBeGreaterThan(acknowledged);
      expect(samples.map(({ value }) => value)).toEqual(numbers(samples.length));
    }, patience);
    expect(writer.stats().dropped).toBe(0);
  });

  test('a hung server: history says so within seconds, readings wait on disk, and live ones arrive first', async (context) => {
    const server = await ownServer(context);
    const proxy = await pausableProxy(Number(new URL(server.url).port));
    onTestFinished(() => proxy.close());
    const { writer, historian } = await openDisk(`${proxy.url}/hung`, await temporaryFolder());
    writer.push([reading('dc/p', start, 0)]);
    await vi.waitFor(() => expect(writer.stats().written).toBe(1), patience);
    proxy.pause();
    const asked = Date.now();
    await expect(historian.raw('dc/p', everything, 10)).rejects.toThrow(
      new UnavailableError('InfluxDB has not answered for 5 s'),
    );
    expect(Date.now() - asked).toBeLessThan(8_000);
    const acknowledging = Date.now();
    await writer.append([reading('dc/p', start + 1_000, 1)]);
    expect(Date.now() - acknowledging).toBeLessThan(3_000);
    for (let i = 2; i < 100; i += 1) writer.push([reading('dc/p', start + i * 1_000, i)]);
    await vi.waitFor(() => expect(writer.problem()).toMatch(/has not answered for 10 s/), patience);
    proxy.resume();
    await vi.waitFor(() => expect(writer.stats().buffered).toBe(0), patience);
    const samples = await historian.raw('dc/p', everything, 1_000);
    expect(samples.map(({ value }) => value)).toEqual(numbers(100));
  });

  test('a line that the server cannot parse is set aside with its reason, and a batch of which it refuses some is not repeated', async (context) => {
    const server = await ownServer(context);
    const retention = { ...forEver, raw: 3_600_000 };
    const { writer } = await openDisk(`${server.url}/short`, await temporaryFolder(), retention);
    const now = Date.now();
    writer.push([reading('dc/a', now - 86_400_000, 1), reading('dc/a', now, 2)]);
    await vi.waitFor(() => expect(writer.stats()).toEqual({ buffered: 0, dropped: 0, written: 2 }), patience);
  });
});
