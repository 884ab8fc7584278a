/**
 * Appends one reading after the other and says each on stdout when it was acknowledged, until it is killed. Arguments: the file, the first
 * number, and how far apart the readings are; the clock goes with them, so that hours are compacted and days settled meanwhile.
 */
import { openEmbeddedHistorian } from '../../../server/historian/embedded/embedded.ts';
import { endless, manualClock, reading, silent, start } from './support.ts';

const [path = '', first = '0', step = '1000'] = process.argv.slice(2);
const stepMs = Number(step);
const clock = manualClock(start + Number(first) * stepMs);
const historian = await openEmbeddedHistorian({ path, clock, log: silent, retention: endless });
for (let i = Number(first); ; i += 1) {
  await historian.append([reading('dc/a', start + i * stepMs, i), reading(`dc/new-${i}`, start, i)]);
  process.stdout.write(`${i}\n`);
  await clock.advance(stepMs);
}
