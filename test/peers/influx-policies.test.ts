import { afterAll, describe, expect, onTestFinished, test, type TestContext } from 'vitest';
import { openInfluxHistorian, type InfluxHistorian } from '../../server/historian/influx/influx.ts';
import { createInfluxd, forEver, type Influxd } from '../server/historian/influxd.ts';
import {
  badSample,
  everything,
  facts,
  reading,
  sample,
  silent,
  start,
  badReading,
} from '../server/historian/support.ts';
import { peer } from '../support/peers.ts';

const minute = 60_000;
const hour = 3_600_000;
const later = Date.parse('2100-01-01');

let influxd: Influxd | undefined;
/** One server that asks for a password, with an administrator. */
async function guarded(context: Pick<TestContext, 'skip'>): Promise<Influxd> {
  if (influxd === undefined) {
    influxd = await createInfluxd(peer(context, 'influxd'), { auth: true });
    await influxd.start();
    await execute(influxd.url, `CREATE USER root WITH PASSWORD 'r00t' WITH ALL PRIVILEGES`);
  }
  return influxd;
}
afterAll(() => influxd?.remove());

const as = (server: Influxd, user: string): string => server.url.replace('http://', `http://${user}@`);
const root = 'root:r00t';

async function execute(url: string, statement: string): Promise<unknown[][]> {
  const { origin, username, password } = new URL(url);
  const headers =
    username === ''
      ? {}
      : { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
  const response = await fetch(`${origin}/query?epoch=ms&q=${encodeURIComponent(statement)}`, {
    method: 'POST',
    headers,
  });
  const answer: { results?: { series?: { values: unknown[][] }[] }[] } = JSON.parse(await response.text());
  return answer.results?.[0]?.series?.flatMap(({ values }) => values) ?? [];
}

async function open(server: Influxd, user: string, database: string): Promise<InfluxHistorian> {
  const labels = (): { unit: string } => ({ unit: 'kW' });
  const historian = await openInfluxHistorian({
    url: as(server, user), database, log: silent, facts, labels, retention: forEver,
  }); // prettier-ignore
  onTestFinished(() => historian.close());
  return historian;
}

const hourly = async (historian: InfluxHistorian, point: string) =>
  ((await historian.buckets([point], everything, '1h')).get(point) ?? []).map(({ at, count, max }) => [
    at,
    count,
    max,
  ]);

describe('InfluxDB that asks for a password', () => {
  test('nothing is written with a wrong one, nothing is said of it, and the right one goes on', async (context) => {
    const server = await guarded(context);
    const wrong = await open(server, 'root:s3cret', 'guarded');
    await expect(wrong.append([reading('dc/a', start, 1)])).rejects.toThrow('authorization failed');
    expect(wrong.problem()).toBe('InfluxDB did not take the last write: authorization failed');
    const right = await open(server, root, 'guarded');
    await right.append([reading('dc/a', start, 1)]);
    expect(await right.raw('dc/a', everything, 10)).toEqual([sample(start, 1)]);
  });

  test('a retention that changes while it runs is that of the policies from the next request on', async (context) => {
    const server = await guarded(context);
    const historian = await open(server, root, 'reloaded');
    const hoursOf = async (policy: string): Promise<unknown> => {
      const rows = await execute(as(server, root), 'SHOW RETENTION POLICIES ON reloaded');
      return rows.find(([name]) => name === policy)?.[1];
    };
    await historian.append([reading('dc/a', start, 1)]);
    expect([await hoursOf('raw'), await hoursOf('1h')]).toEqual(['0s', '0s']);
    historian.keepFor({ ...forEver, raw: 5_000 * 24 * hour, '1h': 9_000 * 24 * hour });
    expect(await historian.raw('dc/a', everything, 10)).toEqual([sample(start, 1)]);
    expect([await hoursOf('raw'), await hoursOf('1h')]).toEqual(['120000h0m0s', '216000h0m0s']);
    historian.keepFor(forEver);
    await historian.append([reading('dc/a', start + 1, 2)]);
    expect([await hoursOf('raw'), await hoursOf('1h')]).toEqual(['0s', '0s']);
    expect(await historian.raw('dc/a', everything, 10)).toHaveLength(2);
  });

  test('who may only read reads, and is told that it cannot write', async (context) => {
    const server = await guarded(context);
    const writer = await open(server, root, 'readable');
    await writer.append([reading('dc/a', start, 1)]);
    await writer.fill(later);
    await execute(as(server, root), `CREATE USER reader WITH PASSWORD 'r'`);
    await execute(as(server, root), 'GRANT READ ON readable TO reader');
    const reader = await open(server, 'reader:r', 'readable');
    expect(await reader.raw('dc/a', everything, 10)).toEqual([sample(start, 1)]);
    expect(await hourly(reader, 'dc/a')).toEqual([[start, 1, 1]]);
    await expect(reader.append([reading('dc/a', start, 2)])).rejects.toThrow('not authorized to write');
  });

  test('without the policies, and no right to make them, answers are the same and pins are refused', async (context) => {
    const server = await guarded(context);
    await execute(as(server, root), 'CREATE DATABASE plain');
    await execute(as(server, root), `CREATE USER plain WITH PASSWORD 'p'`);
    await execute(as(server, root), 'GRANT ALL ON plain TO plain');
    const historian = await open(server, 'plain:p', 'plain');
    await historian.append([reading('dc/a', start, 1), reading('dc/a', start + minute, 3)]);
    expect(await hourly(historian, 'dc/a')).toEqual([[start, 2, 3]]);
    await expect(
      historian.pin({ name: 'x', points: ['dc/a'], range: { from: start, to: start + hour } }),
    ).rejects.toThrow('nothing can be pinned without the policy "pinned"');

    // Once an administrator has made them, the readings of before belong to it as well.
    const made = await open(server, root, 'plain');
    const again = await open(server, 'plain:p', 'plain');
    await again.append([reading('dc/a', start + 2 * minute, 5), reading('dc/a', start + hour, 7)]);
    await again.fill(later);
    expect(await made.raw('dc/a', everything, 10)).toEqual([
      sample(start, 1), sample(start + minute, 3), sample(start + 2 * minute, 5), sample(start + hour, 7),
    ]); // prettier-ignore
    expect(await hourly(again, 'dc/a')).toEqual([[start, 3, 5], [start + hour, 1, 7]]); // prettier-ignore
    expect((await again.last()).get('dc/a')).toEqual(sample(start + hour, 7));
  });
});

describe('stored buckets in InfluxDB', () => {
  test('a person finds them by site, quantity and unit, and an hour that was not filled before a restart is filled after it', async (context) => {
    const server = await guarded(context);
    const point = 'dc/pdu-1/l1/power';
    const first = await open(server, root, 'hand');
    await first.append([
      reading(point, start, 1),
      reading(point, start + minute, 3),
      reading(point, start + hour, 9),
    ]);
    await first.close();
    const second = await open(server, root, 'hand');
    const before = await hourly(second, point);
    await second.fill(later);
    expect(await hourly(second, point)).toEqual(before);
    const rows = await execute(
      as(server, root),
      `SELECT mean, count, covered FROM hand."1h".bucket WHERE site = 'dc' AND device = 'pdu-1' AND part = 'l1' AND quantity = 'power' AND unit = 'kW'`,
    );
    expect(rows).toEqual([[start, 2, 2, 2 * minute], [start + hour, 9, 1, minute]]); // prettier-ignore
    // Nothing is due any more, and a late reading makes it so again.
    expect(await execute(as(server, root), 'SELECT "open" FROM hand."1h".due WHERE "open" = true')).toEqual(
      [],
    );
    await second.append([reading(point, start + 1, 100)]);
    expect(await hourly(second, point)).toEqual([[start, 3, 100], [start + hour, 1, 9]]); // prettier-ignore
  });

  test('a server that was away at the start is made ready when it comes', async (context) => {
    const server = await createInfluxd(peer(context, 'influxd'));
    onTestFinished(() => server.remove());
    const historian = await openInfluxHistorian({
      url: server.url,
      database: 'late',
      log: silent,
      facts,
      retention: forEver,
    });
    onTestFinished(() => historian.close());
    await expect(historian.append([reading('dc/a', start, 1)])).rejects.toThrow('ECONNREFUSED');
    await server.start();
    await historian.append([reading('dc/a', start, 1)]);
    await historian.fill(later);
    expect(await execute(server.url, 'SELECT count FROM late."1h".bucket')).toEqual([[start, 1]]);
  });

  test('a query that is given up ends at once, also when the server does not answer', async (context) => {
    const server = await guarded(context);
    const historian = await open(server, root, 'given-up');
    await historian.append(Array.from({ length: 5_000 }, (_, i) => reading('dc/a', start + i * 1_000, i)));
    const gone = new AbortController();
    const asking = historian.buckets(['dc/a'], everything, '1m', gone.signal);
    gone.abort(new Error('the reader has gone'));
    await expect(asking).rejects.toThrow('the reader has gone');
  });
});

describe('pinned readings in InfluxDB', () => {
  test('are read where the raw ones are gone', async (context) => {
    const server = await guarded(context);
    const historian = await openInfluxHistorian({
      url: as(server, root), database: 'gone', log: silent, facts, retention: { ...forEver, raw: hour },
    }); // prettier-ignore
    onTestFinished(() => historian.close());
    const response = await fetch(`${server.url}/write?db=gone&rp=pinned&precision=ms&u=root&p=r00t`, {
      method: 'POST',
      body: `reading,point=dc/a value=4,quality=0i ${start}`,
    });
    expect(response.status).toBe(204);
    const now = Date.now();
    await historian.append([reading('dc/a', now, 5)]);
    expect(await historian.raw('dc/a', everything, 10)).toEqual([sample(start, 4), sample(now, 5)]);
  });

  test('those of before, of now and late ones are copied, also after a restart, and no others', async (context) => {
    const server = await guarded(context);
    const first = await open(server, root, 'pins');
    await first.append([0, 1, 2, 3].map((i) => reading('dc/a', start + i * hour, i)));
    await first.append([reading('dc/b', start + hour, 5)]);
    await first.fill(start + 4 * hour);
    await first.pin({
      name: `test "1", a`,
      points: ['dc/a'],
      range: { from: start + hour, to: start + 3 * hour },
    });
    await first.close();

    const second = await open(server, root, 'pins');
    const copied = () => execute(as(server, root), 'SELECT quality, value FROM pins.pinned.reading');
    await second.fill(start + 4 * hour);
    expect(await copied()).toEqual([[start + hour, 0, 1], [start + 2 * hour, 0, 2]]); // prettier-ignore
    await second.append([badReading('dc/a', start + hour + 1), reading('dc/a', start + hour - 1, 8)]);
    await second.pin({
      name: `test "1", a`,
      points: ['dc/a'],
      range: { from: start + hour, to: start + 9 * hour },
    });
    await second.fill(start + 4 * hour);
    expect(await copied()).toEqual([
      [start + hour, 0, 1], [start + hour + 1, 3, null], [start + 2 * hour, 0, 2], [start + 3 * hour, 0, 3],
    ]); // prettier-ignore
    expect(await second.raw('dc/a', { from: start + hour, to: start + hour + 2 }, 10)).toEqual([
      sample(start + hour, 1), badSample(start + hour + 1),
    ]); // prettier-ignore
  });
});
