import { shippedLibrary } from '../config/read/files.ts';
import { createReport } from './figures.ts';
import { generate } from './loadtest/generate.ts';
import { scoreRun, shippedLoadTest } from './loadtest/score.ts';

/**
 * Genset runs that were generated: makers, faults, gaps, clocks that differ. Only the generator knows what happened. Prints how many were
 * called what they are, how many of the moments that the readings show are right, and how many criteria passed without evidence; asserts
 * none. `--json` prints the figures as JSON; `FIRST_SEED=1001` generates other runs.
 */
const runs = 300;
const firstSeed = Number(process.env['FIRST_SEED'] ?? 1);

const profile = shippedLoadTest(shippedLibrary());
const report = createReport();
const sum = { right: 0, moments: 0, within: 0, moved: 0, movedWithin: 0, unfounded: 0, passed: 0 };
const wrong: string[] = [];
const began = performance.now();
for (let seed = firstSeed; seed < firstSeed + runs; seed += 1) {
  const generated = generate(seed);
  const score = scoreRun(generated, profile);
  sum.right += score.labelIsRight ? 1 : 0;
  sum.moments += score.moments;
  sum.within += score.within;
  sum.moved += score.movedMoments;
  sum.movedWithin += score.movedWithin;
  sum.unfounded += score.unfounded.length;
  sum.passed += score.criteria.filter(({ verdict }) => verdict === 'pass').length;
  const { scenario, fault, telemetry } = generated.truth;
  for (const line of [...score.wrong, ...score.unfounded.map((name) => `${name} passed without evidence`)])
    wrong.push(`run ${seed} (${scenario}, ${fault}, ${telemetry.maker}): ${line}`);
}
report.note(`${runs} runs, ${sum.moments + sum.moved} moments, ${sum.passed} criteria passed`);
for (const line of wrong.slice(0, Number(process.env['LIST'] ?? 20))) report.note(`  ${line}`);
report.figure('labelled right', (100 * sum.right) / runs, '%', { aim: { atLeast: 99 }, digits: 2 });
report.figure('moments within one sample', (100 * sum.within) / sum.moments, '%', { aim: { atLeast: 100 }, digits: 2 }); // prettier-ignore
report.figure('moments of clocks that were put right, within two samples', (100 * sum.movedWithin) / sum.moved, '%', { aim: { atLeast: 99 }, digits: 2 }); // prettier-ignore
report.figure('criteria passed without evidence', sum.unfounded, '', { aim: { atMost: 0 }, digits: 0 });
report.figure('recognition and judgement of a run', (performance.now() - began) / runs, 'ms', { digits: 1 });
report.end();
