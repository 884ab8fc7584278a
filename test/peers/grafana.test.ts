import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test, type TestContext } from 'vitest';
import { z } from 'zod';
import { bindRules } from '../../config/alarms/bind.ts';
import type { Model } from '../../config/model.ts';
import { decodeRaw } from '../../collectors/profile/decode.ts';
import { good, type Reading } from '../../core/reading.ts';
import { boards } from '../../grafana/boards.ts';
import { createMetrics } from '../../server/api/metrics.ts';
import { quiet } from '../../server/alarms/facts.ts';
import { createPointFacts } from '../../server/historian/facts.ts';
import { openInfluxHistorian } from '../../server/historian/influx/influx.ts';
import type { StoredReading } from '../../server/historian/historian.ts';
import { addPageMetrics } from '../../server/notify/metrics.ts';
import { createPipeline } from '../../server/pipeline/pipeline.ts';
import { encodeRaw } from '../../simulator/encode.ts';
import { Field } from '../../simulator/field.ts';
import { createInfluxd, forEver, type Influxd } from '../server/historian/influxd.ts';
import { silent, temporaryFolder } from '../server/historian/support.ts';
import { shippedModel, unanswered } from '../server/support/server.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { peer } from '../support/peers.ts';
import { freePort } from '../support/process.ts';

const site = 'dc';
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const database = 'pantau';
/** Of every rack, since the site's sums are whole or nothing. */
const summed = new Set(['power', 'temperature', 'humidity']);

