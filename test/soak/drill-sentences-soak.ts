import { createReport } from '../../bench/figures.ts';
import { expected, type Expected } from './drills/expected.ts';
import { startFastSite, type FastSite } from './drills/fast-site.ts';
import { isSentence } from './drills/sentence.ts';

/**
 * What the incident of each drill is called, in both languages, and its priority, within the minutes that a wall has; and that
 * nothing is left of it after its end. In the site's own time, so it takes minutes and judges the same on a busy machine; what only
 * the event log of a door controller says is seen by the soak `drills`. `SOAK_DRILLS` as there.
 */
const chosen = process.env['SOAK_DRILLS']?.split(',').filter((name) => name !== '');
const byEvents = new Set(['duress', 'door-forced', 'mantrap-open', 'unknown-card', 'tailgating', 'entry-without-ticket']); // prettier-ignore
const polls = 12;

const report = createReport();
let missed = 0;
function miss(what: string): void {
  missed += 1;
  report.note(`MISSED ${what}`);
}

const site = await startFastSite('dc');
try {
  await until(site, { minutes: 5, holds: async () => (await site.incidents()).length === 0 });
  for (const drill of expected)
    if (!byEvents.has(drill.name) && chosen?.includes(drill.name) !== false) await run(drill);
} finally {
  await site.close();
}
report.figure('missed', missed, '', { aim: { atMost: 0 } });
report.end();
if (missed > 0) process.exitCode = 1;

async function run({ name, beside, says, isDeclared, withinMinutes, backMinutes }: Expected): Promise<void> {
  const end = isDeclared === true ? await site.declare() : undefined;
  for (const each of [beside, name]) if (each !== undefined) site.start(each, each === 'load-test' ? 2 : undefined); // prettier-ignore
  if (says === undefined) {
    const announced = await until(site, { minutes: withinMinutes, holds: async () => (await site.incidents()).length > 0 });
    if (announced !== undefined) miss(`${name}: announced ${await titles()}`);
  } else {
    const shown = await until(site, {
      minutes: withinMinutes,
      holds: async () =>
        (await site.incidents()).some(
          ({ title, priority }) => priority === says.priority && isSentence(title.id, says.id) && isSentence(title.en, says.en),
        ),
    });
    if (shown === undefined) miss(`${name}: "${says.id}" ${says.priority}; there is ${await titles()}`);
    else report.figure(name, shown * 60, 's', { aim: { atMost: withinMinutes * 60 } });
  }
  for (const each of [beside, name]) if (each !== undefined) site.stop(each);
  await end?.();
  const calm = async (): Promise<boolean> => {
    await site.settle();
    return (await site.incidents()).length === 0;
  };
  const back = await until(site, { minutes: backMinutes, holds: calm });
  if (back === undefined) miss(`${name}: after its end there is ${await titles()}`);
  else report.figure('  nothing left after', back * 60, 's');
} // prettier-ignore

async function titles(): Promise<string> {
  return JSON.stringify((await site.incidents()).map(({ priority, title }) => `${priority} ${title.id} | ${title.en}`)); // prettier-ignore
}

/** The minutes it took, of the site's time; undefined: it did not come. */
async function until(
  fast: FastSite,
  { minutes, holds }: { readonly minutes: number; readonly holds: () => Promise<boolean> },
): Promise<number | undefined> {
  for (let passed = 1; passed <= minutes * polls; passed += 1) {
    await fast.pass();
    if (await holds()) return passed / polls;
  }
  return undefined;
}
