import { afterEach, beforeEach, expect, it } from 'vitest';
import { follow } from '../../../server/access/controllers/numbering.ts';
import { controllerRepository } from '../../../server/access/controllers/repository.ts';
import { createIdentityLookups } from '../../../server/access/identities.ts';
import { mailRepository } from '../../../server/access/mail-repository.ts';
import { ticketRepository, type NewTicket, type TicketRecord } from '../../../server/access/repository.ts';
import { seriesRepository } from '../../../server/access/series-repository.ts';
import { createAuditTrail } from '../../../server/audit/trail.ts';
import { openDatabase } from '../../../server/db/database.ts';
import { randomBytes } from 'node:crypto';
import type { Database } from '../../../server/db/schema.ts';
import type { TicketMailTable, TicketSeriesTable } from '../../../server/db/schema/tickets.ts';
import { forEachDatabase } from '../../support/databases.ts';
import { capturedLog } from '../support/http.ts';

const hour = 3_600_000;
const now = Date.UTC(2026, 10, 23, 3);

function ticket(id: string, series: string | null = null): NewTicket {
  const record: TicketRecord = {
    id, service: 'ITSM.3.1.1', site: 'dc', unit: 'Biro Umum', pic: 'Ana', accompanied: 1, persons: '[]', activity: 'Perawatan PAC',
    from_at: now, to_at: now + hour, superior_email: 'atasan@example.go.id', created_at: now, created_by: 'ana', state: 'submitted',
    escort: null, answered_at: null, fulfilled_at: null, closed_at: null, checked_in_at: null, entered_at: null, takes_out: '[]',
    suppresses: null, pic_email: null, fields: '{}', reference: null, reference_at: null, series, series_at: series === null ? null : now, rooms: [],
  }; // prettier-ignore
  return {
    ticket: record,
    event: { id: `e-${id}`, ticket: id, at: now, action: 'submit', actor: 'ana', note: null },
  };
}

function series(id: string, change: Partial<TicketSeriesTable> = {}): TicketSeriesTable {
  return {
    id, site: 'dc', template: '{}', repetition: '{"every":"week"}', first_at: now, duration_ms: hour, made_until: now,
    created_at: now, created_by: 'ana', ended_at: null, ended_by: null, ...change,
  }; // prettier-ignore
}

function mail(id: string, change: Partial<TicketMailTable> = {}): TicketMailTable {
  return {
    id, ticket: 't', event: 'e-t', recipient: 'ana@example.go.id', cc: null, created_at: now, next_at: now, state: 'waiting', attempts: 0,
    sent_at: null, answer: null, message: null, thread: null, version: 1, ...change,
  }; // prettier-ignore
}

