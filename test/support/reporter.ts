import { appendFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

/**
 * Says at the end why tests were skipped, then, as the last line, how many passed, failed and were skipped. Where peers
 * are required (`npm run test:all`), a skip is a failure, unless only the recorded walks are not beside the checkout:
 * those are not a program that can be installed.
 */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const counts = { passed: 0, failed: errors.length, skipped: 0 };
    const reasons = new Map<string, number>();
    for (const module of modules) {
      if (module.state() === 'failed' && [...module.children.allTests('failed')].length === 0)
        counts.failed += 1;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') counts.passed += 1;
        else if (result.state === 'failed') counts.failed += 1;
        else {
          counts.skipped += 1;
          const why = (result.state === 'skipped' ? result.note : undefined) ?? 'no reason given';
          reasons.set(why, (reasons.get(why) ?? 0) + 1);
        }
      }
    }
    for (const [why, tests] of reasons) process.stdout.write(`skipped ${tests}: ${why}\n`);
    const unexcused = [...reasons.keys()].filter((why) => !why.startsWith('the recorded walks'));
    if (process.env['PANTAU_REQUIRE_PEERS'] === '1' && unexcused.length > 0) {
      process.stdout.write('a skipped test fails this run\n');
      process.exitCode = 1;
    }
    // One run of several (npm run test:all): the sum is the last line, and is printed by whoever started them.
    const tally = process.env['PANTAU_TEST_TALLY'];
    if (tally !== undefined) appendFileSync(tally, `${JSON.stringify(counts)}\n`);
    const run = tally === undefined ? '' : `on Node ${process.versions.node}: `;
    process.on('exit', () => {
      process.stdout.write(
        `${run}${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`,
      );
    });
  }
}
