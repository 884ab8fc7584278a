import { createReport } from '../../bench/figures.ts';
import { createPageSoak, type Outcome } from './pages/scenario.ts';
import { moments } from './pages/world.ts';

/**
 * `SOAK_CRASHES` (10,000) processes that die between any two writes while channel and store fail, each followed by one that goes on. Exit
 * code 1 when a page is lost, doubled, sent again after it was recorded as sent, or about a consequence of a known cause.
 */
const crashes = Number(process.env['SOAK_CRASHES'] ?? 10_000);
const firstSeed = Number(process.env['SOAK_SEED'] ?? 1);

const report = createReport();
const soak = await createPageSoak();
const outcomes: Outcome[] = [];
const shown: string[] = [];
for (let seed = firstSeed; seed < firstSeed + crashes; seed += 1) {
  const outcome = await soak.run(seed);
  outcomes.push(outcome);
  for (const kind of ['lost', 'doubled', 'forConsequences', 'sentAgain'] as const)
    if (outcome[kind].length > 0) shown.push(`seed ${seed}, died ${outcome.diedAt}: ${kind} ${outcome[kind].join('; ')}`); // prettier-ignore
}
await soak.close();

for (const line of shown.slice(0, 20)) report.note(line);
for (const moment of moments)
  report.figure(`died ${moment}`, outcomes.filter(({ diedAt }) => diedAt === moment).length, '');
const sum = (count: (outcome: Outcome) => number): number =>
  outcomes.reduce((total, outcome) => total + count(outcome), 0);
const none = { aim: { atMost: 0 } };
report.figure(
  'pages that arrived',
  sum(({ pages }) => pages),
  '',
);
report.figure(
  'pages lost',
  sum(({ lost }) => lost.length),
  '',
  none,
);
report.figure(
  'pages doubled',
  sum(({ doubled }) => doubled.length),
  '',
  none,
);
report.figure(
  'pages for consequences of a known cause',
  sum(({ forConsequences }) => forConsequences.length),
  '',
  none,
);
report.figure(
  'pages sent again after a restart',
  sum(({ sentAgain }) => sentAgain.length),
  '',
  none,
);
report.figure(
  'repeated under the same key',
  sum(({ repeated }) => repeated),
  '',
);
report.figure('doubled because the store was away too', sum(({ unknowable }) => unknowable.length), ''); // prettier-ignore
report.end();
if (shown.length > 0) process.exitCode = 1;
