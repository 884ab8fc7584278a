import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { expect } from 'vitest';
import { z } from 'zod';
import { openEmbeddedHistorian } from '../../../server/historian/embedded/embedded.ts';
import { endless, facts, manualClock, silent, start, temporaryFolder, type Bench } from './support.ts';

const year = 365 * 86_400_000;

/** A file in a temporary folder, with a clock a year ahead of the readings: every rest merges all of them. */
export async function embeddedBench(): Promise<Bench> {
  const folder = await temporaryFolder();
  const path = join(folder, 'readings.db');
  const clock = manualClock(start + year);
  return {
    open() {
      return openEmbeddedHistorian({ path, clock, log: silent, retention: endless, facts });
    },
    async rest() {
      // Again and again: who is still at work does not see that a minute has passed.
      const rested = async (): Promise<number> => {
        await clock.advance(60_000);
        return waiting(path);
      };
      await expect.poll(rested, { timeout: 20_000, interval: 5 }).toBe(0);
    },
    remove: () => rm(folder, { recursive: true }),
  };
}

/** What has not reached its last place yet. */
function waiting(path: string): number {
  const database = new DatabaseSync(path, { readOnly: true });
  const row: unknown = database
    .prepare(
      'select (select count(*) from tick) + (select count(*) from chunk) + (select count(*) from unsettled) as n',
    )
    .get();
  database.close();
  return z.object({ n: z.number() }).parse(row).n;
}