/** What the test reads of a panel, as Grafana reads the file. */
const board = z.object({
  title: z.string(),
  time: z.object({ from: z.string() }),
  panels: z.array(
    z.object({
      title: z.string(),
      timeFrom: z.string().optional(),
      datasource: z.object({ type: z.string() }),
      targets: z.array(z.object({ query: z.string().optional(), expr: z.string().optional() })),
    }),
  ),
});
let loaded: Model | undefined;
function theModel(): Model {
  return (loaded ??= shippedModel());
}
const shown = Object.values(boards).map((each) => board.parse(JSON.parse(JSON.stringify(each))));
const panels = shown.flatMap(({ title, panels: all, time }) =>
  all.map((panel) => ({ ...panel, name: `${title} / ${panel.title}`, from: panel.timeFrom ?? time.from.replace('now-', '') })),
); // prettier-ignore
const queries = panels.flatMap(({ name, from, targets }) =>
  targets.flatMap(({ query }) => (query === undefined ? [] : [{ name, from, query }])),
);
const quantities = new Set(
  queries.flatMap(({ query }) => [...query.matchAll(/"quantity" = '([^']+)'/g)].map(([, name]) => name)),
);

let influxd: Influxd | undefined;
let prometheus: ChildProcess | undefined;
afterAll(async () => {
  await influxd?.remove();
  prometheus?.kill('SIGKILL');
});

test('every panel of readings shows data of the simulated estate', async (context) => {
  influxd = await createInfluxd(peer(context, 'influxd'));
  await influxd.start();
  await liveAWhile(influxd.url);
  const empty: string[] = [];
  for (const { name, from, query } of queries) {
    const answer = await ask(influxd.url, filledIn(query, from));
    if (!answer.some((value) => value !== null)) empty.push(`${name}: ${filledIn(query, from)}`);
  }
  expect(queries.length).toBeGreaterThan(50);
  expect(empty).toEqual([]);
  const sites = await ask(influxd.url, boards['situs']?.templating?.list?.[0]?.query);
  expect(sites).toEqual([site]);
});

/** As Grafana does before it asks. */
function filledIn(query: string, from: string): string {
  const duration = from === '1y' ? '365d' : from;
  return query
    .replaceAll('$timeFilter', `time > now() - ${duration}`)
    .replaceAll('$__interval', '1m')
    .replaceAll('$situs', site);
}

const answered = z.object({
  results: z.array(
    z.object({
      error: z.string().optional(),
      series: z.array(z.object({ values: z.array(z.array(z.union([z.string(), z.number(), z.null()]))) })).optional(),
    }),
  ),
}); // prettier-ignore

/** The values, without times and names. */
async function ask(url: string, query: unknown): Promise<(string | number | null)[]> {
  const parameters = new URLSearchParams({ db: database, epoch: 'ms', q: z.string().parse(query) });
  const response = await fetch(`${url}/query?${parameters.toString()}`, { method: 'POST' });
  const { results } = answered.parse(await response.json());
  for (const { error } of results) if (error !== undefined) throw new Error(`${error}: ${String(query)}`);
  return results.flatMap(({ series = [] }) =>
    series.flatMap(({ values }) => values.map((row) => row[1] ?? null)),
  );
}

/** Yesterday, two hours ago, and the last quarter of an hour of one site, through the product's pipeline and historian. */
async function liveAWhile(url: string): Promise<void> {
  const model = theModel();
  const now = Date.now();
  const book = createPointFacts();
  book.replace(model.points);
  const historian = await openInfluxHistorian({
    url, database, log: silent, facts: book.of, labels: (point) => book.label(point), retention: forEver,
  }); // prettier-ignore
  const first = now - 30 * hourMs;
  const clock = createFakeClock(first);
  const pipeline = createPipeline({ model, clock, log: silent });
  const wanted = new Set(
    model.points.flatMap(({ index, site: of, quantity, rack }) =>
      of === site && quantities.has(quantity) && (rack === undefined || /^rack-[ab]0/.test(rack))
        ? [index]
        : [],
    ),
  );
  let kept: StoredReading[] = [];
  pipeline.subscribe('historian', {
    keep(readings) {
      for (const reading of readings)
        if (wanted.has(reading.point))
          kept.push({ ...reading, point: model.points[reading.point]?.id ?? '' });
    },
  });
  // The physics runs in the last minutes only: what went before is as it was at their beginning.
  const field = new Field(
    { ...model, sites: model.sites.filter(({ id }) => id === site) },
    { seed: 1, startAt: now - 7 * minuteMs },
  );
  const asked = model.devices
    .filter((device) => device.site === site)
    .flatMap((device) =>
      device.points.flatMap((point) =>
        point.source.from === 'device' &&
        (point.rack === undefined || wanted.has(point.index) || summed.has(point.quantity))
          ? [{ point, spec: point.source.value, read: field.reader(device, point) }]
          : [],
      ),
    );
  // What the collector and the server say of themselves.
  const own = model.points.filter(({ source, index }) => wanted.has(index) && (source.from === 'collector' || source.from === 'server')); // prettier-ignore
  const moments = [0, 10_000, 28 * hourMs, 28 * hourMs + 10_000];
  for (let at = 30 * hourMs - 7 * minuteMs; at < 30 * hourMs; at += minuteMs) moments.push(at);
  let elapsed = 0;
  for (const moment of moments) {
    await clock.advance(moment - elapsed);
    elapsed = moment;
    const at = clock.now();
    field.advance(at);
    const batch: Reading[] = asked.flatMap(({ point, spec, read }) => {
      const answer = read();
      if (!('value' in answer)) return [];
      return [{ point: point.index, at, ...decodeRaw(spec, point.unit, encodeRaw(spec, answer.value, { kind: 'real' })) }]; // prettier-ignore
    });
    pipeline.accept([...batch, ...own.map(({ index }) => ({ point: index, at, value: 1, quality: good }))]);
    pipeline.tick();
    await historian.append(kept);
    kept = [];
  }
  await historian.fill(now);
  await historian.close();
}

test('every panel of metrics is answered by Prometheus', async (context) => {
  const url = await scrapedServer(context);
  const expressions = panels.flatMap(({ name, targets }) =>
    targets.flatMap(({ expr }) => (expr === undefined ? [] : [{ name, expr }])),
  );
  expect(expressions.length).toBeGreaterThan(8);
  await expect.poll(() => missingOf(url, expressions), { timeout: 20_000, interval: 300 }).toEqual([]);
});

const result = z.object({ status: z.string(), data: z.object({ result: z.array(z.unknown()) }).optional() });

async function missingOf(url: string, expressions: readonly { name: string; expr: string }[]): Promise<string[]> {
  const missing = await Promise.all(
    expressions.map(async ({ name, expr }) => {
      const parameters = new URLSearchParams({ query: expr });
      const answer = result.parse(await (await fetch(`${url}/api/v1/query?${parameters.toString()}`)).json());
      return (answer.data?.result.length ?? 0) > 0 ? [] : [`${name}: ${expr}`];
    }),
  );
  return missing.flat();
} // prettier-ignore

/** The product's own metrics of a server that has something to tell, scraped twice a second. */
async function scrapedServer(context: Pick<TestContext, 'skip' | 'onTestFinished'>): Promise<string> {
  const program = peer(context, 'prometheus');
  const model = theModel();
  const alarm = bindRules(model).alarms[0];
  if (alarm === undefined) throw new Error('no rule is bound');
  const registry = createMetrics({
    deviceDiagnostics: () => model.devices.slice(0, 3).map((device) => ({ ...unanswered(device), collector: 'local' })),
    pipeline: { stats: () => ({ accepted: 9, late: 0 }), consumers: () => [{ name: 'live', failures: 0, problem: undefined }], ahead: () => [] },
    historian: { problem: () => undefined },
    writer: { problem: () => undefined, stats: () => ({ written: 9, dropped: 0, buffered: 0 }) },
    incidents: { problem: () => undefined, openCount: () => 1 },
    notify: { problem: () => undefined },
    isSimulated: true,
    remoteCollectors: { members: () => [] },
    alarms: { active: () => [{ alarm, facts: { ...quiet, inAlarm: true, acknowledged: false } }], failing: () => [] },
    collect: true,
    clients: () => 1,
  }); // prettier-ignore
  addPageMetrics(registry, {
    onHandedOver: (listener) => {
      const timer = setInterval(() => {
        listener(800, 'email');
      }, 100);
      context.onTestFinished(() => {
        clearInterval(timer);
      });
    },
  });
  const server = createServer((_request, response) => {
    void registry.metrics().then((text) => response.setHeader('content-type', registry.contentType).end(text));
  }); // prettier-ignore
  const port = await freePort();
  server.listen(port, '127.0.0.1');
  const folder = await temporaryFolder();
  context.onTestFinished(async () => {
    server.close();
    server.closeAllConnections();
    prometheus?.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });
  const config = join(folder, 'prometheus.yml');
  await writeFile(
    config,
    `scrape_configs: [{ job_name: pantau, scrape_interval: 500ms, scrape_timeout: 500ms, static_configs: [{ targets: ['127.0.0.1:${port}'] }] }]\n`,
  );
  const own = await freePort();
  prometheus = spawn(
    program,
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${own}`,
    ],
    { stdio: 'ignore' },
  );
  await once(prometheus, 'spawn');
  const url = `http://127.0.0.1:${own}`;
  await expect
    .poll(() => fetch(`${url}/-/ready`).then(({ ok }) => ok, () => false), { timeout: 20_000 })
    .toBe(true); // prettier-ignore
  return url;
}
