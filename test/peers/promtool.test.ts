import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { good } from '../../core/reading.ts';
import { startServer, type TestServer } from '../server/support/server.ts';
import { peer } from '../support/peers.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({});
  const at = Date.now();
  server.pipeline.accept(
    server.model.points.flatMap(({ index, source, states }) => {
      const value = states === undefined ? 1 : ([...states.keys()][0] ?? 0);
      return source.from === 'formula' ? [] : [{ point: index, at, value, quality: good }];
    }),
  );
});
afterAll(() => server.close());

test.for(['/metrics', '/metrics/points'])('promtool has no complaint about %s', async (path, context) => {
  const program = peer(context, 'promtool');
  const { status, text } = await server.ask(path, { role: 'viewer' });
  expect(status).toBe(200);
  expect(text.split('\n').length).toBeGreaterThan(path === '/metrics' ? 100 : 80_000);
  const { stdout, stderr } = spawnSync(program, ['check', 'metrics'], { input: text, encoding: 'utf8' });
  expect(`${stdout}${stderr}`).toBe('');
});
