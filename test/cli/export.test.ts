import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { ExportSource, Portion } from '../../cli/export-source.ts';
import { exportReadings, matching, momentOf, resolutionOf, type ExportOptions } from '../../cli/export.ts';
import { createProgress } from '../../cli/progress.ts';

const day = 86_400_000;
const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((dir) => rmSync(dir, { recursive: true, force: true })));

function temporary(): string {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'pantau-export-'));
  folders.push(dir);
  return dir;
}

const points = [
  'dc/ups-a1/output-power',
  'dc/ups-b1/output-power',
  'dc/pac-1/supply-temperature',
  'drc/ups-a1/output-power',
].map((id) => ({ id, unit: 'kW' }));
const noProgress = { show: () => undefined, end: () => undefined };

function source(rows: (portion: Portion) => AsyncIterable<string>): ExportSource {
  return { points: async () => points, rows };
}

const options = (out: string, more: Partial<ExportOptions> = {}): ExportOptions => ({
  patterns: ['dc/ups-*'],
  range: { from: 0, to: 20 * day },
  resolution: 'raw',
  dialect: 'standard',
  zone: 'Asia/Jakarta',
  out,
  progress: noProgress,
  ...more,
});

test('points are written one after the other, each in portions of time, under one header', async () => {
  const out = path.join(temporary(), 'x.csv');
  const asked: Portion[] = [];
  const written = await exportReadings(
    source(async function* (portion) {
      asked.push(portion);
      yield `${portion.points[0]?.id},${portion.range.from / day}\r\n`;
    }),
    options(out),
  );
  const [header, ...rows] = readFileSync(out, 'utf8').trimEnd().split('\r\n');
  expect(header).toBe('\uFEFFpoint,unit,at,value,state,quality,reason');
  expect(rows).toEqual(
    ['dc/ups-a1', 'dc/ups-b1'].flatMap((ups) => [0, 7, 14].map((at) => `${ups}/output-power,${at}`)),
  );
  expect(asked.at(-1)?.range).toEqual({ from: 14 * day, to: 20 * day });
  expect(written).toEqual({ points: 2, bytes: readFileSync(out).length });
});

test('a portion whose connection broke is asked for again, and nothing is doubled', async () => {
  const out = path.join(temporary(), 'x.csv');
  let breaks = 2;
  await exportReadings(
    source(async function* () {
      yield 'one\r\n';
      if (breaks > 0) {
        breaks -= 1;
        throw new TypeError('terminated');
      }
      yield 'two\r\n';
    }),
    options(out, { patterns: ['dc/ups-a1/*'], range: { from: 0, to: day } }),
  );
  expect(readFileSync(out, 'utf8').split('\r\n').slice(1)).toEqual(['one', 'two', '']);
});

test('an export that fails leaves no file that looks whole', async () => {
  const dir = temporary();
  const failing = source(async function* () {
    yield 'one\r\n';
    throw new Error('the server is gone');
  });
  await expect(exportReadings(failing, options(path.join(dir, 'x.csv')))).rejects.toThrow(
    'the server is gone',
  );
  expect(readdirSync(dir)).toEqual([]);
});

test('nothing is overwritten, and a place that cannot be written is named', async () => {
  const dir = temporary();
  const taken = path.join(dir, 'x.csv');
  writeFileSync(taken, 'mine');
  const none = source(async function* () {});
  await expect(exportReadings(none, options(taken))).rejects.toThrow(/is there already/);
  await expect(exportReadings(none, options(path.join(dir, 'none/x.csv')))).rejects.toThrow(
    /there is no folder/,
  );
  await expect(
    exportReadings(none, options(path.join(dir, 'y.csv'), { zone: 'Asia/Jakata' })),
  ).rejects.toThrow(/no such time zone/);
  expect(readFileSync(taken, 'utf8')).toBe('mine');
  expect(existsSync(path.join(dir, 'y.csv'))).toBe(false);
});

test('patterns name points; one that names none is refused with the nearest', () => {
  const ids = (patterns: string[]): string[] => matching(points, patterns).map(({ id }) => id);
  expect(ids(['*/ups-a1/*'])).toEqual(['dc/ups-a1/output-power', 'drc/ups-a1/output-power']);
  expect(ids(['dc/ups-*', 'dc/ups-a1/output-power'])).toHaveLength(2);
  expect(() => ids(['dc/ups-a1/output-powr'])).toThrow(/did you mean dc\/ups-a1\/output-power\?/);
  expect(() => ids(['dc.ups-a1*'])).toThrow(/no point has such a name/);
});

test('times are days and times of WIB, or have an offset', () => {
  expect(momentOf('--from', '2026-11-23')).toBe(Date.parse('2026-11-23T00:00:00+07:00'));
  expect(momentOf('--from', '2026-11-23T08:30')).toBe(Date.parse('2026-11-23T08:30:00+07:00'));
  expect(momentOf('--from', '2026-11-23T08:30:00Z')).toBe(Date.parse('2026-11-23T08:30:00Z'));
  for (const wrong of ['yesterday', '2026-13-01', 'NaN', '2026-11-23T08:30:00'])
    expect(() => momentOf('--from', wrong)).toThrow(/^--from .*: expected a day/);
  expect(() => resolutionOf('auto', { from: 2, to: 1 }, 3)).toThrow('swap them');
  expect(() => resolutionOf('auto', { from: 5, to: 6 }, 3)).toThrow('future');
  expect(resolutionOf('auto', { from: 0, to: day }, 2 * day)).toBe('1m');
});

test('progress is a bar on a terminal and a line at each tenth elsewhere', () => {
  const text = (isTTY: boolean): string => {
    let shown = '';
    let now = 0;
    const progress = createProgress(
      { isTTY, columns: 60, write: (part: string) => (shown += part) },
      () => (now += 200),
    );
    for (let done = 0; done < 40; done += 1)
      progress.show({ done, of: 40, bytes: done * 1e6, what: 'dc/ups-a1/x' });
    progress.end();
    return shown;
  };
  expect(text(false).trim().split('\n')).toHaveLength(10);
  expect(text(true)).toContain('[############............]  50 %  20.0 MB  dc/ups-a1/x');
});
