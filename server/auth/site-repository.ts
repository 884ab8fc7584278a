import type { Executor } from '../db/schema.ts';

/** Things that belong to one site and are asked for by id. */
export const placedKinds = ['ticket', 'ticket-series', 'plant-state', 'load-test', 'load-test-plan', 'load-test-deficiency', 'document', 'report'] as const; // prettier-ignore
export type PlacedKind = (typeof placedKinds)[number];

/** The site of a thing; undefined: there is no such thing. Empty of a report: it is about every site. */
export async function siteOfRecord(db: Executor, kind: PlacedKind, id: string): Promise<string | undefined> {
  return (await find(db, kind, id))?.site;
}

async function find(db: Executor, kind: PlacedKind, id: string): Promise<{ site: string } | undefined> {
  switch (kind) {
    case 'ticket':
      return db.selectFrom('ticket').select('site').where('id', '=', id).executeTakeFirst();
    case 'ticket-series':
      return db.selectFrom('ticket_series').select('site').where('id', '=', id).executeTakeFirst();
    case 'plant-state':
      return db.selectFrom('plant_state').select('site').where('id', '=', id).executeTakeFirst();
    case 'load-test':
      return db.selectFrom('load_test').select('site').where('id', '=', id).executeTakeFirst();
    case 'load-test-plan':
      return db.selectFrom('load_test_plan').select('site').where('id', '=', id).executeTakeFirst();
    case 'load-test-deficiency':
      return db.selectFrom('load_test_deficiency').select('site').where('id', '=', id).executeTakeFirst();
    case 'document':
      return db.selectFrom('compliance_document').select('site').where('id', '=', id).executeTakeFirst();
    case 'report':
      return db.selectFrom('report').select('site').where('id', '=', id).executeTakeFirst();
  }
}
