import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { loadLibraryPart, shippedLibrary } from '../config/read/files.ts';
import { profileSchema } from '../config/schema/profile.ts';
import { systemClock } from '../core/clock.ts';
import { UnknownDeviceError, probe } from '../collectors/probe/probe.ts';
import type { ProbeRow } from '../collectors/probe/row.ts';
import { serveWalk } from '../simulator/walk/serve.ts';

/**
 * `npm run coverage [FOLDER]`: reads each recorded walk as `pantau probe --all` would, with no word on what it is, and compares with the
 * values it must give. Recognised: a profile was found that reads a row of which the value is known. Of the known rows: right, wrong, refused (bad although
 * the device measures it) and unread. Invented: a good value whose cell the recording does not hold.
 */

const truthSchema = z.object({
  sensors: z.array(
    z.object({
      oid: z.string(),
      /** Null where the recorder had none. */
      expected: z.number().nullish(),
      truth: z.union([z.number(), z.string()]).nullish(),
      unit: z.string(),
      class: z.string(),
      trust: z.string(),
      expected_state: z.string().optional(),
    }),
  ),
});
type Truth = z.infer<typeof truthSchema>['sensors'][number];

/** The truth's class or unit → our unit's factor. */
const factors: Readonly<Record<string, number>> = { W: 0.001, VA: 0.001, min: 60, cfm: 1.699_010_82 };
/** The truth is rounded to two places; beyond that, a relative difference that is rounding. */
const rounding = { absolute: 0.005, relative: 1e-6 };

interface Result {
  readonly walk: string;
  readonly profiles: readonly string[];
  readonly known: number;
  readonly right: number;
  readonly wrong: readonly string[];
  readonly refused: number;
  readonly invented: readonly string[];
}

async function measure(folder: string, walk: string): Promise<Result> {
  const file = path.join(folder, `${walk}.snmprec`);
  const truth = truthSchema
    .parse(JSON.parse(readFileSync(path.join(folder, `${walk}.truth.json`), 'utf8')))
    .sensors.filter(
      (each) => (each.trust === 'ok' && typeof each.expected === 'number') || typeof each.truth === 'number',
    );
  const { profiles, rows } = await readAll(file);
  const byOid = new Map<string, ProbeRow[]>();
  for (const row of rows) byOid.set(row.source, [...(byOid.get(row.source) ?? []), row]);
  const recorded = new Set(
    readFileSync(file, 'latin1')
      .split(/\r?\n/)
      .map((line) => line.split('|')[0]?.replace(/^\./, '') ?? ''),
  );
  let right = 0;
  let refused = 0;
  const wrong: string[] = [];
  for (const each of truth) {
    const read = byOid.get(each.oid);
    if (read === undefined) continue;
    if (read.some((row) => agrees(row, each))) right += 1;
    else if (read.every(({ value }) => value === null)) refused += 1;
    else wrong.push(`${each.oid} ${read.map(({ value, unit }) => `${value} ${unit}`).join(', ')} for ${meaning(each)} ${each.unit}`);
  } // prettier-ignore
  const invented = rows.flatMap((row) =>
    row.value === null || isRecorded(row.source, recorded) ? [] : `${row.profile} ${row.part ?? ''} ${row.quantity}`,
  ); // prettier-ignore
  const isKnown = right + refused + wrong.length > 0;
  return { walk, profiles: isKnown ? profiles : [], known: truth.length, right, wrong, refused, invented };
}

/** What stands in a cell; of the presence of a row, that the agent counts such rows at all. */
function isRecorded(source: string, recorded: ReadonlySet<string>): boolean {
  const count = countOf.get(source);
  return recorded.has(count ?? source);
}

async function readAll(file: string): Promise<{ profiles: string[]; rows: readonly ProbeRow[] }> {
  const agent = await serveWalk(file);
  try {
    const access = { version: '2c', community: 'public' } as const;
    const address = { protocol: 'snmp', host: agent.host, port: agent.port, access } as const;
    const { profiles, rows } = await probe({ candidates, address, all: true }, { clock: systemClock });
    const good = new Set(rows.flatMap(({ profile, value }) => (value === null ? [] : profile)));
    return { profiles: profiles.flatMap(({ name }) => (good.has(name) ? name : [])), rows };
  } catch (error) {
    if (error instanceof UnknownDeviceError) return { profiles: [], rows: [] };
    throw error;
  } finally {
    await agent.close();
  }
}

function meaning(truth: Truth): number {
  return (
    (typeof truth.truth === 'number' ? truth.truth : (truth.expected ?? Number.NaN)) *
    (factors[truth.class] ?? factors[truth.unit] ?? 1)
  );
}

function agrees({ value, reason, state, word }: ProbeRow, truth: Truth): boolean {
  if (truth.expected_state === 'disconnect') return reason === 'disconnected';
  if (value === null) return false;
  if (truth.class === 'state') return value === truth.expected || state === truth.expected_state || word === truth.expected_state;
  const wanted = meaning(truth);
  return Math.abs(value - wanted) <= rounding.absolute * 1.001 + rounding.relative * Math.abs(wanted);
} // prettier-ignore

const here = path.dirname(new URL(import.meta.url).pathname);
const folder = process.argv[2] ?? path.join(here, '../../shared/walks');
const candidates = loadLibraryPart(
  { dir: shippedLibrary(), library: shippedLibrary() },
  'profiles',
  profileSchema,
).flatMap(({ name, value }) => (value === undefined ? [] : [{ ...value, name }]));
/** Column of a table of present alarms → where an agent counts its rows. */
const countOf = new Map<string, string>(
  candidates.flatMap((profile) =>
    profile.protocol !== 'snmp'
      ? []
      : profile.tables.flatMap(({ entry, points }) =>
          points.flatMap(({ column, presentWhere }) =>
            presentWhere === undefined ? [] : [[`${entry}.${column}`, presentWhere] as const],
          ),
        ),
  ),
);
const walks = readdirSync(folder)
  .filter((name) => name.endsWith('.snmprec'))
  .map((name) => name.slice(0, -'.snmprec'.length))
  .sort();
const results: Result[] = [];
const print = (line: string): void => void process.stdout.write(`${line}\n`);
for (const walk of walks) {
  const result = await measure(folder, walk);
  results.push(result);
  const { known, right, wrong, refused, invented, profiles } = result;
  print(
    `${walk}: ${profiles.length === 0 ? 'not recognised' : profiles.join(', ')}; of ${known} known ${right} right, ${wrong.length} wrong, ${refused} refused, ${known - right - wrong.length - refused} unread; ${invented.length} invented`,
  );
  for (const line of [
    ...wrong.map((each) => `  wrong: ${each}`),
    ...invented.map((each) => `  invented: ${each}`),
  ])
    print(line);
}
const sum = (of: (result: Result) => number): number => results.reduce((total, each) => total + of(each), 0);
const recognised = results.filter(({ profiles }) => profiles.length > 0);
const share = (part: number, whole: number): string => `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;
const known = sum((each) => each.known);
const ofRecognised = recognised.reduce((total, each) => total + each.known, 0);
const rightOfRecognised = recognised.reduce((total, each) => total + each.right, 0);
print('');
print(`recognised ${recognised.length} of ${results.length} (${share(recognised.length, results.length)})`);
print(
  `right ${sum((each) => each.right)} of ${known} known rows (${share(
    sum((each) => each.right),
    known,
  )}); of recognised devices ${share(rightOfRecognised, ofRecognised)}`,
);
print(
  `wrong ${sum((each) => each.wrong.length)}, refused ${sum((each) => each.refused)}, invented ${sum((each) => each.invented.length)}`,
);