forEachDatabase('beside tickets and events', (database) => {
  let db: Database;
  beforeEach(async () => {
    db = await openDatabase(database.where());
  });
  afterEach(() => db.destroy());

  it('how far a controller has numbered is there once for each, as last saved, or not at all', async () => {
    const controllers = controllerRepository(db);
    const { numbering } = follow(undefined, { number: 7, at: now, now });
    const { numbering: later } = follow(numbering, { number: 12, at: now + 1_000, now });
    const door = { source: 'dc/door', controller: '405419896' };
    const gate = { source: 'dc/door', controller: '' };
    await db.transaction().execute(async (trx) => {
      await controllers.save([{ ...door, numbering }, { ...gate, numbering }], trx); // prettier-ignore
      await controllers.save([{ ...door, numbering: later }], trx);
    });
    const undone = db.transaction().execute(async (trx) => {
      await controllers.save([{ ...gate, numbering: later }], trx);
      throw new Error('the events could not be stored');
    });
    await expect(undone).rejects.toThrow('could not be stored');
    const all = (await controllers.all()).toSorted((a, b) => (a.controller < b.controller ? -1 : 1));
    expect(all).toEqual([
      { ...gate, numbering },
      { ...door, numbering: later },
    ]);
  });

  it('visits of a series are made once, and none after it has ended', async () => {
    const all = seriesRepository(db);
    await all.add(series('s'));
    expect(await all.makeVisits(series('s'), now + hour, [ticket('a', 's')])).toBe(true);
    // Somebody who has read the series before that makes none again.
    expect(await all.makeVisits(series('s'), now + hour, [ticket('b', 's')])).toBe(false);
    expect(await all.end('s', { at: now + 5, user: 'ana' })).toBe(true);
    expect(await all.end('s', { at: now + 6, user: 'budi' })).toBe(false);
    const ended = await all.find('s');
    expect(ended).toEqual(series('s', { made_until: now + hour, ended_at: now + 5, ended_by: 'ana' }));
    expect(await all.makeVisits(series('s', { made_until: now + hour }), now + 2 * hour, [])).toBe(false);
    expect((await ticketRepository(db).list({ series: 's', limit: 9, now })).map(({ id }) => id)).toEqual([
      'a',
    ]);
  });

  it('series are listed newest first, by site, while they run, page by page', async () => {
    const all = seriesRepository(db);
    for (const each of [
      series('a'),
      series('b', { site: 'drc' }),
      series('c'),
      series('d', { ended_at: now }),
    ])
      await all.add(each);
    const ids = async (filter: object) =>
      (await all.list({ running: false, limit: 9, ...filter })).map(({ id }) => id).join('');
    expect(await ids({})).toBe('dcba');
    expect(await ids({ site: 'dc', running: true })).toBe('ca');
    expect(await ids({ site: ['drc', 'smart-dc'] })).toBe('b');
    expect(await ids({ limit: 2, before: 'd' })).toBe('cb');
  });

  it('a mail becomes what its newest version says, and waits until then', async () => {
    const mails = mailRepository(db);
    await ticketRepository(db).add([{ ...ticket('t'), mail: mail('m1') }]);
    await mails.save([mail('m1', { version: 3, attempts: 1, answer: '451 not now', next_at: now + hour })]);
    await mails.save([mail('m1', { version: 2, state: 'sent' })]);
    const waiting = await mails.waiting();
    expect(waiting).toMatchObject([{ mail: { id: 'm1', version: 3, attempts: 1 }, ticket: { id: 't' }, event: { id: 'e-t' } }]); // prettier-ignore
    await mails.save([mail('m1', { version: 4, state: 'sent', sent_at: now })]);
    expect(await mails.waiting()).toEqual([]);
    expect(await mails.of('t')).toMatchObject([{ id: 'm1', state: 'sent', sent_at: now }]);
  });

  it('who read identities is listed newest first, by ticket, page by page', async () => {
    const clock = { time: now, now: () => clock.time };
    const lookups = createIdentityLookups({ db, clock, randomBytes });
    await lookups.record({ tickets: ['a', 'b'], user: 'ana', reason: "Jum'at" });
    clock.time += 1;
    await lookups.record({ tickets: ['a'], user: 'budi', reason: '“قائمة” 🙂' });
    const [newest, older] = await lookups.list({ ticket: 'a', limit: 9 });
    expect([newest, older]).toMatchObject([{ user_name: 'budi', reason: '“قائمة” 🙂', at: now + 1 }, { user_name: 'ana' }]); // prettier-ignore
    expect(await lookups.list({ before: newest?.id, limit: 9 })).toHaveLength(2);
  });

  it('commands are found by who, on what, where, when and outcome, newest first', async () => {
    const clock = { time: now, now: () => clock.time };
    const trail = createAuditTrail({ db, clock, randomBytes, log: capturedLog().log });
    const command = {
      actor: 'ana', role: 'manager', address: '127.0.0.1', method: 'POST', path: '/tickets/:id/approve', status: 200, params: { id: 't' },
      body: { escort: 'Rudi' }, problem: null,
    }; // prettier-ignore
    await trail.record(command);
    clock.time += 1_000;
    await trail.record({
      ...command,
      actor: 'budi',
      path: '/tickets',
      status: 403,
      params: {},
      problem: 'no',
    });
    const found = async (filter: object) =>
      (await trail.list({ limit: 9, ...filter })).map(({ actor }) => actor).join(' ');
    expect(await found({})).toBe('budi ana');
    expect(await found({ actor: 'ana' })).toBe('ana');
    expect(await found({ subject: 't' })).toBe('ana');
    expect(await found({ path: '/tickets/' })).toBe('ana');
    expect(await found({ path: '/tickets' })).toBe('budi ana');
    expect(await found({ outcome: 'refused' })).toBe('budi');
    expect(await found({ outcome: 'done', from: now, to: now + 1 })).toBe('ana');
    expect(await found({ from: now + 1_000 })).toBe('budi');
    const [newest] = await trail.list({ limit: 1 });
    expect(await found({ before: newest?.id })).toBe('ana');
  });
});
