import { loadConfig } from '../config/load.ts';
import { bindRules } from '../config/alarms/bind.ts';
import { createGrouping, type ActiveAlarm } from '../server/incidents/grouping.ts';
import { createReport } from './figures.ts';
import { createScenarios } from './grouping/scenarios.ts';
import { scoreScenario } from './grouping/score.ts';
import { percentile } from './percentile.ts';

/**
 * Root causes found on seeded scenarios over the shipped topologies: single and double faults, alarms of the cause missing, alarms out of
 * order, grouped once in the middle and once at the end. Then an outage of 2,000 alarms, grouped again at each of the last 200 arrivals.
 * Prints figures beside their aims and asserts none; `--json` prints them as JSON.
 */
const scenarios = 1_000;
const outageAlarms = 2_000;
const regroupings = 200;
const warmUp = 20;

const loaded = loadConfig(process.env['PANTAU_CONFIG'] ?? './config');
if (!loaded.ok) throw new Error('the configuration is broken: pantau check-config');
const { model } = loaded;
const { alarms } = bindRules(model);
const group = createGrouping(model.topology, alarms);
const scenarioOf = createScenarios(model, alarms);
const report = createReport();

const sum = { faults: 0, rightCause: 0, alarms: 0, pure: 0 };
const wrong: string[] = [];
for (let seed = 1; seed <= scenarios; seed += 1) {
  const scenario = scenarioOf(seed);
  group(scenario.arriving.slice(0, Math.ceil(scenario.arriving.length / 2)));
  const score = scoreScenario(scenario, group(scenario.arriving));
  sum.faults += score.faults;
  sum.rightCause += score.rightCause;
  sum.alarms += score.alarms;
  sum.pure += score.pure;
  wrong.push(...score.wrong);
}
report.note(`${scenarios} scenarios, ${sum.faults} faults, ${sum.alarms} alarms`);
for (const line of wrong.slice(0, 20)) report.note(`  ${line}`);
report.figure('true cause named first', sum.rightCause / sum.faults, '', {
  aim: { atLeast: 0.95 },
  digits: 4,
});
report.figure('alarms in a group of their own fault', sum.pure / sum.alarms, '', { aim: { atLeast: 0.98 }, digits: 4 }); // prettier-ignore

/** Everything that follows from the loss of all supply, at one site. */
const start = Date.UTC(2026, 10, 23, 3);
const outage = alarms
  .filter(({ point, rule }) => point.site === 'dc' && !rule.lifeSafety && (rule.effect !== undefined || rule.explainedBy.length > 0))
  .slice(0, outageAlarms)
  .map((alarm): ActiveAlarm => ({ alarm, since: start + (alarm.rule.effect === 'supply-lost' ? 0 : 5_000) })); // prettier-ignore
const times: number[] = [];
let groups = 0;
for (let turn = 0; turn < warmUp + regroupings; turn += 1) {
  const active = outage.slice(0, outage.length - regroupings + Math.max(0, turn - warmUp));
  const before = performance.now();
  groups = group(active).length;
  if (turn >= warmUp) times.push(performance.now() - before);
}
report.note(`an outage of ${outage.length} alarms makes ${groups} groups`);
report.figure('compression of the outage', 100 * (1 - groups / outage.length), '%', { aim: { atLeast: 98 }, digits: 2 }); // prettier-ignore
report.figure('regrouping, p50', percentile(times, 0.5), 'ms', { digits: 1 });
report.figure('regrouping, p99', percentile(times, 0.99), 'ms', { aim: { atMost: 1_000 }, digits: 1 });
report.end();
