import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { createScenarios } from '../../../bench/grouping/scenarios.ts';
import { scoreScenario } from '../../../bench/grouping/score.ts';
import { loadConfig } from '../../../config/load.ts';
import { bindRules } from '../../../config/alarms/bind.ts';
import { createGrouping } from '../../../server/incidents/grouping.ts';

it('grouping names the true cause and keeps faults apart on seeded scenarios of the shipped estate', () => {
  const loaded = loadConfig(fileURLToPath(new URL('../../../config', import.meta.url)));
  if (!loaded.ok) throw new Error(loaded.problems.map((problem) => JSON.stringify(problem)).join('\n'));
  const { alarms } = bindRules(loaded.model);
  const group = createGrouping(loaded.model.topology, alarms);
  const scenarioOf = createScenarios(loaded.model, alarms);
  const scores = Array.from({ length: 80 }, (_, seed) => {
    const scenario = scenarioOf(10_000 + seed);
    return scoreScenario(scenario, group(scenario.arriving));
  });
  const total = (of: 'faults' | 'rightCause' | 'alarms' | 'pure'): number =>
    scores.reduce((sum, score) => sum + score[of], 0);
  expect(total('rightCause') / total('faults')).toBeGreaterThanOrEqual(0.95);
  expect(total('pure') / total('alarms')).toBeGreaterThanOrEqual(0.98);
});
