import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openEmbeddedHistorian } from '../../../server/historian/embedded/embedded.ts';
import { facts, manualClock, silent, start, temporaryFolder, type Bench } from './support.ts';

const year = 365 * 86_400_000;

/** A file in a temporary folder, with a clock a year ahead of the readings: every rest merges all of them. */
export async function embeddedBench(): Promise<Bench> {
  const folder = await temporaryFolder();
  const path = join(folder, 'readings.db');
  const clock = manualClock(start + year);
  let probe: () => Promise<unknown> = async () => {};
  return {
    async open() {
      const historian = await openEmbeddedHistorian({
        path,
        clock,
        log: silent,
        retentionMs: Infinity,
        facts,
      });
      probe = () => historian.append([]);
      return historian;
    },
    async rest() {
      await clock.advance(120_000);
      // The writing thread does one thing after the other: when it has answered, it has merged.
      await probe();
    },
    remove: () => rm(folder, { recursive: true }),
  };
}
