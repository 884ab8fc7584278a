import { createReport } from '../../bench/figures.ts';
import { startEstate } from '../e2e/support/estate.ts';
import { launch, password } from '../e2e/support/sign-in.ts';
import { expected, type Expected } from './drills/expected.ts';
import { isSentence } from './drills/sentence.ts';
import { faults } from './drills/faults.ts';
import { openWalls, until, type Language, type Walls } from './drills/wall.ts';

/**
 * Every drill of the simulator at the DC, one after the other, through the wall of the product as a user starts it: the sentence in both
 * languages, its priority and its site within a bound, no word of it at the other sites, and a calm wall after it has ended. Then what
 * happens to the wall itself: server killed and started, network cut, clocks moved. `SOAK_DRILLS=smoke,leak` (a comma after a name that is
 * all of it) runs some; a wall that never grew calm ends the soak.
 */
const chosen = process.env['SOAK_DRILLS']?.split(',').filter((name) => name !== '');
const isChosen = (name: string): boolean => chosen === undefined || chosen.includes(name);
const minute = 60_000;
const site = 'dc';

const report = createReport();
let missed = 0;
function miss(what: string): void {
  missed += 1;
  report.note(`MISSED ${what}`);
}

const estate = await startEstate();
const browser = await launch(process.env['CHROMIUM'] ?? '/usr/bin/chromium');
try {
  const walls = await openWalls(browser, { url: estate.url, password });
  await calm(walls, 5 * minute);
  for (const each of expected.filter(({ name }) => isChosen(name))) await run(walls, each);
  for (const [name, fault] of Object.entries(faults)) {
    if (!isChosen(name)) continue;
    for (const one of await fault({ walls, estate })) miss(`${name}: ${one}`);
    report.note(`${name} seen`);
  }
} finally {
  await browser.close();
  await estate.stop();
}
report.figure('missed', missed, '', { aim: { atMost: 0 } });
report.end();
if (missed > 0) process.exitCode = 1;

async function run(walls: Walls, drill: Expected): Promise<void> {
  const started = performance.now();
  const end = drill.isDeclared === true ? await walls.declare(site) : undefined;
  if (drill.beside !== undefined) await walls.drill(drill.beside, site, 'start');
  await walls.drill(drill.name, site, 'start');
  if (drill.says === undefined) await staysCalm(walls, drill);
  else {
    const { priority } = drill.says;
    for (const language of ['id', 'en'] as const) {
      const sentence = drill.says[language];
      const left = drill.withinMinutes * minute - (performance.now() - started);
      if (!(await until(() => shows(walls, language, { sentence, priority }), left)))
        miss(`${drill.name}: "${sentence}" ${priority}; the wall has ${JSON.stringify(await walls.rows(language))}, its card "${await walls.state(language, site)}"`); // prettier-ignore
    }
    report.figure(drill.name, (performance.now() - started) / 1_000, 's', { aim: { atMost: drill.withinMinutes * 60 } }); // prettier-ignore
    const elsewhere = (await walls.rows('id')).filter((row) => row.site !== 'DC');
    if (elsewhere.length > 0) miss(`${drill.name}: other sites have ${JSON.stringify(elsewhere)}`);
  }
  await walls.drill(drill.name, site, 'stop');
  if (drill.beside !== undefined) await walls.drill(drill.beside, site, 'stop');
  await end?.();
  const ended = performance.now();
  if (await calm(walls, drill.backMinutes * minute))
    report.figure(`  calm again after`, (performance.now() - ended) / 1_000, 's');
  else if (drill.backMinutes > 0) miss(`${drill.name}: after its end the wall has ${JSON.stringify(await walls.rows('id'))}, "${await walls.state('id', site)}"`); // prettier-ignore
}

/** Nothing of it is a disturbance: nothing is announced while it lasts. */
async function staysCalm(walls: Walls, { name, withinMinutes }: Expected): Promise<void> {
  const announced = async (): Promise<boolean> => (await walls.rows('id')).length > 0;
  if (await until(announced, withinMinutes * minute))
    miss(`${name}: announced ${JSON.stringify(await walls.rows('id'))}`);
}

async function shows(
  walls: Walls,
  language: Language,
  { sentence, priority }: { readonly sentence: string; readonly priority: string },
): Promise<boolean> {
  const rows = await walls.rows(language);
  const isThere = rows.some(
    (row) => isSentence(row.title, sentence) && row.priority === priority && row.site === 'DC',
  );
  // What stands from before may be worse: the card shows the worst.
  const worst = rows.flatMap((row) => (row.site === 'DC' ? [row.priority] : [])).toSorted()[0] ?? priority;
  return isThere && isAtLeast(await walls.state(language, site), worst);
}

/** Acknowledged and reset as far as it is over, until no incident is left and the site is NORMAL in both languages. */
async function calm(walls: Walls, patienceMs: number): Promise<boolean> {
  return until(async () => {
    await walls.settle();
    for (const language of ['id', 'en'] as const) {
      if ((await walls.rows(language)).length > 0) return false;
      if ((await walls.hasLateCollector(language)) || (await walls.state(language, site)).includes('NORMAL'))
        continue;
      return false;
    }
    return true;
  }, patienceMs);
}

/** Whether the card shows this priority, or a more urgent one of what is no part of a drill. */
function isAtLeast(state: string, priority: string): boolean {
  const [shown] = /P\d/.exec(state) ?? [];
  return shown !== undefined && shown <= priority;
}
