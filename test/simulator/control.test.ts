import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { controlHeader, serveControl } from '../../simulator/control.ts';
import { Field } from '../../simulator/field.ts';
import { shippedModel } from './support.ts';

/** The simulator's control port as a web page of another origin reaches it: a browser always says where a request comes from. */

const drill = JSON.stringify({ name: 'smoke', site: 'drc' });
const field = new Field(shippedModel(), { seed: 1, startAt: Date.now() });
let control: Awaited<ReturnType<typeof serveControl>>;
beforeAll(async () => {
  control = await serveControl({ field, port: 0, now: () => Date.now() });
});
afterAll(() => control.close());

function post(headers: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      { host: '127.0.0.1', port: control.port, path: '/drills', method: 'POST', headers },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    sent.on('error', reject);
    sent.end(drill);
  });
}

test.each([
  ['without the header, as a form can', {}],
  ['with an origin', { ...controlHeader, origin: 'https://evil.example' }],
  ['through a name that was rebound to loopback', { ...controlHeader, host: 'evil.example' }],
])('a command is refused %s', async (_case, headers) => {
  expect(await post(headers)).toBe(403);
  expect(field.running()).toEqual([]);
});

test('a command of ours is obeyed', async () => {
  expect(await post({ ...controlHeader })).toBe(200);
  expect(field.running()).toMatchObject([{ name: 'smoke', site: 'drc' }]);
});
