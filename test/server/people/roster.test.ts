import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerView, madeFeedView, onCallPage, proofView } from '../../../server/contracts/on-call.ts';
import { handoverView, onDutyView } from '../../../server/contracts/handover.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { shippedModel, startServer, type TestServer } from '../support/server.ts';
import { day, hour, monday } from './people.ts';

const clock = createFakeClock(monday);
const iso = (at: number): string => new Date(at).toISOString();
let server: TestServer;

beforeAll(async () => {
  server = await startServer({ model: shippedModel(), clock });
});
afterAll(() => server.close());

const post = (path: string, body: unknown) => server.api(path, { method: 'POST', role: 'manager', body });
const proof = async () => proofView.parse((await server.api('/on-call/proof', { role: 'wall' })).json);
const timeOff = (person: string, from: number, to: number) => ({ person, from: iso(from), to: iso(to), reason: 'cuti' }); // prettier-ignore
const roster = async () => onCallPage.parse((await server.api('/on-call', { role: 'viewer' })).json);

describe('the roster', () => {
  it('is whole as it ships, with channels taken as working while the field is simulated', async () => {
    expect(await proof()).toMatchObject({ holes: [], assumed: true });
  });

  it('passes over a person who is off, and shows why to operators only', async () => {
    const before = (await roster()).layers[0]?.person ?? '';
    const added = await post('/on-call/time-off', timeOff(before, monday - hour, monday + hour));
    expect(added.status).toBe(200);
    const after = await roster();
    expect(after.layers[0]).toMatchObject({ because: 'stand-in' });
    expect(after.layers[0]?.person).not.toBe(before);
    expect(after.timeOff).toMatchObject([{ person: before, reason: null }]);
    const asOperator = await server.api('/on-call', { role: 'operator' });
    expect(onCallPage.parse(asOperator.json).timeOff[0]?.reason).toBe('cuti');
    const twice = await post('/on-call/time-off', timeOff(before, monday, monday + 2 * hour));
    expect([twice.status, twice.text]).toEqual([409, expect.stringContaining('is off from')]);
    const id = after.timeOff[0]?.id ?? '';
    const ended = await server.api(`/on-call/time-off/${id}`, { method: 'DELETE', role: 'manager' });
    expect(ended.status).toBe(204);
    expect((await roster()).layers[0]?.person).toBe(before);
  });

  it('refuses an unknown person or layer, a time that is over, turned round or too long', async () => {
    const refusals = [
      timeOff('nobody', monday, monday + hour),
      timeOff('andi', monday - 2 * hour, monday - hour),
      timeOff('andi', monday + hour, monday),
      timeOff('andi', monday, monday + 93 * day),
      timeOff('andi', monday + 400 * day, monday + 401 * day),
    ];
    const answers = await Promise.all(refusals.map((body) => post('/on-call/time-off', body)));
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400]);
    expect(answers[0]?.text).toContain('body.person: there is no person \\"nobody\\" in people.yaml');
    const layer = await post('/on-call/overrides', { layer: 'x', ...timeOff('andi', monday, monday + hour) });
    expect(layer.text).toContain('there is no layer');
    const asOperator = await server.api('/on-call/time-off', { method: 'POST', role: 'operator', body: refusals[0] });
    expect(asOperator.status).toBe(403);
  }); // prettier-ignore

  it('refuses what leaves a hole until that is accepted, and the proof shows it at once', async () => {
    const [from, to] = [monday + 10 * day, monday + 11 * day];
    for (const person of ['andi', 'budi', 'citra', 'dewi'])
      expect((await post('/on-call/time-off', { ...timeOff(person, from, to), acceptHole: person === 'dewi' })).status).toBe(200);
    // Only the manager is left: a P1 reaches nobody at once, a P2 nobody at all.
    expect((await proof()).holes.map(({ priority, kind }) => `${priority} ${kind}`)).toContain('P2 nobody');
    const refused = await post('/on-call/time-off', timeOff('manajer', from, to));
    expect([refused.status, refused.text]).toEqual([409, expect.stringContaining('would reach nobody from 3 Dec 10:00 WIB')]);
    const stand = await post('/on-call/overrides', { layer: 'utama', ...timeOff('andi', from, to) });
    expect([stand.status, stand.text]).toEqual([409, expect.stringContaining('Andi Wijaya is off')]);
    const asked = await server.api(`/on-call/at?site=dc&priority=P2&at=${iso(from)}`, { role: 'wall' });
    expect(answerView.parse(asked.json)).toMatchObject({ verdict: 'nobody', steps: [{ recipients: [], missed: [{ why: 'nobody' }] }, {}] });
    const elsewhere = await server.api('/on-call/at?site=nowhere', { role: 'wall' });
    expect(elsewhere.status).toBe(400);
  }); // prettier-ignore
});

describe('calendar addresses', () => {
  it('open one calendar without a sign-in, until they are ended', async () => {
    const made = await server.api('/on-call/calendars', { method: 'POST', role: 'operator', body: { person: 'andi' } });
    const { path, id } = madeFeedView.parse(made.json);
    const read = await server.ask(path);
    expect([read.status, read.headers.get('content-type')]).toEqual([200, 'text/calendar; charset=utf-8']);
    expect(read.text).toContain('Piket Andi Wijaya');
    const token = path.split('token=')[1] ?? '';
    const asToken = await server.ask('/api/v1/on-call', { headers: { authorization: `Bearer ${token}` } });
    expect(asToken.status).toBe(401);
    expect((await server.ask(path.slice(0, -1))).status).toBe(404);
    const unknown = await server.api('/on-call/calendars', { method: 'POST', role: 'operator', body: { person: 'x' } });
    expect(unknown.status).toBe(400);
    await server.api(`/on-call/calendars/${id}`, { method: 'DELETE', role: 'operator' });
    expect((await server.ask(path)).status).toBe(404);
  }); // prettier-ignore
});

describe('shifts', () => {
  it('say who is on duty now, to the wall too', async () => {
    const now = onDutyView.parse((await server.api('/shifts/now', { role: 'wall' })).json);
    expect(now).toMatchObject({ shift: { team: 'Regu 4', off: [] }, lateHandovers: 0 });
    expect(now.layers).toHaveLength(2);
  });

  it('keep a note that fills itself, read by viewers and written by operators', async () => {
    expect((await server.api('/shifts/current', { role: 'wall' })).status).toBe(403);
    const view = handoverView.parse((await server.api('/shifts/current', { role: 'viewer' })).json);
    expect(view).toMatchObject({ state: 'under-way', content: { open: { total: 0 }, shelved: { total: 0 } }, next: { members: [{}, {}] } });
    const act = (action: string, body: unknown) => server.api(`/shifts/${view.id}/${action}`, { method: 'POST', role: 'operator', body });
    expect(handoverView.parse((await act('note', { text: 'semua baik' })).json).note).toBe('semua baik');
    expect((await act('note', { text: 'x'.repeat(200_000) })).status).toBe(400);
    const early = await act('sign-out', { person: 'fajar' });
    expect([early.status, early.text]).toEqual([409, expect.stringContaining('the shift is not over')]);
    const unknown = await act('sign-out', {});
    expect([unknown.status, unknown.text]).toEqual([400, expect.stringContaining('is no person of people.yaml')]);
    expect((await server.api('/shifts/none', { role: 'viewer' })).status).toBe(404);
    expect((await server.api('/shifts', { role: 'viewer' })).json).toMatchObject({ items: [{ id: view.id }], next: null });
  }); // prettier-ignore
});
