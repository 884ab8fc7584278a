import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FieldEvent } from '../../../core/field-event.ts';
import { fieldEventRepository, type FieldEventRepository } from '../../../server/access/field-events.ts';
import { openDatabase } from '../../../server/db/database.ts';
import type { Database } from '../../../server/db/schema.ts';
import { forEachDatabase } from '../../support/databases.ts';

const event = (number: number, more: Partial<FieldEvent> = {}): FieldEvent => ({
  id: `dc/door#${number}`,
  source: 'dc/door',
  at: 1_000 * number,
  kind: 'access-granted',
  attributes: { card: number, name: 'Siti \u0000 “x”', none: null },
  ...more,
});

forEachDatabase('field events', (place) => {
  let db: Database;
  let events: FieldEventRepository;
  beforeEach(async () => {
    db = await openDatabase(place.where());
    events = fieldEventRepository(db);
  });
  afterEach(() => db.destroy());

  test('are stored once each, however often and in whatever company they come', async () => {
    expect(await events.add([event(1), event(2), event(1)], 5)).toEqual([event(1), event(2)]);
    expect(await events.add([event(2), event(3)], 6)).toEqual([event(3)]);
    expect(await events.add([], 6)).toEqual([]);
    expect((await events.list({ limit: 9 })).map(({ id }) => id)).toEqual([
      'dc/door#3',
      'dc/door#2',
      'dc/door#1',
    ]);
  });

  test('come back as they were, with their time of arrival', async () => {
    await events.add([event(1)], 77);
    const [row] = await events.list({ limit: 1 });
    expect(row).toMatchObject({ site: 'dc', device: 'door', at: 1_000, received_at: 77 });
    expect(JSON.parse(row?.attributes ?? '')).toEqual(event(1).attributes);
  });

  test('of many at once are all stored', async () => {
    const many = Array.from({ length: 1_201 }, (_, number) => event(number));
    expect(await events.add(many, 1)).toHaveLength(1_201);
    expect(await events.add(many, 1)).toHaveLength(0);
  });

  test('are listed newest first, by place, kind and time, page by page', async () => {
    await events.add([
      event(1), event(2, { kind: 'door-held' }), event(3), event(4, { at: 3_000 }),
      event(5, { id: 'drc/door#5', source: 'drc/door' }), event(6, { id: 'dc/gate#6', source: 'dc/gate' }),
    ], 1); // prettier-ignore
    const ids = async (filter: object) =>
      (await events.list({ limit: 99, ...filter })).map(({ id }) => id.split('#')[1]).join('');
    expect(await ids({})).toBe('654321');
    expect(await ids({ site: 'dc' })).toBe('64321');
    expect(await ids({ site: 'dc', device: 'gate' })).toBe('6');
    expect(await ids({ site: ['drc', 'smart-dc'] })).toBe('5');
    expect(await ids({ site: ['dc', 'smart-dc'], kind: 'door-held' })).toBe('2');
    expect(await ids({ site: ['dc'] })).toBe('64321');
    expect(await ids({ kind: 'door-held' })).toBe('2');
    expect(await ids({ from: 2_000, to: 5_000 })).toBe('432');
    expect(await ids({ limit: 2 })).toBe('65');
    expect(await ids({ limit: 2, after: [5_000, 'drc/door#5'] })).toBe('43');
    expect(await ids({ after: [3_000, 'dc/door#4'] })).toBe('321');
  });
});
