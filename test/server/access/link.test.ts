import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FieldEvent } from '../../../core/field-event.ts';
import { good } from '../../../core/reading.ts';
import { fieldEventRepository } from '../../../server/access/field-events.ts';
import { ticketRepository, type NewTicket } from '../../../server/access/repository.ts';
import { accessFindingView } from '../../../server/contracts/access-judgement.ts';
import { page } from '../../../server/contracts/common.ts';
import { incidentAccessView } from '../../../server/contracts/incident-access.ts';
import { incidentSummary } from '../../../server/contracts/incidents.ts';
import { presenceView } from '../../../server/contracts/presence.ts';
import { ticketDetails, type TicketDetails } from '../../../server/contracts/tickets.ts';
import { pointOf, startServer, stateCode, type TestServer } from '../support/server.ts';
import { untilPasses } from '../../support/until-passes.ts';

const minute = 60_000;
const identity = '3171012309870004';
/** Stored by the process that ran before. */
const beforeStart: FieldEvent = {
  id: 'smart-dc/door-hall-2/1',
  source: 'smart-dc/door-hall-2',
  at: Date.now() - 20 * minute,
  kind: 'access-granted',
  attributes: { part: 'door-1', person: 'fajar', direction: 'in' },
};
/** A visit ten days ago, over since. */
function visitOfOld(): NewTicket {
  const began = Date.now() - 10 * 24 * 60 * minute;
  const [from, to] = [began - 60 * minute, began + 60 * minute];
  return {
    ticket: {
      id: 'tiket-lama', service: 'ITSM.3.1.1', site: 'dc', unit: 'Biro Umum', pic: 'Ana', accompanied: 1, activity: 'Perawatan PAC',
      persons: JSON.stringify([{ name: 'Tamu Lama', identity: '197001011990031001', party: 'employee' }]),
      from_at: from, to_at: to, superior_email: 'atasan@example.go.id', created_at: from, created_by: 'ana', state: 'closed', escort: 'Rudi',
      answered_at: from, checked_in_at: from, fulfilled_at: to, closed_at: to, entered_at: null, takes_out: '[]', suppresses: null,
      pic_email: null, fields: '{}', reference: null, reference_at: null, series: null, series_at: null, rooms: [],
    },
    event: { id: 'tiket-lama-1', ticket: 'tiket-lama', at: from, action: 'submit', actor: 'ana', note: null },
  }; // prettier-ignore
}
let server: TestServer;
beforeAll(async () => {
  server = await startServer({
    prepare: async (db) => {
      await fieldEventRepository(db).add([beforeStart], Date.now());
      await ticketRepository(db).add([visitOfOld()]);
    },
  });
});
afterAll(() => server.close());

const at = (minutes: number): string => new Date(Date.now() + minutes * minute).toISOString();

async function act(path: string, body: unknown): Promise<TicketDetails> {
  const answer = await server.api(path, { method: 'POST', role: 'manager', body });
  expect(answer).toMatchObject({ status: path === '/tickets' ? 201 : 200 });
  return ticketDetails.parse(answer.json);
}

/** A contractor with a PIC, an escort and a card, checked in for a room of the DC. */
async function checkedIn(card: string, more: object = {}): Promise<TicketDetails> {
  const { id } = await act('/tickets', {
    site: 'dc', rooms: ['hall-1'], unit: 'Biro TIK', pic: 'Ana', accompanied: true,
    persons: [{ name: 'Sari Kontraktor', identity, party: 'third-party' }],
    activity: 'Perawatan PAC', from: at(-10), to: at(120), superiorEmail: 'kabag@example.go.id', ...more,
  }); // prettier-ignore
  await act(`/tickets/${id}/approve`, { escort: 'Rudi Pendamping' });
  return act(`/tickets/${id}/check-in`, { cards: [{ person: 0, card }] });
}

/** As the event store does: stored, then on the stream. */
async function happens(event: Partial<FieldEvent> & Pick<FieldEvent, 'id' | 'attributes'>): Promise<void> {
  const whole = { source: 'dc/door-hall-1', at: Date.now(), kind: 'access-granted', ...event };
  await fieldEventRepository(server.db).add([whole], Date.now());
  server.pipeline.acceptEvents([whole]);
}

describe('an incident that is raised while a contractor is in the room', () => {
  it('names him, his ticket and his escort, the door he came by, and no identity', async () => {
    const ticket = await checkedIn('7001');
    await happens({
      id: 'dc/door-hall-1/1',
      attributes: { part: 'door-1', card: '7001', direction: 'in' },
    });
    const point = pointOf(server.model, 'dc/door-hall-1/door-2/door-state');
    server.pipeline.accept([
      { point: point.index, at: Date.now(), value: stateCode(point, 'forced'), quality: good },
    ]);
    const [incident] = page(incidentSummary).parse(
      (await server.api('/incidents?state=open', { role: 'viewer' })).json,
    ).items;
    const answer = await server.api(`/incidents/${incident?.id}/access`, { role: 'viewer' });
    expect(answer.text).not.toContain(identity);
    expect(incidentAccessView.parse(answer.json)).toMatchObject({
      tickets: [{ id: ticket.id, unit: 'Biro TIK', escort: 'Rudi Pendamping', state: 'checked-in' }],
      inside: [
        { name: 'Ana', kind: 'pic', evidence: 'assumed', sign: 'check-in' },
        {
          name: 'Sari Kontraktor', kind: 'third-party', room: 'hall-1', isInRoom: true,
          evidence: 'detected', ticket: ticket.id, escort: 'Rudi Pendamping',
        },
      ],
      doorEvents: [{ door: 'dc/door-hall-1/door-1', doorName: { id: expect.stringMatching(/^Pintu .*, pintu 1$/) }, name: 'Sari Kontraktor', direction: 'in' }],
    }); // prettier-ignore
    const presence = presenceView.parse(
      (await server.api('/presence/muster?site=dc', { role: 'wall' })).json,
    );
    expect(presence).toMatchObject({ detected: 1, assumed: 1, expired: 0 });
    expect(presence.rooms.flatMap(({ persons }) => persons.map(({ name }) => name))).toEqual([
      'Ana',
      'Sari Kontraktor',
    ]);
  });
});

