import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../config/load.ts';
import { describeDay, liveADay } from './day.ts';

/** Whole days of the shipped estate, `SOAK_SEEDS` of them (3), `SOAK_HOURS` long (24). Exit code 1 when anything is wrong after one. */
const seeds = Number(process.env['SOAK_SEEDS'] ?? 3);
const hours = Number(process.env['SOAK_HOURS'] ?? 24);
const loaded = loadConfig(process.env['PANTAU_CONFIG'] ?? './config');
if (!loaded.ok) throw new Error('the configuration is broken: pantau check-config');

for (let seed = 1; seed <= seeds; seed += 1) {
  const folder = await mkdtemp(join(tmpdir(), 'pantau-day-'));
  // Every reading is looked for in the store: none is left out because nothing changed.
  const day = { model: { ...loaded.model, recording: [] }, seed, hours, stepMs: 60_000 };
  try {
    const { wrong, readings, events, journal, clockSteps, restarts, thrown } = await liveADay({
      ...day,
      folder,
    });
    process.stdout.write(
      `${describeDay(day)}; ${readings} readings, ${events} events, ${journal} journal entries, ${clockSteps} steps of the clock, ${restarts} restarts, ${thrown} exceptions: ${wrong.length === 0 ? 'nothing lost, doubled or wrong' : wrong.join('\n')}\n`,
    );
    if (wrong.length > 0) process.exitCode = 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
