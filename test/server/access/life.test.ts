import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it, test } from 'vitest';
import { answerDueAt, closeDueAt } from '../../../server/access/life.ts';
import { ticketDetails, type TicketDetails } from '../../../server/contracts/tickets.ts';
import { startServer, type TestServer } from '../support/server.ts';

const hour = 3_600_000;
let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const at = (hours: number): string => new Date(Date.now() + hours * hour).toISOString();
async function submit(from: number, to: number): Promise<TicketDetails> {
  const body = {
    site: 'dc', unit: 'Biro TIK', pic: 'Ana', accompanied: true, activity: `Ganti disk ${randomBytes(2).toString('hex')}`,
    persons: [{ name: 'Budi', identity: '3171', party: 'third-party' }], from: at(from), to: at(to), superiorEmail: 'kabag@example.go.id',
  }; // prettier-ignore
  return ticketDetails.parse((await server.api('/tickets', { method: 'POST', role: 'operator', body })).json);
}
const act = (
  { id }: TicketDetails,
  action: string,
  body: unknown = {},
  role: 'viewer' | 'operator' | 'manager' = 'manager',
) => server.api(`/tickets/${id}/${action}`, { method: 'POST', role, body });

it('from the request to the closed ticket, with everything that was done', async () => {
  const ticket = await submit(-1, 1);
  expect(ticket).toMatchObject({
    state: 'submitted',
    escort: null,
    close: null,
    // Approval is the manager's.
    actions: ['cancel'],
    place: expect.any(Number),
    answer: { answeredAt: null, usedMs: expect.any(Number), normMs: 6 * hour },
  });
  expect((await act(ticket, 'approve', {}, 'operator')).status).toBe(403);
  expect((await act(ticket, 'approve')).json).toMatchObject({ state: 'approved' });
  expect((await act(ticket, 'check-in')).json).toMatchObject({
    status: 409,
    detail: 'the ticket is approved; "check-in" needs one that is scheduled',
  });
  expect((await act(ticket, 'schedule', {}, 'operator')).status).toBe(400);
  expect((await act(ticket, 'schedule', { escort: 'Rudi' }, 'operator')).json).toMatchObject({
    state: 'scheduled',
    escort: 'Rudi',
  });
  expect((await act(ticket, 'check-in', {}, 'operator')).json).toMatchObject({
    state: 'checked-in',
    actions: ['fulfil'],
  });
  const fulfilled = ticketDetails.parse(
    (await act(ticket, 'fulfil', { note: 'Disk diganti' }, 'operator')).json,
  );
  expect(fulfilled).toMatchObject({ state: 'fulfilled', close: { closedAt: null } });
  const closed = ticketDetails.parse((await act(ticket, 'close', {}, 'operator')).json);
  expect(closed.events.map(({ action, actor, note }) => [action, actor, note])).toEqual([
    ['submit', 'token:operator', null],
    ['approve', 'token:manager', null],
    ['schedule', 'token:operator', null],
    ['check-in', 'token:operator', null],
    ['fulfil', 'token:operator', 'Disk diganti'],
    ['close', 'token:operator', null],
  ]);
  expect(
    (await act(ticket, 'reopen', { note: 'Kurang satu', from: at(2), to: at(1) }, 'operator')).status,
  ).toBe(400);
  const again = await act(ticket, 'reopen', { note: 'Kurang satu', from: at(-0.1), to: at(1) }, 'operator');
  expect(again.json).toMatchObject({ state: 'reopened', close: null, actions: ['schedule', 'cancel'] });
});

it('an approval that names the escort is scheduled; the door opens half an hour before the window', async () => {
  const ticket = await submit(2, 3);
  expect((await act(ticket, 'approve', { escort: 'Rudi' })).json).toMatchObject({
    state: 'scheduled',
    escort: 'Rudi',
  });
  const early = await act(ticket, 'check-in', {}, 'operator');
  expect(early.json).toMatchObject({ status: 409 });
  expect(early.text).toContain('check-in opens 30 minutes before');
  expect((await act(ticket, 'cancel', {}, 'operator')).status).toBe(400);
  expect((await act(ticket, 'cancel', { note: 'Ditunda' }, 'operator')).json).toMatchObject({
    state: 'cancelled',
    actions: [],
  });
});

it('what has passed is not approved, and a rejection says why', async () => {
  const ticket = await submit(-2, -1);
  expect((await act(ticket, 'approve')).json).toMatchObject({ status: 409 });
  expect((await act(ticket, 'reject')).status).toBe(400);
  expect((await act(ticket, 'reject', { note: 'Terlambat' })).json).toMatchObject({
    state: 'rejected',
    answer: { answeredAt: expect.any(String) },
  });
  expect((await act({ ...ticket, id: 'none' }, 'approve')).status).toBe(404);
});

test('six working hours to answer, one working day to close', () => {
  const calendars = [
    {
      year: 2026,
      zone: 'Asia/Jakarta',
      workingHours: { from: '08:00', to: '17:00' },
      source: 'test',
      holidays: [],
      jointLeave: [],
    },
  ];
  // Friday 15:00: two hours are left of the day, four follow on Monday.
  const friday = Date.parse('2026-11-27T15:00:00+07:00');
  expect(new Date(answerDueAt(friday, calendars)).toISOString()).toBe('2026-11-30T05:00:00.000Z');
  expect(new Date(closeDueAt(friday, calendars)).toISOString()).toBe('2026-11-30T08:00:00.000Z');
});
