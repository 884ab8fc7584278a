import { afterEach, beforeEach, expect, it } from 'vitest';
import { createHash } from 'node:crypto';
import { createIdentityLookups } from '../../../../server/access/identities.ts';
import { createPersons, type PersonService } from '../../../../server/access/persons/service.ts';
import { verifyLog, type Verification } from '../../../../server/audit/verify.ts';
import { openDatabase } from '../../../../server/db/database.ts';
import type { Database } from '../../../../server/db/schema.ts';
import { forEachDatabase } from '../../../support/databases.ts';
import { systemClock } from '../../../../core/clock.ts';
import { expiredEvents } from '../../../../server/access/persons/expired.ts';
import { createRetention } from '../../../../server/access/persons/retention.ts';
import { openLog } from '../../../../server/audit/service.ts';
import { createAuditTrail } from '../../../../server/audit/trail.ts';
import { sortableId } from '../../../../server/db/id.ts';
import { capturedLog } from '../../support/http.ts';
import { fillLog, serverSigner, type FilledLog } from '../../../tamper/filled-log.ts';

const identity = '3171234567890123';
const by = { actor: 'eko', reason: 'Permintaan subjek data' };

forEachDatabase('erasing a person', (database) => {
  let db: Database;
  let filled: FilledLog;
  let persons: PersonService;
  let told: readonly string[] = [];
  beforeEach(async () => {
    db = await openDatabase(database.where());
    filled = await fillLog(db);
    let drawn = 0;
    const randomBytes = (length: number): Uint8Array => createHash('sha256').update(`e${(drawn += 1)}`).digest().subarray(0, length); // prettier-ignore
    const clock = { now: () => Date.UTC(2026, 11, 1) };
    const lookups = createIdentityLookups({ db, clock, randomBytes });
    const onErased = (tickets: readonly string[]): Promise<void> => {
      told = tickets;
      return Promise.resolve();
    };
    persons = createPersons({ db, clock, randomBytes, lookups, onErased });
  });
  afterEach(async () => {
    await filled.service.close();
    await db.destroy();
  });
  const verified = (): Promise<Verification> =>
    verifyLog(db, { witnesses: [filled.witness], publicKey: filled.publicKey });
  const finish = () => db.updateTable('ticket').set({ state: 'closed' }).execute();
  const dump = async (): Promise<string> =>
    JSON.stringify([
      await db.selectFrom('ticket').selectAll().execute(),
      await db.selectFrom('ticket_event').selectAll().execute(),
      await db.selectFrom('field_event').selectAll().execute(),
      await db.selectFrom('credential').selectAll().execute(),
    ]);

  it('takes name and number out of tickets and events, and every proof still holds', async () => {
    // Closed as a step of the log would, so that what is verified later differs by the erasure alone.
    await db.deleteFrom('credential').execute();
    await finish();
    const before = await verified();
    const erased = await persons.erase({ identity: '3171 2345.6789-0123' }, by);
    expect(erased).toMatchObject({ tickets: 3, actor: 'eko', reason: by.reason });
    expect(erased?.events).toBeGreaterThan(20);
    expect(erased?.values).toBeGreaterThan(2 * (erased?.events ?? 0));
    const left = await dump();
    expect(left).not.toContain(identity);
    expect(left).not.toContain('Budi Santoso');
    expect(left).toContain('Ana Wijaya');
    expect(told).toEqual(['t1', 't2', 't3']);
    // The tickets were closed past the log: found before, and covered by the step of the erasure now.
    expect(before.problems).toBe(3);
    const after = await verified();
    expect(after.findings).toEqual([]);
    expect(after).toMatchObject({ problems: 0, erased: erased?.values });
    expect(await persons.erase({ identity }, by)).toBeUndefined();
  });

  it('leaves the others of a ticket theirs, provably', async () => {
    const others = [
      { name: 'Budi Santoso', identity, party: 'third-party' },
      { name: 'Citra Lestari', identity: '3275999988887777', party: 'third-party' },
    ];
    await db
      .updateTable('ticket')
      .set({ state: 'closed', persons: JSON.stringify(others) })
      .execute();
    await persons.erase({ identity }, by);
    expect((await verified()).findings).toEqual([]);
    expect(await dump()).toContain('3275999988887777');
    await db
      .updateTable('ticket')
      .set({ persons: JSON.stringify(others.slice(1)) })
      .where('id', '=', 't1')
      .execute();
    expect((await verified()).findings).toMatchObject([
      { what: 'edited', message: expect.stringContaining('ticket.persons is not what was logged') },
    ]);
  });

  it('is told from an edit: a value without salt that no record names is one', async () => {
    await finish();
    await persons.erase({ identity }, by);
    await db.updateTable('personal_erasure').set({ fields: '[]' }).execute();
    const { findings } = await verified();
    expect(findings.some(({ message }) => message.includes('erased without a record'))).toBe(true);
    expect(findings.some(({ message }) => message.includes('personal_erasure'))).toBe(true);
  });

  it('finds a value that is put back after it was erased', async () => {
    await finish();
    const event = await db.selectFrom('field_event').selectAll().where('id', '=', 'dc/door-a/4').executeTakeFirstOrThrow(); // prettier-ignore
    await persons.erase({ identity }, by);
    await db.updateTable('field_event').set(event).where('id', '=', event.id).execute();
    expect((await verified()).findings).toMatchObject([
      { what: 'edited', message: expect.stringContaining('put back after it was erased') },
    ]);
  });

  it('is refused while a ticket is open, and changes nothing', async () => {
    const before = await dump();
    await expect(persons.erase({ identity }, by)).rejects.toThrow('ticket t1 (scheduled), t2 (scheduled)');
    expect(await dump()).toBe(before);
    expect(await db.selectFrom('personal_erasure').selectAll().execute()).toEqual([]);
  });

  it('finds a PIC by address, and the superior alone leaves the others', async () => {
    await finish();
    const erased = await persons.erase({ email: 'Kabag@Example.go.id' }, by);
    expect(erased).toMatchObject({ tickets: 3, events: 0 });
    const left = await dump();
    expect(left).not.toContain('kabag@');
    expect(left).toContain(identity);
    expect((await verified()).findings).toEqual([]);
  });

  it('is exported whole, and the export is a look-up of each ticket', async () => {
    const held = await persons.export({ identity }, { actor: 'eko', reason: 'Salinan' });
    expect(held?.tickets).toMatchObject([
      { id: 't1', roles: ['person'], names: ['Budi Santoso'], identities: [identity], superiorEmail: null },
      { id: 't2' },
      { id: 't3' },
    ]);
    expect(held?.events.every(({ person }) => person === 'Budi Santoso')).toBe(true);
    expect(held?.lookups).toMatchObject([{ ticket: 't1', user: 'eko', reason: 'Pemeriksaan' }]);
    const lookups = await db.selectFrom('identity_lookup').selectAll().where('reason', '=', 'Salinan').execute(); // prettier-ignore
    expect(lookups.map(({ ticket }) => ticket).toSorted()).toEqual(['t1', 't2', 't3']);
    expect((await verified()).findings).toEqual([]);
    expect(await persons.export({ identity: '0000' }, by)).toBeUndefined();
  });

  it('is not due for an event of today that a wrong clock dates in 1970', async () => {
    const old = await expiredEvents(db, { cut: Date.UTC(2030, 0, 1), after: [0, ''], limit: 1_000 });
    await db
      .updateTable('field_event')
      .set({ at: 1_000, received_at: Date.UTC(2030, 0, 1) })
      .execute();
    const now = await expiredEvents(db, { cut: Date.UTC(2030, 0, 1), after: [0, ''], limit: 1_000 });
    expect([old.held.events.length > 0, now.held.events]).toEqual([true, []]);
  });

  it('happens by itself once the period is over by what is stored, and the log still proves everything', async () => {
    // Eight days of checkpoints behind the filled one: the clock alone is not believed.
    let now = Date.UTC(2026, 11, 1);
    let elapsed = 0;
    const { log } = capturedLog();
    const clock = { ...systemClock, now: () => now, monotonic: () => elapsed };
    let drawn = 0;
    const randomBytes = (length: number): Uint8Array => createHash('sha256').update(`r${(drawn += 1)}`).digest().subarray(0, length);
    const signing = await openLog({ db, clock, log, signer: serverSigner('server') });
    const trail = createAuditTrail({ db, clock, randomBytes, log });
    await db.deleteFrom('credential').execute();
    await finish();
    const day = 86_400_000;
    const retention = createRetention({ db, privacy: { tickets: 31 * day, events: 31 * day, source: 'Keputusan uji 1/2026' }, clock, newId: (at) => sortableId(at, randomBytes), onErased: () => Promise.resolve(), log });
    const look = async (): Promise<void> => {
      elapsed += 7 * 3_600_000;
      retention.tick();
      await retention.settled();
    };
    // A clock that jumps ahead by years erases nothing.
    now += 3_650 * day;
    await look();
    expect(retention.view().last).toMatchObject({ ticketsBefore: null, values: 0 });
    expect(await dump()).toContain(identity);
    now = Date.UTC(2027, 0, 20);
    for (let count = 0; count < 8; count += 1) {
      now += day;
      await trail.record({ actor: 'eko', role: 'manager', address: '', method: 'POST', path: '/x', params: {}, body: null, status: 200, problem: null });
      await signing.checkpointNow();
    }
    await look();
    expect(retention.problem()).toBeUndefined();
    expect(retention.view().last).toMatchObject({ tickets: 3 });
    const left = await dump();
    for (const personal of [identity, 'Budi Santoso', 'Ana Wijaya']) expect(left).not.toContain(personal);
    const records = await db.selectFrom('personal_erasure').selectAll().execute();
    expect(records.every(({ reason }) => reason.includes('31 days: Keputusan uji 1/2026'))).toBe(true);
    expect((await verifyLog(db, { publicKey: filled.publicKey })).findings).toEqual([]);
    // Nothing is left to erase: no further record.
    await look();
    expect(await db.selectFrom('personal_erasure').selectAll().execute()).toHaveLength(records.length);
    await retention.close();
    await signing.close();
  }); // prettier-ignore
});
