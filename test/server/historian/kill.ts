import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { openEmbeddedHistorian } from '../../../server/historian/embedded/embedded.ts';
import { endless, everything, manualClock, silent, start } from './support.ts';

const program = fileURLToPath(new URL('./killed-child.ts', import.meta.url));
/** Twenty minutes: an hour is compacted every three readings, a day settled every 72. */
const stepMs = 1_200_000;
const perHour = 3;

export interface AfterKill {
  /** The last reading that was acknowledged, and the last that is there. */
  readonly acknowledged: number;
  readonly stored: number;
  readonly openMs: number;
}

/**
 * Lets a process append from `first` on, kills it `afterMs` after its first whole hour, and looks at what is there. Throws when a
 * reading that was acknowledged is lost, or any is there twice, in raw or in the figures of hours.
 */
export async function killOnce(
  path: string,
  { first, afterMs }: { first: number; afterMs: number },
): Promise<AfterKill> {
  const child = spawn(process.execPath, ['--import', 'tsx', program, path, String(first), String(stepMs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  let acknowledged = first - 1;
  for await (const line of createInterface(child.stdout)) {
    acknowledged = Number(line);
    if (acknowledged === first + perHour) setTimeout(() => child.kill('SIGKILL'), afterMs);
  }
  await ended;
  const begin = performance.now();
  const clock = manualClock(start);
  const historian = await openEmbeddedHistorian({ path, clock, log: silent, retention: endless });
  const openMs = performance.now() - begin;
  try {
    const values = (await historian.raw('dc/a', everything, 1e7)).map(({ value }) => value);
    const hours = (await historian.buckets(['dc/a'], everything, '1h')).get('dc/a') ?? [];
    const counted = hours.reduce((sum, { count }) => sum + count, 0);
    const stored = values.length - 1;
    if (stored < acknowledged) throw new Error(`${acknowledged} was acknowledged, ${stored} is there`);
    values.forEach((value, i) => {
      if (value !== i) throw new Error(`in place of ${i} stands ${value}`);
    });
    if (counted !== values.length) throw new Error(`${values.length} readings, the hours count ${counted}`);
    return { acknowledged, stored, openMs };
  } finally {
    await historian.close();
  }
}
