import { loadConfig } from '../config/load.ts';
import { good } from '../core/reading.ts';
import { hallCooling } from '../server/capacity/consequences.ts';
import { elementsOf } from '../server/capacity/elements.ts';
import { loadPoints, loadsNow } from '../server/capacity/loads.ts';
import { supplyPlan } from '../server/capacity/plan.ts';
import { readingsOf } from '../server/capacity/readings.ts';
import { allScenarios } from '../server/capacity/scenarios.ts';
import { emptyCurrentValues } from '../server/pipeline/current.ts';
import { createReport } from './figures.ts';

/**
 * What-if of the whole estate: every single failure and every pair, from values of every point: with everything known, with one meter in ten silent, with none of
 * them read. Prints figures beside their aims and asserts none; `--json` prints them as JSON.
 */
const rounds = 5;

const loaded = loadConfig(process.env['PANTAU_CONFIG'] ?? './config');
if (!loaded.ok) throw new Error('the configuration is broken: pantau check-config');
const { model } = loaded;
const report = createReport();
const usual: Readonly<Record<string, number>> = {
  power: 1,
  current: 4,
  'output-power': 130,
  'facility-power': 750,
  'voltage-max': 230,
};
const working = new Set(['normal', 'source-1', 'auto', 'on']);

for (const silent of [0, 10, 1]) {
  const current = emptyCurrentValues(model.points.length);
  for (const { index, quantity, states, rack } of model.points) {
    if (silent > 0 && rack !== undefined && index % silent === 0) continue;
    current.quality[index] = good;
    current.value[index] =
      [...(states ?? [])].find(([, name]) => working.has(name))?.[0] ?? usual[quantity] ?? 1;
  }
  const readings = readingsOf(current);
  const sites = model.sites.map(({ id }) => {
    const plan = supplyPlan(model, id);
    return { plan, points: loadPoints(model, plan), elements: elementsOf(model, plan) };
  });
  let [best, longest, pairs] = [Number.POSITIVE_INFINITY, 0, 0];
  for (let round = 0; round < rounds; round += 1) {
    pairs = 0;
    let [total, slice] = [0, 0];
    for (const { plan, points, elements } of sites) {
      const begun = performance.now();
      const loads = loadsNow(plan, points, readings);
      const run = allScenarios({ plan, elements, loads, halls: hallCooling(model, plan, readings) });
      for (let last = begun; ;) {
        const step = run.next();
        const now = performance.now();
        slice = Math.max(slice, now - last);
        last = now;
        if (step.done !== true) continue;
        pairs += step.value.pairs;
        break;
      }
      total += performance.now() - begun;
    }
    best = Math.min(best, total);
    longest = round === 0 ? slice : Math.min(longest, slice);
  }
  const name = ['everything known', 'no rack meter read'][silent] ?? 'one rack meter in ten silent';
  report.note(`${pairs} pairs, ${name}`);
  report.figure(`all failures and pairs, ${name}`, best, 'ms', { aim: { atMost: 1_000 } });
  report.figure(`longest piece of work, ${name}`, longest, 'ms', { aim: { atMost: 20 }, digits: 1 });
}
report.end();
