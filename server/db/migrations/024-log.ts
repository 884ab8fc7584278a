import { sql, type Kysely, type Migration } from 'kysely';
import { appendToLog, type Appending } from '../../audit/log.ts';
import { sources } from '../../audit/sources.ts';
import type { LogKind } from '../../audit/record.ts';
import type { Schema } from '../schema.ts';

/** The log that proves itself (`server/audit`), and who did what through the API. What was there before enters it once, here. */
export const log: Migration = {
  async up(db: Kysely<Schema>) {
    await db.schema
      .createTable('audit_entry')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('actor', 'text', (column) => column.notNull())
      .addColumn('role', 'text', (column) => column.notNull())
      .addColumn('address', 'text', (column) => column.notNull())
      .addColumn('method', 'text', (column) => column.notNull())
      .addColumn('path', 'text', (column) => column.notNull())
      .addColumn('status', 'integer', (column) => column.notNull())
      .addColumn('subject', 'text', (column) => column.notNull())
      .addColumn('input', 'text', (column) => column.notNull())
      .addColumn('problem', 'text')
      .execute();
    await db.schema.createIndex('audit_entry_actor').on('audit_entry').columns(['actor', 'id']).execute();
    await db.schema.createIndex('audit_entry_subject').on('audit_entry').columns(['subject', 'id']).execute();
    await db.schema
      .createTable('personal_erasure')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('actor', 'text', (column) => column.notNull())
      .addColumn('reason', 'text', (column) => column.notNull())
      .addColumn('fields', 'text', (column) => column.notNull())
      .execute();
    await db.schema.alterTable('ticket_event').addColumn('particulars', 'text').execute();

    await db.schema
      .createTable('log_entry')
      .addColumn('sequence', 'bigint', (column) => column.primaryKey())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('ref', 'text', (column) => column.notNull())
      .addColumn('leaf', 'text', (column) => column.notNull())
      .addUniqueConstraint('log_entry_ref', ['ref', 'kind'])
      .execute();
    await db.schema
      .createTable('log_node')
      .addColumn('level', 'integer', (column) => column.notNull())
      .addColumn('place', 'bigint', (column) => column.notNull())
      .addColumn('hash', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('log_node_key', ['level', 'place'])
      .execute();
    await db.schema
      .createTable('log_personal')
      .addColumn('sequence', 'bigint', (column) => column.notNull())
      .addColumn('field', 'text', (column) => column.notNull())
      .addColumn('salt', 'text')
      .addColumn('commitment', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('log_personal_key', ['sequence', 'field'])
      .execute();
    await db.schema
      .createTable('log_head')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('size', 'bigint', (column) => column.notNull())
      .addColumn('frontier', 'text', (column) => column.notNull())
      .addColumn('checkpoints', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema
      .createTable('log_checkpoint')
      .addColumn('number', 'bigint', (column) => column.primaryKey())
      .addColumn('size', 'bigint', (column) => column.notNull())
      .addColumn('root', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('note', 'text', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('log_checkpoint_size').on('log_checkpoint').column('size').execute();
    await db.schema
      .createTable('log_witness')
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('key', 'text', (column) => column.notNull())
      .addColumn('number', 'bigint', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('line', 'text', (column) => column.notNull())
      .execute();

    await db.insertInto('log_head').values({ id: 1, size: 0, frontier: '[]', checkpoints: 0 }).execute();
    for (const kind of [
      'access-event',
      'ticket-event',
      'handover-out',
      'handover-in',
      'identity-lookup',
    ] as const)
      await adopt(db, kind);
  },
};

const rowsAtOnce = 500;

async function adopt(db: Kysely<Schema>, kind: LogKind): Promise<void> {
  const source = sources[kind];
  const signed = new Map<string, ReturnType<typeof sql>>([
    ['handover-out', sql`and out_at is not null`],
    ['handover-in', sql`and in_at is not null`],
  ]).get(kind);
  for (let after = ''; ;) {
    const { rows } = await sql<{ id: string }>`
      select id from ${sql.table(source.table)} where id > ${after} ${signed ?? sql``} order by id limit ${rowsAtOnce}`.execute(
      db,
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    const ids = rows.map(({ id }) => id);
    const found = new Map((await source.load(db, ids)).map((row) => [row.ref, row]));
    const records = ids.flatMap((id): Appending[] => {
      const row = found.get(id);
      return row === undefined ? [] : [{ kind, row }];
    });
    await appendToLog(db, records);
    after = last.id;
  }
}
