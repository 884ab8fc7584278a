import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Model } from '../../../config/model.ts';
import { capacityEndpoints } from '../../../server/api/endpoints/capacity.ts';
import { createPredictionRepository } from '../../../server/capacity/repository.ts';
import { createCapacity, type Capacity } from '../../../server/capacity/service.ts';
import { capacityView, predictionsView, trendsView, whatIfView } from '../../../server/contracts/capacity.ts';
import { role } from '../../../server/contracts/common.ts';
import { openDatabase } from '../../../server/db/database.ts';
import type { Database } from '../../../server/db/schema.ts';
import { mountEndpoints } from '../../../server/http/mount.ts';
import type { CurrentValues } from '../../../server/pipeline/current.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';
import { capturedLog, serve, type Served } from '../support/http.ts';
import { shippedModel } from '../support/server.ts';
import { present, type Present } from './support.ts';

let model: Model;
let db: Database;
let clock: FakeClock;
let current: CurrentValues;
let capacity: Capacity;
let server: Served;

function become(values: Partial<Present>): void {
  const next = present(model, values);
  for (const column of ['value', 'at', 'since', 'quality'] as const) current[column].set(next[column]);
}

async function pass(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    capacity.tick();
    await clock.advance(1_000);
  }
}

async function ask(path: string, as = 'viewer'): Promise<{ status: number; json: unknown }> {
  const response = await fetch(`${server.url}/api/v1${path}`, { headers: { 'x-role': as } });
  return { status: response.status, json: await response.json() };
}

beforeAll(async () => {
  model = shippedModel();
  db = await openDatabase(':memory:');
  clock = createFakeClock();
  current = present(model);
  let made = 0;
  capacity = createCapacity({
    model, current, clock,
    log: capturedLog().log,
    historian: { buckets: () => Promise.resolve(new Map()) },
    repository: createPredictionRepository(db),
    newId: () => `prediction-${(made += 1)}`,
  }); // prettier-ignore
  const app = express();
  mountEndpoints(app, capacityEndpoints({ model, capacity }), {
    identify: (request) => {
      const parsed = role.safeParse(request.headers['x-role']);
      return Promise.resolve(parsed.success ? { name: 'ana', role: parsed.data, by: 'session' } : undefined);
    },
    session: () => ({ signIn: () => Promise.resolve(), signOut: () => Promise.resolve() }),
    log: capturedLog().log,
    checkOutput: true,
  });
  server = await serve(app);
  await pass(40);
});
afterAll(async () => {
  await server.close();
  await capacity.close();
  await db.destroy();
});

describe('capacity', () => {
  it('answers with what is used, every failure and the worst pairs of a site', async () => {
    const { status, json } = await ask('/capacity?site=dc');
    expect(status).toBe(200);
    const [view] = capacityView.parse(json).items;
    expect(view?.usage[0]).toMatchObject({
      key: 'dc',
      racks: { all: 264, used: 264, unknown: 0 },
      usedKw: 528,
      limitKw: 1_320,
      freeKw: 792,
    });
    // One of two UPSs of 700 kW has to carry all racks when the other feed and one UPS are lost.
    expect(view?.usage.find(({ key }) => key === 'dc/panel:A')).toMatchObject({
      usedKw: 528,
      limitKw: 700,
      freeKw: 172,
    });
    expect(view?.singles[0]?.racks).toMatchObject({ losesRedundancy: 264, dark: 0 });
    expect(view?.worstPairs[0]?.racks.dark).toBe(264);
    expect(view?.missing).toEqual([]);
    expect(view?.thermal.map(({ why }) => why)).toEqual(['no-history', 'no-history']);
  });

  it('answers what happens if things fail together', async () => {
    const { json } = await ask('/capacity/what-if?fail=dc/ats-a,dc/pdu-a01-b');
    const view = whatIfView.parse(json);
    expect(view.racks).toMatchObject({ dark: 1, losesRedundancy: 263 });
    expect(view.affected[0]).toMatchObject({ rack: 'dc/rack-a01', state: 'dark', feeds: [] });
  });

  it.each([
    ['fail=dc/ups-a9', 'dc/ups-a1'],
    ['fail=dc/ups-a1,drc/ups-a1', 'one site at a time'],
    ['fail=,', 'names nothing'],
    ['fail=dx/ups-a1', 'dc'],
  ])('refuses %s and says what would be right', async (query, remedy) => {
    const { status, json } = await ask(`/capacity/what-if?${query}`);
    expect(status).toBe(400);
    expect(JSON.stringify(json)).toContain(remedy);
  });

  it('has no trend while no days are stored', async () => {
    const { json } = await ask('/capacity/trends?site=drc');
    expect(trendsView.parse(json).items.map(({ why }) => why)).toContain('too-few-days');
  });
});

describe('a failure that happens', () => {
  it('is held against what was predicted for it just before', async () => {
    // Both UPSs of feed A fail; the racks' loads move to feed B, which turns out to carry 5 % more than was predicted.
    const after: Record<string, number | string> = {
      'dc/ups-a1/output-source': 'none',
      'dc/ups-a2/output-source': 'none',
    };
    for (const { key, site } of model.racks)
      if (site === 'dc') {
        const id = key.replace('rack-', 'pdu-');
        after[`${id}-a/power`] = 0;
        after[`${id}-b/power`] = 2.1;
      }
    for (const ups of ['a1', 'a2']) after[`dc/ups-${ups}/output-power`] = 0;
    for (const ups of ['b1', 'b2']) after[`dc/ups-${ups}/output-power`] = (264 * 2.1) / 2;
    become({ values: after });
    await pass(70);
    become({});
    await pass(5);
    await capacity.close();
    const [row] = predictionsView.parse((await ask('/capacity/predictions?site=dc')).json).items;
    expect(row?.elements.map(({ key }) => key)).toEqual(['dc/ups-a1', 'dc/ups-a2']);
    expect(row?.judgedAt).not.toBeNull();
    expect(row?.losesRedundancy).toEqual({ predicted: 264, seen: 264 });
    expect(row?.dark).toEqual({ predicted: 0, seen: 0 });
    expect(row?.loads.map(({ key, predicted }) => [key, predicted])).toEqual([
      ['dc/ups-b1', 264],
      ['dc/ups-b2', 264],
    ]);
    expect(row?.loadErrorPercent).toBeCloseTo((1 - 1 / 1.05) * 100, 3);
  });
});
