/** Appends one reading after the other and says each on stdout when it was acknowledged, until it is killed. */
import { openEmbeddedHistorian } from '../../../server/historian/embedded/embedded.ts';
import { endless, manualClock, reading, silent, start } from './support.ts';

const path = process.argv[2] ?? '';
const clock = manualClock(start);
const historian = await openEmbeddedHistorian({ path, clock, log: silent, retention: endless });
for (let i = 0; ; i += 1) {
  await historian.append([reading('dc/a', start + i * 1_000, i), reading(`dc/new-${i}`, start, i)]);
  process.stdout.write(`${i}\n`);
  await clock.advance(1_000);
}
