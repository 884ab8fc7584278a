import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

/**
 * What Grafana reads at its start, held against its documentation of provisioning: an unknown key there is ignored without a word, and a
 * panel of a data source that does not exist stays empty. Grafana itself runs in no test; the panels' queries do (peers/grafana.test.ts).
 */
const dataSource = z.strictObject({
  name: z.string().min(1),
  uid: z.string().regex(/^[\w-]{1,40}$/),
  type: z.enum(['influxdb', 'prometheus']),
  access: z.literal('proxy'),
  url: z.url(),
  isDefault: z.boolean().default(false),
  editable: z.boolean(),
  jsonData: z.strictObject({
    dbName: z.string().optional(),
    httpMode: z.enum(['GET', 'POST']).optional(),
    timeInterval: z.string().regex(/^\d+(ms|s|m)$/),
  }),
});
const dataSources = z.strictObject({ apiVersion: z.literal(1), datasources: z.array(dataSource) });
const providers = z.strictObject({
  apiVersion: z.literal(1),
  providers: z.array(
    z.strictObject({
      name: z.string().min(1),
      folder: z.string().min(1),
      type: z.literal('file'),
      allowUiUpdates: z.boolean(),
      updateIntervalSeconds: z.int().min(11),
      options: z.strictObject({ path: z.string().startsWith('/') }),
    }),
  ),
});
const source = z.object({ type: z.string(), uid: z.string() });
const columns = 24;
const board = z.object({
  uid: z.string().regex(/^[\w-]{1,40}$/),
  title: z.string().min(1),
  schemaVersion: z.int().min(36),
  templating: z.object({ list: z.array(z.object({ name: z.string(), datasource: source.optional() })) }),
  panels: z
    .array(
      z.object({
        id: z.int().positive(),
        type: z.string().min(1),
        datasource: source,
        gridPos: z
          .object({ x: z.int().min(0), y: z.int().min(0), w: z.int().positive(), h: z.int().positive() })
          .refine(({ x, w }) => x + w <= columns),
        targets: z.array(z.object({ refId: z.string(), datasource: source.optional() })).min(1),
      }),
    )
    .min(1),
});

const folder = 'grafana/generated';
const read = (path: string): string => readFileSync(path, 'utf8');
const provisioned = dataSources.parse(parse(read('grafana/provisioning/datasources/pantau.yaml')));
const { providers: provided } = providers.parse(parse(read('grafana/provisioning/dashboards/pantau.yaml')));
const boards = readdirSync(folder).map((file) => ({
  file,
  ...board.parse(JSON.parse(read(`${folder}/${file}`))),
}));

test('one data source is the default, and the container finds each where docker-compose starts it', () => {
  const compose = z
    .object({ services: z.record(z.string(), z.object({ volumes: z.array(z.string()).optional() })) })
    .parse(parse(read('docker-compose.yml')));
  expect(provisioned.datasources.filter(({ isDefault }) => isDefault)).toHaveLength(1);
  for (const { url } of provisioned.datasources)
    expect(Object.keys(compose.services)).toContain(new URL(url).hostname);
  const mounted = compose.services['grafana']?.volumes ?? [];
  expect(mounted).toContain('./grafana/provisioning:/etc/grafana/provisioning:ro');
  for (const { options } of provided) expect(mounted).toContain(`./${folder}:${options.path}:ro`);
});

describe.each(boards)('$file', ({ panels, templating }) => {
  test('asks only data sources that are provisioned', () => {
    const known = new Set(provisioned.datasources.map(({ uid, type }) => `${type} ${uid}`));
    const asked = [
      ...panels.flatMap(({ datasource, targets }) => [datasource, ...targets.map((each) => each.datasource)]),
      ...templating.list.map(({ datasource }) => datasource),
    ].flatMap((each) => (each === undefined ? [] : [`${each.type} ${each.uid}`]));
    expect(asked.filter((each) => !known.has(each))).toEqual([]);
  });

  test('has panels that do not lie over each other, each with an id and targets of its own', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const { targets } of panels)
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
    const taken = new Set<string>();
    for (const { gridPos } of panels)
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect(taken.has(`${x} ${y}`)).toBe(false);
          taken.add(`${x} ${y}`);
        }
  });
});

test('no two dashboards share their uid', () => {
  expect(new Set(boards.map(({ uid }) => uid)).size).toBe(boards.length);
});
