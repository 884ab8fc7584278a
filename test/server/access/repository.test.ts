import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  ticketRepository,
  type TicketRecord,
  type TicketRepository,
} from '../../../server/access/repository.ts';
import { openDatabase } from '../../../server/db/database.ts';
import { ConstraintViolation } from '../../../server/db/errors.ts';
import type { Database } from '../../../server/db/schema.ts';
import { forEachDatabase } from '../../support/databases.ts';

const hour = 3_600_000;
const now = Date.UTC(2026, 10, 23, 3);

function ticket(id: string, change: Partial<TicketRecord> = {}): TicketRecord {
  return {
    id, service: 'ITSM.3.1.1', site: 'dc', unit: 'Biro Umum', pic: 'Ana', accompanied: 1, persons: '[]', activity: 'Pemeliharaan "PAC" 100 %',
    from_at: now, to_at: now + hour, superior_email: 'atasan@example.go.id', created_at: now - hour, created_by: 'ana', state: 'submitted',
    escort: null, answered_at: null, fulfilled_at: null, closed_at: null, checked_in_at: null, entered_at: null, takes_out: '[]', suppresses: null, pic_email: null, fields: '{}', reference: null, reference_at: null, series: null, series_at: null, rooms: [], ...change,
  }; // prettier-ignore
}

forEachDatabase('tickets', (database) => {
  let db: Database;
  let tickets: TicketRepository;
  beforeEach(async () => {
    db = await openDatabase(database.where());
    tickets = ticketRepository(db);
  });
  afterEach(() => db.destroy());
  const add = (given: TicketRecord): Promise<void> =>
    tickets.add([
      {
        ticket: given,
        event: { id: `e-${given.id}`, ticket: given.id, at: now, action: 'submit', actor: 'ana', note: null },
      },
    ]);

  it('come back as they were put, rooms sorted and once each', async () => {
    await add(ticket('a', { rooms: ['hall-2', 'hall-1', 'hall-2'] }));
    expect(await tickets.find('a')).toEqual(ticket('a', { rooms: ['hall-1', 'hall-2'] }));
    expect(await tickets.find('b')).toBeUndefined();
  });

  it('are there once: the same id again is refused, and nothing of it stays', async () => {
    await add(ticket('a'));
    await expect(add(ticket('a', { rooms: ['hall-1'] }))).rejects.toThrow(ConstraintViolation);
    expect(await tickets.find('a')).toEqual(ticket('a'));
  });

  it('are listed by window, the latest first, page by page', async () => {
    await add(ticket('past', { from_at: now - 2 * hour, to_at: now }));
    await add(ticket('open-a'));
    await add(ticket('open-b'));
    await add(ticket('next', { from_at: now + hour, to_at: now + 2 * hour }));
    await add(ticket('elsewhere', { site: 'drc' }));
    const ids = async (filter: Partial<Parameters<TicketRepository['list']>[0]>): Promise<string[]> =>
      (await tickets.list({ limit: 10, now, site: 'dc', ...filter })).map(({ id }) => id);
    expect(await ids({})).toEqual(['next', 'open-b', 'open-a', 'past']);
    expect(await ids({ limit: 2 })).toEqual(['next', 'open-b']);
    expect(await ids({ site: ['drc', 'smart-dc'] })).toEqual(['elsewhere']);
    expect(await ids({ after: [now, 'open-b'] })).toEqual(['open-a', 'past']);
    expect(await ids({ window: 'upcoming' })).toEqual(['next']);
    expect(await ids({ window: 'open' })).toEqual(['open-b', 'open-a']);
    expect(await ids({ window: 'past' })).toEqual(['past']);
  });

  it('change together with what was done, once for each state they were in', async () => {
    await add(ticket('a'));
    const event = { id: 'f', ticket: 'a', at: now, action: 'approve', actor: 'eko', note: null } as const;
    const what = { change: { state: 'approved', answered_at: now }, event } as const;
    expect(await tickets.change('a', 'submitted', what)).toBe(true);
    // Somebody else was quicker.
    expect(await tickets.change('a', 'submitted', { ...what, event: { ...event, id: 'g' } })).toBe(false);
    expect(await tickets.find('a')).toEqual(ticket('a', { state: 'approved', answered_at: now }));
    expect((await tickets.events('a')).map(({ action }) => action)).toEqual(['submit', 'approve']);
  });

  it("that were rejected or cancelled are nobody's visit", async () => {
    await add(ticket('no', { state: 'rejected' }));
    await add(ticket('off', { state: 'cancelled' }));
    expect(await tickets.touching({ site: 'dc', rooms: [], from: now, to: now + hour })).toEqual([]);
    expect(await tickets.list({ window: 'open', limit: 10, now })).toEqual([]);
    expect(await tickets.list({ state: 'rejected', limit: 10, now })).toHaveLength(1);
  });

  it('touch a place and a time when they overlap, whole-site tickets every room', async () => {
    await add(ticket('hall-1', { rooms: ['hall-1'] }));
    await add(ticket('hall-2', { rooms: ['hall-2'] }));
    await add(ticket('site', { from_at: now - hour, to_at: now + 1 }));
    await add(ticket('over', { from_at: now - hour, to_at: now }));
    const touching = await tickets.touching({ site: 'dc', rooms: ['hall-1'], from: now, to: now + hour });
    expect(touching.map(({ id }) => id)).toEqual(['site', 'hall-1']);
  });
});
