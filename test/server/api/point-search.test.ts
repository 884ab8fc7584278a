import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { page } from '../../../server/contracts/common.ts';
import { foundPoint, type FoundPoint } from '../../../server/contracts/point-search.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const ask = (query: Record<string, string>) =>
  server.api(`/point-search?${new URLSearchParams(query).toString()}`, { role: 'wall' });
async function search(query: Record<string, string>): Promise<FoundPoint[]> {
  return page(foundPoint).parse((await ask(query)).json).items;
}

describe('GET point-search', () => {
  it('finds a point by words of its site, device and quantity, in any order and case', async () => {
    const found = await search({ text: 'battery-charge UPS-A1 smart' });
    expect(found.map(({ id }) => id)).toEqual(['smart-dc/ups-a1/battery-charge']);
  });

  it('takes one of several forms of a word: the quantity in the language of the page', async () => {
    const found = await search({ text: 'drc/site suhu|temperature-max' });
    expect(found.map(({ id }) => id)).toEqual(['drc/site/temperature-max']);
  });

  it('puts the figures of the whole site before those of a rack', async () => {
    const found = await search({ text: 'dc power', limit: '500' });
    expect(found[0]?.id).toBe('dc/site/power');
    expect(found.findIndex(({ rack }) => rack !== null)).toBeGreaterThan(20);
  });

  it('knows the limits of a point with clause and side, and the names of its states', async () => {
    const [inlet] = await search({ points: 'drc/env-a01/temperature' });
    expect(inlet?.limits).toContainEqual(
      expect.objectContaining({ side: 'above', value: 27, clause: 'BAB IV.3.4' }),
    );
    expect(inlet?.states).toBeNull();
    const [source] = await search({ points: 'dc/ups-a1/output-source' });
    expect(Object.values(source?.states ?? {})).toContain('battery');
    expect(source?.limits).toEqual([]);
  });

  it('answers ids in their order, and refuses one that is not there with the nearest', async () => {
    const wanted = ['dc/ups-b1/battery-charge', 'dc/ups-a1/battery-charge'];
    expect((await search({ points: wanted.join(',') })).map(({ id }) => id)).toEqual(wanted);
    const refused = await ask({ points: 'dc/ups-a1/battery-chrge' });
    expect(refused.status).toBe(404);
    expect(refused.text).toContain('did you mean');
  });

  it('refuses neither and both, eleven words and 51 points', async () => {
    expect((await ask({})).status).toBe(400);
    expect((await ask({ text: 'a', points: 'b' })).status).toBe(400);
    expect((await ask({ text: 'a b c d e f g h i j k' })).text).toContain('10 at most');
    const many = server.model.points.slice(0, 51).map(({ id }) => id);
    expect((await ask({ points: many.join(',') })).text).toContain('50 at once');
  });
});
