import type { Kysely, Migration } from 'kysely';

/** Events of doors are looked for by room, door, card and person: columns beside the attributes, each with an index in the order of the list. */
export const accessEvents: Migration = {
  async up(db: Kysely<Tables>) {
    for (const column of ['room', 'part', 'card', 'person'])
      await db.schema.alterTable('field_event').addColumn(column, 'text').execute();
    await fillColumns(db);
    for (const [name, columns] of [
      ['kind', ['kind', 'at', 'id']],
      ['site_kind', ['site', 'kind', 'at', 'id']],
      ['room', ['site', 'room', 'at', 'id']],
      ['card', ['card', 'at', 'id']],
      ['person', ['person', 'at', 'id']],
    ] as const)
      await db.schema
        .createIndex(`field_event_${name}_at`)
        .on('field_event')
        .columns([...columns])
        .execute();
  },
};

interface Tables {
  field_event: {
    id: string;
    attributes: string;
    part: string | null;
    card: string | null;
    person: string | null;
  };
}

const rowsAtOnce = 1_000;

/** Of what was stored before; the room is left out, since nobody wrote down where the door was then. */
async function fillColumns(db: Kysely<Tables>): Promise<void> {
  for (let after = ''; ;) {
    const rows = await db
      .selectFrom('field_event')
      .select(['id', 'attributes'])
      .where('id', '>', after)
      .orderBy('id')
      .limit(rowsAtOnce)
      .execute();
    for (const { id, attributes } of rows) {
      const found: unknown = JSON.parse(attributes);
      const filled = {
        part: textAt(found, 'part'),
        card: textAt(found, 'card'),
        person: textAt(found, 'person'),
      };
      if (filled.part ?? filled.card ?? filled.person)
        await db.updateTable('field_event').set(filled).where('id', '=', id).execute();
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < rowsAtOnce) return;
    after = last.id;
  }
}

function textAt(attributes: unknown, name: string): string | null {
  if (typeof attributes !== 'object' || attributes === null || !Object.hasOwn(attributes, name)) return null;
  const value: unknown = Reflect.get(attributes, name);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}
