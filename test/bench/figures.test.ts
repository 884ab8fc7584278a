import { expect, test } from 'vitest';
import { createReport } from '../../bench/figures.ts';

function printed(asJson: boolean): string {
  let text = '';
  const report = createReport(asJson, (more) => (text += more));
  report.note('three sites');
  report.figure('memory, peak', 314.4, 'MB', { aim: { atMost: 300 } });
  report.figure('judged', 1_200_000, '1/s', { aim: { atLeast: 1_000_000 } });
  report.figure('CPU', 0.2774, 's', { digits: 3 });
  report.figure('never measured', Number.NaN, 'ms', { aim: { atMost: 1 } });
  report.end();
  return text;
}

test('a bench with --json prints one object with its figures, their aims and whether they are met, and nothing else', () => {
  expect(JSON.parse(printed(true))).toEqual({
    figures: [
      { name: 'memory, peak', value: 314, unit: 'MB', aim: '≤ 300', met: false },
      { name: 'judged', value: 1_200_000, unit: '1/s', aim: '≥ 1000000', met: true },
      { name: 'CPU', value: 0.277, unit: 's', aim: null, met: null },
      { name: 'never measured', value: null, unit: 'ms', aim: '≤ 1', met: false },
    ],
  });
});

test('for people each figure is a line beside its aim', () => {
  const lines = printed(false).trim().split('\n');
  expect(lines).toHaveLength(5);
  expect(lines[1]).toMatch(/^memory, peak +314 MB {3}\(aim ≤ 300\) MISSED$/);
  expect(lines[3]).toMatch(/^CPU +0\.277 s$/);
});
