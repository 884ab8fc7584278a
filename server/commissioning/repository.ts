import { z } from 'zod';
import { commissioningEntry, type CommissioningEntry } from '../contracts/commissioning.ts';
import type { Executor } from '../db/schema.ts';
import type { CommissioningTable } from '../db/schema/devices.ts';

/** What there is to know of a comparison without its values. */
export interface CommissioningHead {
  readonly id: string;
  readonly device: string;
  readonly at: number;
  readonly actor: string;
  readonly profile: string;
  readonly map: string;
  readonly address: string;
  /** How many values differ. */
  readonly differs: number;
}

export interface CommissioningRecord extends CommissioningHead {
  readonly entries: readonly CommissioningEntry[];
  readonly note: string | null;
}

const entriesSchema = z.array(commissioningEntry);
const mostOfDevice = 50;

export type CommissioningRepository = ReturnType<typeof commissioningRepository>;

/** The only place that knows the SQL of commissioning. */
export function commissioningRepository(db: Executor) {
  return {
    async add({ entries, ...record }: CommissioningRecord): Promise<void> {
      await db
        .insertInto('commissioning')
        .values({ ...record, entries: JSON.stringify(entries) })
        .execute();
    },
    /** The newest first, and no more than anybody reads. */
    async ofDevice(device: string): Promise<CommissioningRecord[]> {
      const rows = await db
        .selectFrom('commissioning')
        .selectAll()
        .where('device', '=', device)
        .orderBy('id', 'desc')
        .limit(mostOfDevice)
        .execute();
      return rows.map(recordOf);
    },
    /** The newest of every device. */
    newest(): Promise<CommissioningHead[]> {
      return db
        .selectFrom('commissioning')
        .select(['id', 'device', 'at', 'actor', 'profile', 'map', 'address', 'differs'])
        .where('id', 'in', (query) =>
          query
            .selectFrom('commissioning as each')
            .select(({ fn }) => fn.max('each.id').as('id'))
            .groupBy('each.device'),
        )
        .execute();
    },
  };
}

function recordOf({ entries, ...row }: Readonly<CommissioningTable>): CommissioningRecord {
  return { ...row, entries: entriesSchema.parse(JSON.parse(entries)) };
}
