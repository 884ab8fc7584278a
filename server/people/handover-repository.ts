import { z } from 'zod';
import type { Database, Executor } from '../db/schema.ts';
import type { HandoverTable } from '../db/schema/people.ts';
import { logHandover } from '../audit/entries.ts';
import { inChunks } from '../db/rows.ts';

export type HandoverRow = Readonly<HandoverTable>;

const members = z.array(z.object({ person: z.string(), name: z.string() }));

/** The team as it was when the shift began. */
export function membersOf({ members: text }: Pick<HandoverRow, 'members'>): { person: string; name: string }[] {
  return members.parse(JSON.parse(text));
} // prettier-ignore

interface HiddenReason {
  readonly reason: string | null;
  readonly actor: string | null;
}

/** What people and the product did in a time. */
interface ShiftCounts {
  readonly raised: number;
  readonly acknowledged: number;
  readonly shelved: number;
  readonly outOfService: number;
  readonly pagesSent: number;
  readonly pagesFailed: number;
}

/** The only place that knows how handovers are stored. What is signed is never written again. */
export interface HandoverRepository {
  /** A shift that is there already stays as it is. */
  begin(row: HandoverRow): Promise<void>;
  find(id: string): Promise<HandoverRow | undefined>;
  /** That began latest. */
  latest(): Promise<HandoverRow | undefined>;
  /** The one before. */
  before(from: number): Promise<HandoverRow | undefined>;
  /** Latest first; `before`: only those that began earlier. */
  list(filter: { readonly before?: number | undefined; readonly limit: number }): Promise<HandoverRow[]>;
  /** That ended before `at` and lack a signature. */
  unsigned(at: number): Promise<number>;
  /** False: the outgoing shift has signed. */
  note(id: string, text: string): Promise<boolean>;
  signOut(
    id: string,
    signature: Pick<HandoverRow, 'content' | 'out_person' | 'out_user' | 'out_at'>,
  ): Promise<boolean>;
  /** False: the outgoing shift has not signed, or the incoming one has. */
  signIn(
    id: string,
    signature: Pick<HandoverRow, 'in_person' | 'in_user' | 'in_at' | 'in_remark'>,
  ): Promise<boolean>;
  /** By alarm: why it was hidden last, and by whom. */
  hiddenBecause(alarms: readonly string[]): Promise<Map<string, HiddenReason>>;
  /** Epoch ms, [from, to). */
  counts(from: number, to: number): Promise<ShiftCounts>;
}

export function handoverRepository(db: Database): HandoverRepository {
  const all = db.selectFrom('handover').selectAll();
  /** One that the outgoing shift has not signed. */
  const unsigned = (id: string, on: Executor = db) =>
    on.updateTable('handover').where('id', '=', id).where('out_at', 'is', null);
  return {
    async begin(row) {
      await db
        .insertInto('handover')
        .values(row)
        .onConflict((conflict) => conflict.column('from_at').doNothing())
        .execute();
    },
    find: (id) => all.where('id', '=', id).executeTakeFirst(),
    latest: () => all.orderBy('from_at', 'desc').limit(1).executeTakeFirst(),
    before: (from) => all.where('from_at', '<', from).orderBy('from_at', 'desc').limit(1).executeTakeFirst(),
    list({ before, limit }) {
      const older = before === undefined ? all : all.where('from_at', '<', before);
      return older.orderBy('from_at', 'desc').limit(limit).execute();
    },
    async unsigned(at) {
      const row = await db
        .selectFrom('handover')
        .select(({ fn }) => fn.countAll().as('count'))
        .where('to_at', '<=', at)
        .where('in_at', 'is', null)
        .executeTakeFirstOrThrow();
      return Number(row.count);
    },
    note: async (id, note) => (await unsigned(id).set({ note }).executeTakeFirst()).numUpdatedRows > 0n,
    signOut: (id, signature) =>
      db.transaction().execute(async (trx) => {
        const row = await unsigned(id, trx).set(signature).returningAll().executeTakeFirst();
        if (row !== undefined) await logHandover(trx, 'handover-out', row);
        return row !== undefined;
      }),
    signIn: (id, signature) =>
      db.transaction().execute(async (trx) => {
        const row = await trx
          .updateTable('handover')
          .set(signature)
          .where('id', '=', id)
          .where('out_at', 'is not', null)
          .where('in_at', 'is', null)
          .returningAll()
          .executeTakeFirst();
        if (row !== undefined) await logHandover(trx, 'handover-in', row);
        return row !== undefined;
      }),
    async hiddenBecause(alarms) {
      const found = new Map<string, HiddenReason>();
      await inChunks(alarms, async (some) => {
        const rows = await db
          .selectFrom('alarm_journal')
          .select(['alarm', 'reason', 'actor'])
          .where('alarm', 'in', [...some])
          .where('why', 'in', ['shelve', 'suppress', 'out-of-service', 'design-suppress'])
          .orderBy('sequence')
          .execute();
        for (const { alarm, reason, actor } of rows) found.set(alarm, { reason, actor });
      });
      return found;
    },
    async counts(from, to) {
      const journal = await db
        .selectFrom('alarm_journal')
        .select(['why', ({ fn }) => fn.countAll().as('count')])
        .where('server_at', '>=', from)
        .where('server_at', '<', to)
        .groupBy('why')
        .execute();
      const pages = await db
        .selectFrom('notification')
        .select(['state', ({ fn }) => fn.countAll().as('count')])
        .where('created_at', '>=', from)
        .where('created_at', '<', to)
        .where('kind', '=', 'page')
        .groupBy('state')
        .execute();
      const entries = new Map(journal.map(({ why, count }) => [why, Number(count)]));
      const messages = new Map(pages.map(({ state, count }) => [state, Number(count)]));
      return {
        raised: entries.get('raise') ?? 0,
        acknowledged: entries.get('acknowledge') ?? 0,
        shelved: entries.get('shelve') ?? 0,
        outOfService: entries.get('out-of-service') ?? 0,
        pagesSent: messages.get('sent') ?? 0,
        pagesFailed: messages.get('failed') ?? 0,
      };
    },
  };
}
