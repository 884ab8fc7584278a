import { existsSync } from 'node:fs';
import os from 'node:os';
import { createInterface } from 'node:readline';
import type { Device } from '../config/model.ts';
import { FieldError } from '../collectors/drivers/driver.ts';
import { systemClock } from '../core/clock.ts';
import { correction } from '../domain/commissioning.ts';
import { readDeviceOnce } from '../server/commissioning/read.ts';
import { entriesOf, recordOf, type Verdict } from '../server/commissioning/service.ts';
import { keepFromShell } from '../server/commissioning/shell.ts';
import type { ReadValue } from '../server/contracts/commissioning.ts';
import { sortableId } from '../server/db/id.ts';
import { operationsFile } from '../server/db/operations.ts';
import { configuredDevice } from './configured-device.ts';
import type { Environment } from './environment.ts';
import { withOperations } from './operations.ts';
import { exitCodes, UsageError } from './usage.ts';

interface CommissionArguments {
  /** `site/device` of the configuration. */
  readonly device: string | undefined;
  /** Who compares; the account of the shell unless given. */
  readonly as?: string | undefined;
  /** The configuration's folder. */
  readonly config: string;
  readonly simulatorPort: number;
}

interface Shell {
  readonly write: (text: string) => void;
  readonly dialogue: () => Dialogue;
}

interface Dialogue {
  /** The line that is typed; undefined: the input has ended. */
  ask(question: string): Promise<string | undefined>;
  close(): void;
}

type CommissionEnvironment = Pick<Environment, 'PANTAU_DATA' | 'PANTAU_DATABASE_URL'>;

/**
 * `pantau probe DEVICE --commission`: each value beside raw and source, compared with the device's own display. Returns the exit code.
 */
export async function runCommission(
  environment: CommissionEnvironment,
  { device: key, as, ...configured }: CommissionArguments,
  shell: Shell,
): Promise<number> {
  if (key === undefined)
    throw new UsageError('say which device of the configuration: probe dc/ups-a1 --commission');
  const person = as ?? os.userInfo().username;
  return compareDevice(configuredDevice({ ...configured, key }), { environment, person, ...shell });
}

/** Reads a device, asks for each value, and keeps the answers in the operations database, whether the server runs or not. */
export async function compareDevice(
  device: Device,
  {
    environment,
    person,
    ...shell
  }: Shell & { readonly environment: CommissionEnvironment; readonly person: string },
): Promise<number> {
  const { write } = shell;
  refuseStrayFolder(environment);
  try {
    const values = await readDeviceOnce(device, systemClock);
    const verdicts = await askAll(values, shell);
    const entries = verdicts === undefined ? [] : entriesOf(values, verdicts);
    if (entries.length === 0) {
      const why =
        verdicts === undefined ? '\nthe input ended before the last value' : 'no value could be compared';
      write(`${why}; nothing is kept\n`);
      return exitCodes.failed;
    }
    await withOperations(environment, async (db, { now: at, randomBytes }) => {
      const actor = `shell:${person}`;
      const record = recordOf(device, { id: sortableId(at, randomBytes), at, actor, entries });
      await keepFromShell(db, record, person);
      const differs =
        record.differs === 0 ? '' : `, ${record.differs} differ: it does not count as commissioned`;
      write(`kept as of ${actor}: ${entries.length} values${differs}\n`);
    });
    return exitCodes.ok;
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    write(`${error.message}\n`);
    return exitCodes.failed;
  }
}

/** A folder that no server has would take the answers, and nobody would see them. */
function refuseStrayFolder({ PANTAU_DATA: folder, PANTAU_DATABASE_URL: url }: CommissionEnvironment): void {
  if (url === undefined && !existsSync(operationsFile(folder)))
    throw new UsageError(
      `${operationsFile(folder)} is not there: set PANTAU_DATA to the server's data folder, or start the server once`,
    );
}

async function askAll(
  values: readonly ReadValue[],
  { write, dialogue }: Shell,
): Promise<Verdict[] | undefined> {
  write(
    'What does the device’s own display show? Enter: the same; u: it does not show this; else what it shows.\n',
  );
  const terminal = dialogue();
  const verdicts: Verdict[] = [];
  const count = values.filter(({ value }) => value !== null).length;
  try {
    for (const value of values) {
      const text = `${value.part === null ? '' : `${value.part} `}${value.quantity}`;
      const place = `sent ${value.raw ?? 'nothing'} at ${value.source}`;
      if (value.value === null) {
        write(`${text}: ${value.reason ?? 'no value'} (${place})\n`);
        continue;
      }
      const reads = value.state ?? `${value.value} ${value.unit}`;
      const answer = await terminal.ask(`[${verdicts.length + 1}/${count}] ${text}: ${reads} (${place}) = `);
      if (answer === undefined) return undefined;
      const verdict = verdictOf(value, answer);
      verdicts.push(verdict);
      const fix = correction(value, verdict.shown ?? '');
      if (fix !== undefined) write(`  the device's entry would say ${fix}\n`);
    }
    return verdicts;
  } finally {
    terminal.close();
  }
}

/** Enter, `u`, or what the device shows. */
export function verdictOf({ point }: Pick<ReadValue, 'point'>, answer: string): Verdict {
  const text = answer.trim();
  if (text === '') return { point, verdict: 'confirmed' };
  return text === 'u'
    ? { point, verdict: 'unseen' }
    : { point, verdict: 'differs', shown: text.slice(0, 100) };
}

/** Lines of the shell's input: those that were typed, or piped, before they are asked for are kept. */
export function shellDialogue(): Dialogue {
  const input = createInterface({ input: process.stdin, terminal: false });
  const lines = input[Symbol.asyncIterator]();
  return {
    async ask(question) {
      process.stdout.write(question);
      const { done, value } = await lines.next();
      return done === true ? undefined : value;
    },
    close: () => input.close(),
  };
}
