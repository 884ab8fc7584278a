import { createServer, type Server } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { simulatorDrills } from '../../cli/field.ts';
import { startServer } from '../server/support/server.ts';
import { freePort } from '../support/process.ts';

/** `/drills` beside a simulator that is stuck or gone. */

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function drillsOver(controlPort: number) {
  const server = await startServer({ drills: simulatorDrills(controlPort) });
  closing.push(() => server.close());
  return server;
}

test('a simulator that is gone is a 502 that says so', async () => {
  const server = await drillsOver(await freePort());
  const { status, text } = await server.api('/drills', { role: 'viewer' });
  expect(status).toBe(502);
  expect(text).toContain('simulator cannot be asked');
});

test('a simulator that accepts and never answers is a 504, for reading and for a command', async () => {
  const stuck: Server = createServer(() => undefined);
  await new Promise<void>((resolve) => {
    stuck.listen(0, '127.0.0.1', resolve);
  });
  closing.push(() => {
    stuck.closeAllConnections();
    stuck.close();
  });
  const address = stuck.address();
  const server = await drillsOver(typeof address === 'object' ? (address?.port ?? 0) : 0);
  const reading = server.api('/drills', { role: 'viewer' });
  const command = server.api('/drills', {
    role: 'operator',
    method: 'POST',
    body: { name: 'smoke', site: 'drc', action: 'start' },
  });
  for (const { status, text } of await Promise.all([reading, command])) {
    expect(status).toBe(504);
    expect(text).toContain('does not answer in time');
  }
});
