import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../core/clock.ts';
import { good } from '../../../core/reading.ts';
import { createCredentials } from '../../../server/access/credentials.ts';
import type { AccessField } from '../../../config/schema/site.ts';
import { approvalRefusal, judgeRequest } from '../../../server/access/rules.ts';
import { createAccess } from '../../../server/access/service.ts';
import { page } from '../../../server/contracts/common.ts';
import { ticketApproval } from '../../../server/contracts/ticket-approval.ts';
import { incidentSummary, incidentView } from '../../../server/contracts/incidents.ts';
import {
  ticketDetails,
  ticketView,
  type TicketDetails,
  type TicketInput,
  type TicketView,
} from '../../../server/contracts/tickets.ts';
import { pointOf, startServer, stateCode, type TestServer } from '../support/server.ts';

const hour = 3_600_000;
let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const at = (hours: number): string => new Date(Date.now() + hours * hour).toISOString();
const request = (change: Partial<TicketInput> = {}): TicketInput => ({
  site: 'dc',
  rooms: [],
  unit: 'Biro TIK',
  pic: 'Ana',
  accompanied: true,
  persons: [{ name: 'Budi', identity: '3171', party: 'employee' }],
  activity: 'Ganti disk',
  from: at(-1),
  to: at(1),
  superiorEmail: 'kabag@example.go.id',
  fields: {},
  ...change,
});
const post = (body: unknown) => server.api('/tickets', { method: 'POST', role: 'operator', body });
const create = async (change: Partial<TicketInput> = {}): Promise<TicketDetails> =>
  ticketDetails.parse((await post(request(change))).json);
const list = async (query: string) =>
  page(ticketView).parse((await server.api(`/tickets?${query}`, { role: 'viewer' })).json);