it('who was inside before a restart is inside after it', async () => {
  const presence = presenceView.parse((await server.api('/presence?site=smart-dc', { role: 'viewer' })).json);
  expect(presence.rooms).toMatchObject([
    { room: 'hall-2', persons: [{ name: 'Fajar Nugroho', kind: 'staff', evidence: 'detected' }] },
  ]);
});

describe('an entry without a ticket', () => {
  it('is a finding with its clause and an incident of its rule; late, it is recorded and no incident', async () => {
    await happens({ id: 'drc/door-hall-1/1', source: 'drc/door-hall-1', attributes: { part: 'door-1', card: '404', direction: 'in' } });
    await happens({ id: 'drc/door-hall-2/1', source: 'drc/door-hall-2', at: Date.now() - 60 * minute, attributes: { part: 'door-1', card: '404', direction: 'in' } });
    const findings = async () =>
      page(accessFindingView).parse((await server.api('/access-findings?site=drc', { role: 'viewer' })).json).items;
    await expect.poll(async () => (await findings()).length).toBe(2);
    expect(await findings()).toMatchObject([
      { kind: 'no-ticket', room: 'hall-1', state: 'live', clause: expect.stringContaining('BAB IV.3.3'), events: ['drc/door-hall-1/1'] },
      { kind: 'no-ticket', room: 'hall-2', state: 'recorded' },
    ]);
    const open = page(incidentSummary).parse((await server.api('/incidents?site=drc', { role: 'viewer' })).json);
    expect(open.items.map(({ rule, room }) => [rule, room])).toEqual([['access-no-ticket', 'hall-1']]);
  });
}); // prettier-ignore

describe('what a controller tells days later', () => {
  it('is judged by the tickets and cards of that time, recorded, and brings nobody inside', async () => {
    const then = Date.now() - 10 * 24 * 60 * minute;
    const told = { source: 'dc/door-hall-1', attributes: { part: 'door-1', direction: 'in' } };
    await happens({
      ...told,
      id: 'dc/door-hall-1/old-1',
      at: then,
      attributes: { ...told.attributes, person: 'Tamu Lama' },
    });
    await happens({
      ...told,
      id: 'dc/door-hall-1/old-2',
      at: then,
      attributes: { ...told.attributes, person: 'Orang Asing' },
    });
    const ofThen = async () => {
      const { json } = await server.api('/access-findings?site=dc&limit=1000', { role: 'viewer' });
      return page(accessFindingView)
        .parse(json)
        .items.filter(({ at: moment }) => Date.parse(moment) === then);
    };
    await untilPasses(async () => expect(await ofThen()).not.toEqual([]));
    expect(await ofThen()).toMatchObject([
      { kind: 'no-ticket', events: ['dc/door-hall-1/old-2'], state: 'recorded' },
    ]);
    expect((await server.api('/presence?site=dc', { role: 'viewer' })).text).not.toContain('Tamu Lama');
  });
});

describe('cards', () => {
  it('are refused while they are out or revoked, and are taken back when the ticket is fulfilled', async () => {
    const first = await checkedIn('8001');
    const { id } = await act('/tickets', { ...again, from: at(-5), to: at(60) });
    await act(`/tickets/${id}/approve`, { escort: 'Rudi' });
    const checkIn = (card: string) =>
      server.api(`/tickets/${id}/check-in`, { method: 'POST', role: 'operator', body: { cards: [{ person: 0, card }] } });
    expect((await checkIn('8001')).json).toMatchObject({ status: 409, detail: expect.stringContaining(`still out for ticket ${first.id}`) });
    await server.api('/revoked-cards', { method: 'POST', role: 'operator', body: { card: '8002', reason: 'hilang' } });
    expect((await checkIn('8002')).json).toMatchObject({ status: 409, detail: expect.stringContaining('is revoked') });
    await act(`/tickets/${first.id}/fulfil`, {});
    expect((await checkIn('8001')).status).toBe(200);
  });
}); // prettier-ignore

const again = {
  site: 'dc', rooms: ['hall-1'], unit: 'Biro TIK', pic: 'Ana', accompanied: true,
  persons: [{ name: 'Budi', identity, party: 'employee' }], activity: 'Ganti disk', superiorEmail: 'kabag@example.go.id',
}; // prettier-ignore

describe('a permit', () => {
  it('suppresses in its rooms from check-in until it is fulfilled', async () => {
    const ticket = await checkedIn('8101', { suppresses: 'pac-maintenance', takesOut: ['pac-01'] });
    const states = async () => (await server.api('/plant-states', { role: 'wall' })).json;
    expect(await states()).toMatchObject({ items: [{ state: 'permit', room: 'hall-1', ticket: ticket.id }] });
    await act(`/tickets/${ticket.id}/fulfil`, {});
    expect(await states()).toEqual({ items: [] });
  });

  it('that would darken racks is not approved', async () => {
    const { id } = await act('/tickets', { ...again, takesOut: ['ats-a', 'ats-b'], from: at(5), to: at(60) });
    const approval = await server.api(`/tickets/${id}/approve`, {
      method: 'POST',
      role: 'manager',
      body: {},
    });
    expect(approval.json).toMatchObject({ status: 409, detail: expect.stringContaining('would be dark') });
  });
});
