import { afterEach, beforeEach, expect, it } from 'vitest';
import { findingRepository, type FindingRow } from '../../../../server/access/judgement/repository.ts';
import { credentialRepository } from '../../../../server/access/credentials.ts';
import { ticketRepository, type TicketRecord } from '../../../../server/access/repository.ts';
import { openDatabase } from '../../../../server/db/database.ts';
import type { Database } from '../../../../server/db/schema.ts';
import type { CredentialTable, RevokedCardTable } from '../../../../server/db/schema/access.ts';
import { forEachDatabase } from '../../../support/databases.ts';

const now = Date.UTC(2026, 10, 23, 3);
const minute = 60_000;

const finding = (id: string, change: Partial<FindingRow> = {}): FindingRow => ({
  id, kind: 'no-ticket', clause: 'BAB IV.3.3', at: now, found_at: now, site: 'dc', room: 'hall-1', door: 'dc/door-hall-1/door-1',
  ticket: null, person: null, events: '["e"]', state: 'live', ended_at: null, ...change,
}); // prettier-ignore
const credential = (id: string, change: Partial<CredentialTable> = {}): CredentialTable => ({
  id, card: '7001', ticket: 't1', person: '0', given_at: now, given_by: 'ana', returned_at: null, returned_by: null, ...change,
}); // prettier-ignore
const ticket = (id: string): TicketRecord => ({
  id, service: 'ITSM.3.1.1', site: 'dc', unit: 'Biro TIK', pic: 'Ana', accompanied: 1, persons: '[]', activity: 'Perawatan PAC',
  from_at: now, to_at: now + 60 * minute, superior_email: 'atasan@example.go.id', created_at: now, created_by: 'ana', state: 'scheduled',
  escort: null, answered_at: null, fulfilled_at: null, closed_at: null, checked_in_at: null, entered_at: null, takes_out: '[]', suppresses: null, pic_email: null, fields: '{}', reference: null, reference_at: null, series: null, series_at: null, rooms: [],
}); // prettier-ignore
const revocation = (id: string, change: Partial<RevokedCardTable> = {}): RevokedCardTable => ({
  id,
  card: '7001',
  reason: 'hilang',
  at: now,
  actor: 'ana',
  ended_at: null,
  ended_by: null,
  ...change,
});

forEachDatabase('findings and cards', (database) => {
  let db: Database;
  beforeEach(async () => {
    db = await openDatabase(database.where());
  });
  afterEach(() => db.destroy());

  it('a finding that is found again stays as it is', async () => {
    const findings = findingRepository(db);
    await findings.add([finding('a')]);
    await findings.add([finding('a', { state: 'recorded', clause: 'another' }), finding('b')]);
    const rows = await findings.list({ limit: 10 });
    expect(rows.toSorted((a, b) => a.id.localeCompare(b.id))).toEqual([finding('a'), finding('b')]);
    await findings.add([]);
  });

  it('only what is live ends', async () => {
    const findings = findingRepository(db);
    await findings.add([finding('a'), finding('b', { state: 'recorded' })]);
    await findings.end(['a', 'b'], now + minute);
    await findings.end(['a'], now + 2 * minute);
    const ended = new Map((await findings.list({ limit: 10 })).map((row) => [row.id, row]));
    expect(ended.get('a')).toMatchObject({ state: 'ended', ended_at: now + minute });
    expect(ended.get('b')).toMatchObject({ state: 'recorded', ended_at: null });
  });

  it('findings are listed newest first, filtered, and paged without a gap where times are equal', async () => {
    const findings = findingRepository(db);
    await findings.add([
      finding('a', { at: now - minute, site: 'drc' }),
      finding('b'),
      finding('c'),
      finding('d', { kind: 'duress', ticket: 't1' }),
    ]);
    const ids = async (filter: object): Promise<string[]> =>
      (await findings.list({ limit: 10, ...filter })).map(({ id }) => id);
    expect(await ids({})).toEqual(['d', 'c', 'b', 'a']);
    expect(await ids({ limit: 2 })).toEqual(['d', 'c']);
    expect(await ids({ after: [now, 'c'] })).toEqual(['b', 'a']);
    expect(await ids({ site: 'drc' })).toEqual(['a']);
    expect(await ids({ kind: 'duress', ticket: 't1', state: 'live' })).toEqual(['d']);
    expect(await ids({ from: now })).toEqual(['d', 'c', 'b']);
    expect(await ids({ to: now })).toEqual(['a']);
  });

  it('after a restart, what is live or recent is known', async () => {
    const findings = findingRepository(db);
    await findings.add([
      finding('old-live', { at: now - 60 * minute }),
      finding('old', { at: now - 60 * minute, state: 'ended', ended_at: now }),
      finding('recent', { state: 'recorded' }),
    ]);
    expect((await findings.since(now)).map(({ id }) => id).sort()).toEqual(['old-live', 'recent']);
  });

  // prettier-ignore
  it('the cards of a ticket are taken back once, with who did it', async () => {
    const cards = credentialRepository(db);
    await ticketRepository(db).add(['t1', 't2'].map((id) => ({ ticket: ticket(id), event: { id: `e-${id}`, ticket: id, at: now, action: 'submit', actor: 'ana', note: null } })));
    await db.transaction().execute((tx) =>
      cards.give([credential('1'), credential('2', { card: '7002', person: 'pic' }), credential('3', { card: '7003', ticket: 't2' })], tx),
    );
    await cards.give([], db);
    await cards.takeBack('t1', { at: now + minute, actor: 'budi' }, db);
    await cards.takeBack('t1', { at: now + 2 * minute, actor: 'citra' }, db);
    expect(await cards.ofTicket('t1')).toEqual([
      credential('1', { returned_at: now + minute, returned_by: 'budi' }),
      credential('2', { card: '7002', person: 'pic', returned_at: now + minute, returned_by: 'budi' }),
    ]);
    expect((await cards.since(now)).map(({ id }) => id)).toEqual(['1', '2', '3']);
    expect((await cards.since(now + 2 * minute)).map(({ id }) => id)).toEqual(['3']);
  });

  it('a revocation ends once; those in force and those that ended since are known', async () => {
    const cards = credentialRepository(db);
    await cards.revoke(revocation('1'));
    await cards.revoke(revocation('2', { card: '7002' }));
    const by = { at: now + minute, actor: 'budi' };
    expect(await cards.endRevocation('1', by)).toEqual(
      revocation('1', { ended_at: now + minute, ended_by: 'budi' }),
    );
    expect(await cards.endRevocation('1', by)).toBeUndefined();
    expect(await cards.endRevocation('nothing', by)).toBeUndefined();
    expect((await cards.revokedSince(now + 2 * minute)).map(({ id }) => id)).toEqual(['2']);
    expect((await cards.revokedSince(now)).map(({ id }) => id).sort()).toEqual(['1', '2']);
    expect((await cards.revocations({ limit: 1 })).map(({ id }) => id)).toEqual(['2']);
    expect((await cards.revocations({ before: '2', limit: 5 })).map(({ id }) => id)).toEqual(['1']);
  });
});
