import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../../../server/db/database.ts';
import { sortableId } from '../../../server/db/id.ts';
import type { Database } from '../../../server/db/schema.ts';
import { handoverRepository } from '../../../server/people/handover-repository.ts';
import { handoverSummaryView } from '../../../server/people/handover-view.ts';
import { openHandovers, type HandoverService } from '../../../server/people/handover.ts';
import type { IncidentFacts } from '../../../server/people/handover-content.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';
import { forEachDatabase } from '../../support/databases.ts';
import { hour, monday, peopleOf, small } from './people.ts';

const minute = 60_000;
/** 07:00 and 19:00 WIB on Monday: the shift of Budi and Dewi, then that of Andi and Citra. */
const [begins, ends] = [monday - 3 * hour, monday + 9 * hour];

const opened = (id: string, at: number, returned: number | null): IncidentFacts =>
  ({ id, site: 'dc', title_id: `Gangguan ${id}`, title_en: `Incident ${id}`, priority: 'P2', opened_at: at, returned_at: returned, acknowledged_by: null }); // prettier-ignore

function there<Item>(item: Item | undefined): Item {
  if (item === undefined) throw new Error('there is no handover');
  return item;
}

forEachDatabase('handovers', (database) => {
  let db: Database;
  let clock: FakeClock;
  let handovers: HandoverService;
  let incidents: IncidentFacts[] = [];

  async function start(): Promise<void> {
    handovers = openHandovers({
      people: peopleOf(small),
      repository: handoverRepository(db),
      sources: {
        model: { sites: [] },
        incidents: { list: () => Promise.resolve([]), incidentsTouching: () => Promise.resolve([incidents]) },
        alarms: { list: () => [] },
        access: { list: () => Promise.resolve([]) },
        plantStates: { current: () => [] },
      },
      newId: (at) => sortableId(at, randomBytes),
      clock,
      log: pino({ level: 'silent' }),
    });
    await handovers.get('current');
  }
  beforeEach(async () => {
    db = await openDatabase(database.where());
    clock = createFakeClock(monday);
    incidents = [];
    await start();
  });
  afterEach(async () => {
    await handovers.close();
    await db.destroy();
  });
  const current = async () => there(await handovers.get('current'));
  /** Asking for the current one opens those that are due. */
  const list = async () => {
    await handovers.get('current');
    return handovers.list({ limit: 10 });
  };
  const states = async () =>
    (await list()).map((each) => {
      const { shift, state, late } = handoverSummaryView(each, { now: clock.now(), nameOf: (name) => name });
      return `${shift} ${state}${late ? ' late' : ''}`;
    });

  it('are signed by the outgoing and then the incoming shift, and fixed from then on', async () => {
    const { row, next } = await current();
    expect([row.from_at, row.to_at, next?.members]).toEqual([begins, ends, ['andi', 'citra']]);
    await handovers.note(row.id, 'UPS-A1 dicek ulang pukul 20');
    await expect(handovers.signOut(row.id, { person: undefined, user: 'budi' })).rejects.toThrow('the shift is not over');
    await clock.advance(9 * hour - 20 * minute);
    incidents = [opened('1', begins + hour, null)];
    await expect(handovers.signIn(row.id, { person: undefined, user: 'andi', remark: null })).rejects.toThrow('has not signed yet');
    await handovers.signOut(row.id, { person: undefined, user: 'budi' });
    incidents = [];
    await expect(handovers.note(row.id, 'lain')).rejects.toThrow('the note is fixed');
    await expect(handovers.signOut(row.id, { person: undefined, user: 'dewi' })).rejects.toThrow('has signed already');
    await expect(handovers.signIn(row.id, { person: 'budi', user: 'operator', remark: null })).rejects.toThrow('cannot take over too');
    await handovers.signIn(row.id, { person: undefined, user: 'citra.l', remark: 'diterima' });
    const signed = await handovers.get(row.id);
    expect(signed?.row).toMatchObject({ note: 'UPS-A1 dicek ulang pukul 20', out_person: 'budi', in_person: 'citra', in_remark: 'diterima' });
    expect(signed?.content.opened).toMatchObject({ total: 1, items: [{ id: '1' }] });
    await expect(handovers.signIn(row.id, { person: undefined, user: 'andi', remark: null })).rejects.toThrow('has signed already');
    // What happens after the signature belongs to the next note.
    incidents = [opened('2', ends - 10 * minute, ends - 5 * minute)];
    await clock.advance(21 * minute);
    expect(await states()).toEqual(['malam under-way', 'siang signed']);
    expect((await current()).content.opened.items.map(({ id }) => id)).toEqual(['2']);
  }); // prettier-ignore

  it('are late half an hour after the shift, and those of a time in which nothing ran are missing signatures too', async () => {
    await clock.advance(9 * hour + 29 * minute);
    expect([await handovers.late(), await states()]).toEqual([
      0,
      ['malam under-way', 'siang awaits-outgoing'],
    ]);
    await clock.advance(2 * minute);
    expect([await handovers.late(), await states()]).toEqual([
      1,
      ['malam under-way', 'siang awaits-outgoing late'],
    ]);
    await handovers.close();
    await clock.advance(25 * hour);
    await start();
    expect(await states()).toEqual([
      'malam under-way', 'siang awaits-outgoing late', 'malam awaits-outgoing late', 'siang awaits-outgoing late',
    ]); // prettier-ignore
  });

  it('are signed under the own name; a shared account says who it is', async () => {
    await clock.advance(9 * hour);
    const id = (await list())[1]?.row.id ?? '';
    const sign = (person: string | undefined, user: string) => handovers.signOut(id, { person, user });
    await expect(sign(undefined, 'operator')).rejects.toThrow(
      'the account "operator" is no person of people.yaml',
    );
    await expect(sign('nobody', 'operator')).rejects.toThrow('there is no person "nobody"');
    await expect(sign('dewi', 'budi')).rejects.toThrow(
      'you are signed in as "budi" and cannot sign for "dewi"',
    );
    const signed = there(await sign('eko', 'operator'));
    const view = handoverSummaryView(signed, { now: clock.now(), nameOf: (name) => name });
    expect(view.outgoing).toMatchObject({ person: 'eko', user: 'operator', ofTeam: false, late: false });
  });
});
