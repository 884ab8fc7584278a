import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { modelWith } from '../config/support.ts';
import { describeDay, liveADay } from './day.ts';

/** `npm run soak day` lives whole days of the shipped estate, with more seeds. */
it.each([1, 2])(
  'a day of clock steps, faults and restarts loses and doubles nothing (seed %i)',
  { timeout: 120_000 },
  async (seed) => {
    const folder = await mkdtemp(join(tmpdir(), 'pantau-day-'));
    const day = { model: modelWith().model, seed, hours: 3, stepMs: 10_000 };
    try {
      const report = await liveADay({ ...day, folder });
      expect({ day: describeDay(day), wrong: report.wrong }).toEqual({ day: describeDay(day), wrong: [] });
      expect(Math.min(report.clockSteps, report.thrown, report.journal, report.events)).toBeGreaterThan(3);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
);
