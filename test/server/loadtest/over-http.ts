import { beforeAll, describe, expect, it } from 'vitest';
import { addUser } from '../../../server/auth/users.ts';
import { loadTestProof, loadTestView } from '../../../server/contracts/load-test-document.ts';
import { loadTestPlanView } from '../../../server/contracts/load-test-plans.ts';
import { loadTestDueView } from '../../../server/contracts/load-tests.ts';
import { page } from '../../../server/contracts/common.ts';
import { loadTestRepository } from '../../../server/loadtest/repository.ts';
import { storedRun } from './stored-run.ts';
import type { Ask, TestServer } from '../support/server.ts';

const minute = 60_000;
const password = 'rahasia-sari-0';

/** Plans, reports, signatures and their check, as they are asked for over HTTP. `at`: the present, which stands still. */
export function loadTestsOverHttp(server: () => TestServer, at: number): void {
  const post = (path: string, body: unknown, more: Omit<Ask, 'method' | 'body'> = { role: 'operator' }) => server().api(path, { method: 'POST', body, ...more });
  const get = (path: string, role: Ask['role'] = 'viewer') => server().api(path, { role });

  describe('plans of load tests over HTTP', () => {
    const plan = { site: 'dc', from: new Date(at + 60 * minute).toISOString(), to: new Date(at + 180 * minute).toISOString(), witnesses: ['Budi Santoso'], note: 'bulanan' };

    it('are made, ticked and cancelled by operators, and refused with the field that is wrong', async () => {
      expect((await post('/load-test-plans', plan, { role: 'viewer' })).status).toBe(403);
      expect((await post('/load-test-plans', { ...plan, site: 'dcc' })).json).toMatchObject({ errors: [{ path: 'body.site', message: expect.stringMatching(/did you mean "dc"/) }] });
      expect((await post('/load-test-plans', { ...plan, ticket: 'T-0' })).json).toMatchObject({ errors: [{ path: 'body.ticket' }] });
      expect((await post('/load-test-plans', { ...plan, to: plan.from })).json).toMatchObject({ errors: [{ path: 'body.to' }] });
      const made = await post('/load-test-plans', plan);
      expect(made.status).toBe(201);
      const { id, checklist } = loadTestPlanView.parse(made.json);
      expect(checklist.length).toBeGreaterThan(4);
      expect((await post('/load-test-plans', plan)).status).toBe(409);
      const ticked = loadTestPlanView.parse((await post(`/load-test-plans/${id}/checks`, { item: 1, done: true })).json);
      expect(ticked.checklist.map(({ tickedBy }) => tickedBy).slice(0, 3)).toEqual([null, 'token:operator', null]);
      expect((await post(`/load-test-plans/${id}/checks`, { item: 39, done: true })).json).toMatchObject({ errors: [{ path: 'body.item' }] });
      const due = page(loadTestDueView).parse((await get('/load-test-calendar', 'wall')).json).items.find(({ site }) => site === 'dc');
      expect(due?.nextPlan).toMatchObject({ id, state: 'coming', witnesses: ['Budi Santoso'] });
      expect((await post(`/load-test-plans/${id}/cancel`, { reason: 'genset diservis' })).json).toMatchObject({ state: 'cancelled', cancelledWhy: 'genset diservis' });
      expect((await post(`/load-test-plans/${id}/cancel`, { reason: 'lagi' })).status).toBe(409);
      expect((await post('/load-test-plans/none/cancel', { reason: 'x' })).status).toBe(404);
      expect((await get('/load-test-plans?site=dc&format=csv')).text).toContain('genset diservis');
    });
  });

  describe('the report of a load test over HTTP', () => {
    const id = 'run-http';
    let cookie = '';
    const sign = (body: object, headers: Record<string, string> = { cookie }) => post(`/load-tests/${id}/signatures`, { form: 'application', ...body }, { headers });

    beforeAll(async () => {
      await loadTestRepository(server().db).add(storedRun(id, at - 120 * minute));
      await addUser(server().db, { name: 'sari', password, role: 'manager' }, 0);
      const signedIn = await post('/session', { user: 'sari', password }, {});
      cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
    });

    it('takes what was found wanting until it is signed, and closes it after that too', async () => {
      const wanting = { text: 'ATS A terlalu lambat', owner: 'Tim ME', due: '2026-12-10' };
      expect((await post(`/load-tests/${id}/deficiencies`, wanting, { role: 'viewer' })).status).toBe(403);
      expect((await post('/load-tests/none/deficiencies', wanting)).status).toBe(404);
      expect((await post(`/load-tests/${id}/deficiencies`, { ...wanting, due: '10-12-2026' })).json).toMatchObject({ errors: [{ path: 'body.due' }] });
      const added = await post(`/load-tests/${id}/deficiencies`, wanting);
      expect(added.status).toBe(201);
      const [deficiency] = loadTestView.parse((await get(`/load-tests/${id}`)).json).deficiencies;
      expect(deficiency).toMatchObject({ text: wanting.text, addedBy: 'token:operator', closedAt: null });
      expect((await sign({ password: 'salah' })).json).toMatchObject({ errors: [{ path: 'body.password' }] });
      expect((await post(`/load-tests/${id}/signatures`, { form: 'application', password })).status).toBe(403);
      expect((await sign({ form: 'local-key', password })).status).toBe(409);
      const signed = await sign({ password });
      expect(signed.status).toBe(201);
      expect((await sign({ password })).status).toBe(409);
      expect((await post(`/load-tests/${id}/deficiencies`, wanting)).status).toBe(409);
      expect((await post(`/load-test-deficiencies/${deficiency?.id}/close`, { closing: 'kontaktor diganti' })).json).toMatchObject({ closing: 'kontaktor diganti' });
      expect((await post(`/load-test-deficiencies/${deficiency?.id}/close`, { closing: 'lagi' })).status).toBe(409);
    });

    it('names who signed to who may see identities, by initials to the others and on the page that anybody may open', async () => {
      const signers = async (role: Ask['role']) => loadTestView.parse((await get(`/load-tests/${id}`, role)).json).signatures.map(({ signedBy }) => signedBy);
      expect([await signers('admin'), await signers('viewer'), await signers('manager')]).toEqual([['sari'], ['s•••'], ['s•••']]);
      const proof = loadTestProof.parse((await server().api(`/verify/load-tests/${id}/1`)).json);
      expect(proof).toMatchObject({ state: 'signed', verdict: 'fail', signatures: [{ signedBy: 's•••' }] });
      expect((await server().api(`/verify/load-tests/${id}/2`)).status).toBe(404);
      expect((await server().api(`/verify/load-tests/none/1`)).status).toBe(404);
    });

    it('is printed in both languages and as a spreadsheet, and cannot be corrected by readings that are gone', async () => {
      for (const language of ['id', 'en']) {
        const pdf = await get(`/load-tests/${id}/report.pdf?language=${language}`);
        expect([pdf.status, pdf.headers.get('content-type'), pdf.text.slice(0, 5)]).toEqual([200, 'application/pdf', '%PDF-']);
      }
      expect((await get(`/load-tests/${id}/report.xlsx`)).text.slice(0, 2)).toBe('PK');
      expect((await get(`/load-tests/${id}/report.pdf?revision=9`)).status).toBe(404);
      expect((await get('/load-tests/none/report.pdf')).status).toBe(404);
      expect((await post(`/load-tests/${id}/revisions`, { reason: 'x' })).status).toBe(403);
      expect((await post(`/load-tests/${id}/revisions`, { reason: 'x' }, { role: 'manager' })).json).toMatchObject({ status: 409, detail: expect.stringMatching(/show no run/) });
    });
  });
} // prettier-ignore
