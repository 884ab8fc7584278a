import os from 'node:os';
import { createInterface } from 'node:readline/promises';
import { FieldError } from '../collectors/drivers/driver.ts';
import { systemClock } from '../core/clock.ts';
import { commissioningRepository } from '../server/commissioning/repository.ts';
import { readDeviceOnce } from '../server/commissioning/read.ts';
import { entriesOf, recordOf, type Verdict } from '../server/commissioning/service.ts';
import type { ReadValue } from '../server/contracts/commissioning.ts';
import { sortableId } from '../server/db/id.ts';
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

/** `pantau probe DEVICE --commission`: each value beside raw and source, compared with the device's own display. Returns the exit code. */
export async function runCommission(
  environment: Environment,
  { device: key, as, ...configured }: CommissionArguments,
  write: (text: string) => void,
): Promise<number> {
  if (key === undefined)
    throw new UsageError('say which device of the configuration: probe dc/ups-a1 --commission');
  const device = configuredDevice({ ...configured, key });
  try {
    const values = await readDeviceOnce(device, systemClock);
    const verdicts = await askAll(values, write);
    const entries = entriesOf(values, verdicts);
    const actor = `shell:${as ?? os.userInfo().username}`;
    await withOperations(environment, async (db, { now: at, randomBytes }) => {
      const record = recordOf(device, { id: sortableId(at, randomBytes), at, actor, entries });
      await commissioningRepository(db).add(record);
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

async function askAll(values: readonly ReadValue[], write: (text: string) => void): Promise<Verdict[]> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const verdicts: Verdict[] = [];
  write(
    'What does the device’s own display show? Enter: the same; u: it does not show this; else what it shows.\n',
  );
  try {
    for (const value of values) {
      const text = `${value.part === null ? '' : `${value.part} `}${value.quantity}`;
      const place = `sent ${value.raw ?? 'nothing'} at ${value.source}`;
      if (value.value === null) write(`${text}: ${value.reason ?? 'no value'} (${place})\n`);
      else
        verdicts.push(
          verdictOf(
            value,
            await terminal.question(
              `${text}: ${value.state ?? `${value.value} ${value.unit}`} (${place}) = `,
            ),
          ),
        );
    }
  } finally {
    terminal.close();
  }
  return verdicts;
}

/** Enter, `u`, or what the device shows. */
export function verdictOf({ point }: Pick<ReadValue, 'point'>, answer: string): Verdict {
  const text = answer.trim();
  if (text === '') return { point, verdict: 'confirmed' };
  return text === 'u'
    ? { point, verdict: 'unseen' }
    : { point, verdict: 'differs', shown: text.slice(0, 100) };
}