describe('POST tickets', () => {
  it('answers the ticket with its sub-service, and shows it again', async () => {
    const ticket = await create({ site: 'smart-dc', rooms: ['mantrap', 'mantrap'] });
    expect(ticket).toMatchObject({
      service: '3.1.2',
      rooms: ['mantrap'],
      createdBy: 'token:operator',
      incidents: [],
      persons: [{ name: 'Budi', identity: '•••', party: 'employee' }],
    });
    const shown = ticketDetails.parse((await server.api(`/tickets/${ticket.id}`, { role: 'operator' })).json);
    // Working time goes on.
    expect({ ...shown, answer: ticket.answer }).toEqual(ticket);
    expect(ticket).toMatchObject({ actions: ['cancel'], mails: [], fields: {} });
  });

  it('names every particular that is missing or wrong', async () => {
    const { json } = await post({
      ...request(),
      persons: [],
      pic: undefined,
      superiorEmail: 'kabag',
      to: '2026-11-23T08:00',
    });
    expect(json).toMatchObject({
      status: 400,
      errors: expect.arrayContaining(
        ['body.persons', 'body.pic', 'body.superiorEmail', 'body.to'].map((path) =>
          expect.objectContaining({ path }),
        ),
      ),
    });
    expect((await post(request({ from: at(2), to: at(1) }))).json).toMatchObject({
      status: 400,
      errors: [{ path: 'body.to', message: 'must be after "from"' }],
    });
  });

  it('names an unknown site or room and the nearest one', async () => {
    expect((await post(request({ site: 'smart-cd' }))).json).toMatchObject({
      status: 422,
      errors: [{ path: 'body.site', message: '"smart-cd" is no site; did you mean "smart-dc"?' }],
    });
    expect((await post(request({ rooms: ['hall-1', 'genst'] }))).json).toMatchObject({
      status: 422,
      errors: [{ path: 'body.rooms[1]', message: '"genst" is no room of dc; did you mean "genset"?' }],
    });
  });

  it('names a room of another site as such, and everybody who is listed twice', async () => {
    expect((await post(request({ rooms: ['tape-vault'] }))).json).toMatchObject({
      errors: [{ path: 'body.rooms[0]', code: 'unknown-room' }],
    });
    const model = { ...server.model, rooms: server.model.rooms.filter(({ key }) => key !== 'drc/network') };
    expect(judgeRequest(model, request({ site: 'drc', rooms: ['network'] }))).toMatchObject({
      findings: [
        {
          path: 'body.rooms[0]',
          code: 'foreign-room',
          message: expect.stringContaining('is a room of dc and smart-dc, not of drc'),
        },
      ],
    });
    const persons = [
      { name: "Nur'aini “Nung” 👷", identity: '3171 0123', party: 'employee' as const },
      { name: 'عبد الله', identity: 'P-9', party: 'employee' as const },
      { name: 'Nuraini', identity: '3171-0123', party: 'employee' as const },
    ];
    expect((await post(request({ persons }))).json).toMatchObject({
      errors: [
        {
          path: 'body.persons[2].identity',
          code: 'person-twice',
          message: 'is the identity of person 1 already; name everybody once',
        },
      ],
    });
  });

  it('names what nobody sees in a name, and takes names of any script', async () => {
    const persons = [
      { name: 'عبد الله', identity: 'P-9', party: 'employee' as const },
      { name: 'Budi \u202Eidub', identity: 'P-10', party: 'employee' as const },
    ];
    expect((await post(request({ persons, unit: 'Biro\tUmum' }))).json).toMatchObject({
      errors: [
        { path: 'body.unit', code: 'hidden-character' },
        {
          path: 'body.persons[1].name',
          code: 'hidden-character',
          message: 'holds a character that nobody sees (U+202E at place 6); type the text again',
        },
      ],
    });
  });

  it('asks again for what holds spaces only, for an identity without letters and digits, and for text that turns its direction', async () => {
    const blank = request({
      unit: ' ',
      pic: '\u00A0',
      persons: [{ name: '   ', identity: ' ', party: 'employee' }],
    });
    const { status, json } = await post(blank);
    expect(status).toBe(400);
    expect(json).toMatchObject({
      errors: ['body.unit', 'body.pic', 'body.persons[0].name', 'body.persons[0].identity'].map((path) => ({
        path,
        message: 'is empty; it has to be given',
      })),
    });
    const persons = [
      { name: 'Ana', identity: '-.-', party: 'employee' as const },
      { name: 'Bu\u200Bdi', identity: 'P-10', party: 'employee' as const },
    ];
    expect((await post(request({ persons, activity: 'Ganti \u2067modul\nUPS' }))).json).toMatchObject({
      errors: [
        { path: 'body.activity', code: 'hidden-character' },
        { path: 'body.persons[1].name', code: 'hidden-character' },
        { path: 'body.persons[0].identity', code: 'no-identity' },
      ],
    });
  });

  it('says how a time is written', async () => {
    expect((await post(request({ from: '30 November 2026 10.00' }))).json).toMatchObject({
      errors: [{ path: 'body.from', message: expect.stringContaining('such as 2026-') }],
    });
  });

  it("checks the site's own fields", () => {
    const label = { id: 'X', en: 'X' };
    const accessFields: AccessField[] = [
      { key: 'helm', label, required: true, kind: 'choice', choices: [{ choice: 'ada', name: label }] },
      { key: 'alat', label, required: false, kind: 'number' },
      { key: 'catatan', label, required: false, kind: 'text' },
    ];
    const model = { ...server.model, sites: server.model.sites.map((site) => ({ ...site, accessFields })) };
    const codes = (fields: TicketInput['fields']) => {
      const verdict = judgeRequest(model, request({ fields }));
      return 'service' in verdict
        ? verdict.service
        : verdict.findings.map(({ path, code }) => `${path} ${code}`);
    };
    expect(codes({ helm: 'ada', alat: 2 })).toBe('3.1.1');
    expect(codes({ alat: 'dua', catatn: 'x' })).toEqual([
      'body.fields.catatn unknown-field', 'body.fields.helm field-required', 'body.fields.alat field-number',
    ]); // prettier-ignore
    expect(codes({ helm: 'tidak' })).toEqual(['body.fields.helm field-choice']);
  });

  it('whoever comes without the PIC is not approved either, however the request came in', () => {
    const visit = {
      accompanied: false,
      persons: [{ name: 'T', identity: 'P1', party: 'third-party' as const }],
    };
    expect(approvalRefusal(server.model, { ...visit, site: 'dc' })).toMatchObject({ code: 'unaccompanied' });
    expect(approvalRefusal(server.model, { ...visit, site: 'drc' })).toBeUndefined();
    expect(approvalRefusal(server.model, { ...visit, site: 'dc', accompanied: true })).toBeUndefined();
  });

  it('wants the rooms named in the Smart DC only', async () => {
    expect((await post(request({ site: 'smart-dc' }))).json).toMatchObject({
      status: 422,
      errors: [{ path: 'body.rooms' }],
    });
    expect((await post(request({ site: 'drc' }))).status).toBe(201);
  });

  it('wants third parties accompanied in the DC and the Smart DC, not in the DRC', async () => {
    const visit = {
      accompanied: false,
      persons: [{ name: 'Teknisi', identity: 'P1', party: 'third-party' as const }],
    };
    expect((await post(request(visit))).json).toMatchObject({
      status: 422,
      errors: [{ path: 'body.accompanied' }],
    });
    expect((await post(request({ ...visit, site: 'smart-dc' }))).json).toMatchObject({
      errors: [{ path: 'body.rooms' }, { path: 'body.accompanied' }],
    });
    expect((await post(request({ ...visit, site: 'drc' }))).status).toBe(201);
    expect((await post(request({ ...visit, accompanied: true }))).status).toBe(201);
  });

  it('is for operators', async () => {
    expect((await server.api('/tickets', { method: 'POST', role: 'viewer', body: request() })).status).toBe(
      403,
    );
  });
});

