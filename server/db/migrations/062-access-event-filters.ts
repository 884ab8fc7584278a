import type { Migration } from 'kysely';

/**
 * The log of a door or room is filtered by kind and part as well. With these columns behind the order of the list the filter is answered by
 * the index alone: looking up every row of a busy room took longer than a page may.
 */
export const accessEventFilters: Migration = {
  async up({ schema }) {
    for (const [name, columns] of [
      ['device', ['site', 'device', 'at', 'id', 'part', 'kind', 'room']],
      ['room', ['site', 'room', 'at', 'id', 'kind', 'part']],
    ] as const) {
      await schema.dropIndex(`field_event_${name}_at`).execute();
      await schema
        .createIndex(`field_event_${name}_at`)
        .on('field_event')
        .columns([...columns])
        .execute();
    }
  },
};
