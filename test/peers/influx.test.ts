import { afterAll, describe, expect, onTestFinished, test, vi, type TestContext } from 'vitest';
import { systemClock } from '../../core/clock.ts';
import { createHistorianWriter } from '../../server/historian/batching.ts';
import { openInfluxHistorian } from '../../server/historian/influx/influx.ts';
import { openHistorian } from '../../server/historian/open.ts';
import { historianContract } from '../server/historian/contract.ts';
import { createInfluxd, influxBench, type Influxd } from '../server/historian/influxd.ts';
import { freePort } from '../support/process.ts';
import { everything, reading, sample, silent, start } from '../server/historian/support.ts';
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

describe('InfluxDB historian', () => {
  test('the acceptable lines are kept and the refused ones told when the server refuses some', async (context) => {
    const server = await running(context);
    await execute(server, 'CREATE DATABASE short WITH DURATION 1h SHARD DURATION 1h');
    const warn = vi.spyOn(silent, 'warn');
    onTestFinished(() => warn.mockRestore());
    const historian = await openInfluxHistorian({ url: server.url, database: 'short', log: silent });
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
    await historian.append([reading('dc/a', now + 1, 3)]);
    expect(historian.problem()).toBeUndefined();
  });

  test('a database that was dropped is made again when readings come', async (context) => {
    const server = await running(context);
    const historian = await openInfluxHistorian({ url: server.url, database: 'dropped', log: silent });
    await execute(server, 'DROP DATABASE dropped');
    await historian.append([reading('dc/a', start, 1)]);
    expect(await historian.raw('dc/a', everything, 10)).toEqual([sample(start, 1)]);
  });

  test('the address names database and user, and the password never shows', async (context) => {
    const server = await running(context);
    const address = server.url.replace('http://', 'http://pantau:s3cret%40@');
    const historian = await openHistorian({ dataDir: '', influxUrl: `${address}/named`, log: silent });
    await historian.append([reading('dc/a', start, 1)]);
    const other = await openInfluxHistorian({ url: server.url, database: 'named', log: silent });
    expect(await other.raw('dc/a', everything, 10)).toEqual([sample(start, 1)]);
    const nobody = address.replace(/:\d+$/, `:${await freePort()}`);
    const away = await openHistorian({ dataDir: '', influxUrl: nobody, log: silent });
    await expect(away.append([reading('dc/a', start, 1)])).rejects.toThrow('fetch failed');
    expect(away.problem()).toMatch(/did not take the last write: .*ECONNREFUSED/);
    expect(away.problem()).not.toContain('s3cret');
  });
});

describe('writer in front of InfluxDB', () => {
  test('nothing is lost when InfluxDB is killed and comes back while readings flow', async (context) => {
    const server = await createInfluxd(peer(context, 'influxd'));
    onTestFinished(() => server.remove());
    await server.start();
    const historian = await openInfluxHistorian({ url: server.url, database: 'outage', log: silent });
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