describe('GET tickets', () => {
  it('filters by site and by where the window stands', async () => {
    const past = await create({ site: 'drc', from: at(-5), to: at(-4) });
    const open = await create({ site: 'drc', from: at(-0.5), to: at(0.5) });
    const upcoming = await create({ site: 'drc', from: at(4), to: at(5) });
    const ids = async (query: string) => (await list(query)).items.map((ticket) => ticket.id);
    expect(await ids('site=drc&window=upcoming')).toEqual([upcoming.id]);
    expect(await ids('site=drc&window=past')).toEqual([past.id]);
    expect(await ids('site=drc&window=open')).toContain(open.id);
    expect(await ids('site=smart-dc')).not.toContain(open.id);
  });

  it('gives every ticket once over its pages, latest window first', async () => {
    const seen: TicketView[] = [];
    for (let cursor = ''; ;) {
      const { items, next } = await list(`limit=2${cursor}`);
      seen.push(...items);
      if (next === null) break;
      cursor = `&cursor=${next}`;
    }
    expect(new Set(seen.map((ticket) => ticket.id)).size).toBe(seen.length);
    expect(seen).toHaveLength((await list('')).items.length);
    expect(seen.map((ticket) => ticket.from)).toEqual(
      seen
        .map((ticket) => ticket.from)
        .toSorted()
        .toReversed(),
    );
  });

  it('names an unknown site, window and cursor; a ticket that is not there is 404', async () => {
    expect((await server.api('/tickets?site=x', { role: 'viewer' })).json).toMatchObject({
      status: 400,
      errors: [{ path: 'query.site' }],
    });
    expect((await server.api('/tickets?window=later', { role: 'viewer' })).json).toMatchObject({
      errors: [{ path: 'query.window' }],
    });
    expect((await server.api('/tickets?cursor=WzFd', { role: 'viewer' })).json).toMatchObject({
      errors: [{ path: 'query.cursor' }],
    });
    expect((await server.api('/tickets/none', { role: 'viewer' })).status).toBe(404);
  });

  it('hides names from the wall', async () => {
    expect((await server.api('/tickets', { role: 'wall' })).status).toBe(403);
  });
});

describe('an incident in the room and window of a ticket', () => {
  it('lists that ticket and no other, and the ticket lists the incident', async () => {
    const inRoom = await create({ rooms: ['mantrap'] });
    const wholeSite = await create({ rooms: [] });
    const elsewhere = await create({ rooms: ['fuel'] });
    const otherSite = await create({ site: 'drc', rooms: ['mantrap'] });
    const tooLate = await create({ rooms: ['mantrap'], from: at(3), to: at(4) });
    const tooEarly = await create({ rooms: ['mantrap'], from: at(-4), to: at(-3) });
    const door = pointOf(server.model, 'dc/door-mantrap/door-1/door-state');
    server.pipeline.accept([
      { point: door.index, at: Date.now(), value: stateCode(door, 'forced'), quality: good },
    ]);
    const { items } = page(incidentSummary).parse(
      (await server.api('/incidents?site=dc', { role: 'viewer' })).json,
    );
    const incident = incidentView.parse(
      (await server.api(`/incidents/${items[0]?.id}`, { role: 'viewer' })).json,
    );
    expect(incident).toMatchObject({ rule: 'door-forced', room: 'mantrap', state: 'open' });
    const touched = incident.tickets.map((ticket) => ticket.id);
    expect(touched).toEqual(expect.arrayContaining([inRoom.id, wholeSite.id]));
    for (const ticket of [elsewhere, otherSite, tooLate, tooEarly]) expect(touched).not.toContain(ticket.id);
    const show = async (ticket: TicketView) =>
      ticketView.parse((await server.api(`/tickets/${ticket.id}`, { role: 'viewer' })).json).incidents;
    expect(await show(inRoom)).toMatchObject([
      { id: incident.id, rule: 'door-forced', title: incident.title, room: 'mantrap', resolvedAt: null },
    ]);
    expect(await show(wholeSite)).toHaveLength(1);
    expect(await show(elsewhere)).toEqual([]);
    expect(await show(tooLate)).toEqual([]);
  });
});

