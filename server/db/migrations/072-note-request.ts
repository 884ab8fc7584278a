import type { Migration } from 'kysely';

/** A note that is sent again carries the same key, and is one note. */
export const noteRequest: Migration = {
  async up(db) {
    await db.schema.alterTable('incident_event').addColumn('request', 'text').execute();
    await db.schema
      .createIndex('incident_event_request')
      .on('incident_event')
      .columns(['incident', 'request'])
      .unique()
      .execute();
  },
};
