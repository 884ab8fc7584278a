import { Agent, get } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type TestServer } from '../support/server.ts';

/** What a signed-in caller of the lowest role may ask for must not hold up the process that polls the field. */

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

/** Turns of the event loop that go by while the work is done: a poll can begin in each. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let turns = 0;
  const state = { isDone: false };
  void work.finally(() => {
    state.isDone = true;
  });
  while (!state.isDone) {
    await new Promise((resolve) => setImmediate(resolve));
    turns += 1;
  }
  return turns;
}

test.each(['json', 'csv'])('the whole estate as %s is made in slices, and is whole', async (format) => {
  const answer = server.api(`/snapshot?format=${format}`, { role: 'wall' });
  const turns = await turnsDuring(answer);
  const { status, text } = await answer;
  expect(status).toBe(200);
  const rows = format === 'csv' ? text.split('\r\n').length - 2 : (text.match(/"id":"/g)?.length ?? 0);
  expect(rows).toBe(server.model.points.length);
  // 500 rows a slice, made and written: one that is made at once has a handful.
  expect(turns).toBeGreaterThan(server.model.points.length / 500);
});

test('a caller that asks for more at once than it may is refused, and told when to try again', async () => {
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => server.api('/snapshot?format=csv', { role: 'wall' })),
  );
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused[0]?.headers.get('retry-after')).toBe('1');
  expect(answers.filter(({ status }) => status === 200).length).toBe(10 - refused.length);
});

test('a client that goes away ends the work for it, and the next one is served', async () => {
  for (let round = 1; round <= 8; round += 1) {
    await new Promise<void>((resolve) => {
      const request = get(
        `${server.url}/api/v1/snapshot?format=csv`,
        { agent: new Agent(), headers: { authorization: `Bearer ${server.tokens.get('wall')}` } },
        (response) => {
          response.once('data', () => response.destroy());
          response.once('close', resolve);
        },
      );
      request.once('error', () => resolve());
    });
  }
  expect((await server.api('/snapshot?format=csv', { role: 'wall' })).status).toBe(200);
  expect(server.lines.join('')).not.toContain('request failed');
});
