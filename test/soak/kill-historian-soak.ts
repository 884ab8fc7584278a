import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { killOnce } from '../server/historian/kill.ts';
import { temporaryFolder } from '../server/historian/support.ts';

/** Kills at random moments of appends, merges, compactions and settlements, on one file that grows: `SOAK_KILLS` of them. */
const kills = Number(process.env['SOAK_KILLS'] ?? 200);
const folder = await temporaryFolder();
const path = join(folder, 'readings.db');
let first = 0;
let slowest = 0;
try {
  for (let kill = 1; kill <= kills; kill += 1) {
    const { stored, openMs } = await killOnce(path, { first, afterMs: Math.random() * 1_500 });
    first = stored + 1;
    slowest = Math.max(slowest, openMs);
    if (kill % 20 === 0) process.stdout.write(`${kill} kills, ${first} readings\n`);
  }
  process.stdout.write(
    `${kills} kills, ${first} readings: none lost, none doubled; opened in ${slowest.toFixed(0)} ms at most\n`,
  );
} finally {
  await rm(folder, { recursive: true });
}