it('a page of tickets asks for their incidents once, not once a ticket', async () => {
  let asked = 0;
  const access = createAccess({
    db: server.db,
    model: server.model,
    clock: systemClock,
    randomBytes,
    permits: {
      refusalOf: () => Promise.resolve(undefined),
      begin: () => Promise.resolve(),
      end: () => Promise.resolve(),
    },
    credentials: createCredentials({
      db: server.db,
      clock: systemClock,
      randomBytes,
      staffCards: new Set(),
    }),
    mails: { mailFor: () => undefined, send: () => undefined, of: () => Promise.resolve([]) },
    incidentsTouching: (touches) => {
      asked += 1;
      return Promise.resolve(touches.map(() => []));
    },
  });
  for (let count = 1; count <= 5; count += 1) await create();
  const tickets = await access.list({ limit: 500 });
  expect(tickets.length).toBeGreaterThanOrEqual(5);
  expect((await access.views(tickets, 'viewer')).map(({ id }) => id)).toEqual(tickets.map(({ id }) => id));
  expect(asked).toBe(1);
});

describe('identities', () => {
  const nik = '3171012309870004';

  it('are masked in every answer, also as CSV, and given to who may see them, which is recorded first', async () => {
    const ticket = await create({ persons: [{ name: 'Budi', identity: nik, party: 'employee' }] });
    for (const role of ['viewer', 'operator', 'manager', 'admin'] as const) {
      const answers = [
        await server.api(`/tickets/${ticket.id}`, { role }),
        await server.api('/tickets', { role }),
        await server.api('/tickets?format=csv', { role }),
      ];
      for (const { text } of answers) {
        expect(text).toContain('•••004');
        expect(text).not.toContain(nik);
      }
    }
    const path = `/tickets/${ticket.id}/identities`;
    const ask = (role: 'operator' | 'admin', body: unknown) =>
      server.api(path, { method: 'POST', role, body });
    expect((await ask('operator', { reason: 'Cek di pintu' })).status).toBe(403);
    expect((await ask('admin', { reason: ' ' })).status).toBe(400);
    expect((await server.api('/identity-lookups', { role: 'manager' })).json).toEqual({
      items: [],
      next: null,
    });
    expect((await ask('admin', { reason: 'Cek di pintu' })).json).toEqual({
      ticket: ticket.id,
      persons: [{ name: 'Budi', identity: nik, party: 'employee' }],
    });
    expect((await server.api('/identity-lookups', { role: 'manager' })).json).toMatchObject({
      items: [{ ticket: ticket.id, user: 'token:admin', reason: 'Cek di pintu' }],
    });
  });
});

describe('before an approval', () => {
  const check = async (id: string) =>
    ticketApproval.parse((await server.api(`/tickets/${id}/approval`, { role: 'viewer' })).json);

  it('shows others at the place and time, and why it would be refused', async () => {
    const [from, to] = [at(2_000), at(2_002)];
    const asked = await create({ rooms: ['hall-1'], from, to, takesOut: ['ats-a', 'ats-b'] });
    const same = await create({
      rooms: ['hall-1', 'mantrap'],
      from: at(2_001),
      to: at(2_003),
      activity: 'Las pipa',
    });
    await create({ rooms: ['mantrap'], from, to });
    await create({ rooms: ['hall-1'], from: to, to: at(2_004) });
    const whole = await create({ rooms: [], from, to, activity: 'Patroli' });
    const cancelled = await create({ rooms: ['hall-1'], from, to });
    await server.api(`/tickets/${cancelled.id}/cancel`, {
      method: 'POST',
      role: 'operator',
      body: { note: 'batal' },
    });
    const found = await check(asked.id);
    expect(found.refusal).toMatchObject({
      code: 'supply-at-risk',
      message: expect.stringContaining('264 racks'),
    });
    expect(new Set(found.permits.map(({ id }) => id))).toEqual(new Set([same.id, whole.id]));
    expect(found.permits.find(({ id }) => id === same.id)).toMatchObject({ activity: 'Las pipa', state: 'submitted', rooms: ['hall-1', 'mantrap'] }); // prettier-ignore
    expect((await check(same.id)).refusal).toBeNull();
    expect((await server.api('/tickets/none/approval', { role: 'viewer' })).status).toBe(404);
  });

  it('shows the incidents that are open in its rooms now, whenever the ticket is for', async () => {
    const open = page(incidentSummary).parse((await server.api('/incidents?site=dc', { role: 'viewer' })).json).items;
    const { incidents } = await check((await create({ rooms: [], from: at(500), to: at(501) })).id);
    expect(incidents.map(({ id }) => id).toSorted((a, b) => a.localeCompare(b))).toEqual(
      open.filter(({ resolvedAt }) => resolvedAt === null).map(({ id }) => id).toSorted((a, b) => a.localeCompare(b)),
    );
  }); // prettier-ignore
});
