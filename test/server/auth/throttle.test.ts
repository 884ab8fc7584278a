import { createServer } from 'node:http';
import express, { type NextFunction, type Request, type Response } from 'express';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { signInThrottle } from '../../../server/auth/throttle.ts';
import { ProblemError } from '../../../server/http/problem.ts';

let status = 503;
const app = express();
app.post('/session', express.json(), ...signInThrottle(), (_request, response) => {
  response.status(status).end();
});
app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
  response.status(error instanceof ProblemError ? error.status : 500).end();
});
const server = createServer(app);

beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve())));
afterAll(() => new Promise((resolve) => server.close(resolve)));

async function signIn(): Promise<number> {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening');
  const answer = await fetch(`http://127.0.0.1:${address.port}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: 'ana', password: 'rahasia' }),
  });
  return answer.status;
}

it('does not count attempts that the server could not answer, and counts wrong passwords', async () => {
  for (let attempt = 0; attempt < 12; attempt += 1) expect(await signIn()).toBe(503);
  status = 401;
  for (let attempt = 0; attempt < 10; attempt += 1) expect(await signIn()).toBe(401);
  expect(await signIn()).toBe(429);
});
