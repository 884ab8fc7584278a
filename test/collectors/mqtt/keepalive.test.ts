import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { connectBroker } from '../../../collectors/drivers/mqtt/broker.ts';
import { silentLog } from '../../support/field.ts';

/** A broker (MQTT 3.1.1) that publishes on `t` all the time, and answers no ping: its answer waits behind the messages. */
async function busyBroker() {
  const seen = { connections: 0, pings: 0 };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    seen.connections += 1;
    let publishing: NodeJS.Timeout | undefined;
    socket.on('error', () => undefined).on('close', () => clearInterval(publishing));
    socket.on('data', (data) => {
      for (let at = 0; at < data.length; at += 2 + (data[at + 1] ?? 0)) {
        const kind = data.readUInt8(at) >> 4;
        if (kind === 1) socket.write(Buffer.from([0x20, 2, 0, 0]));
        if (kind === 12) seen.pings += 1;
        if (kind !== 8) continue;
        socket.write(Buffer.from([0x90, 3, data[at + 2] ?? 0, data[at + 3] ?? 0, 0]));
        publishing ??= setInterval(() => socket.write(Buffer.from([0x30, 4, 0, 1, 0x74, 0x31])), 50);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  const address = server.address();
  return { seen, port: typeof address === 'object' && address !== null ? address.port : 0 };
}

test('a connection that brings messages is kept though the answer to a ping is late, and pings go on', async () => {
  const { seen, port } = await busyBroker();
  let messages = 0;
  const connection = connectBroker({
    broker: { key: 't/main', url: `mqtt://127.0.0.1:${port}`, version: '3.1.1' },
    filters: ['t'],
    onConnect: () => undefined,
    onMessage: () => void (messages += 1),
    onTrouble: () => undefined,
    onRefused: () => undefined,
    log: silentLog,
    timing: { keepaliveS: 1, reconnectMs: 50, connectMs: 5_000 },
  });
  onTestFinished(() => connection.end());
  // Longer than one and a half times the keep-alive, at which a silent one is given up.
  await expect.poll(() => messages, { timeout: 20_000 }).toBeGreaterThan(40);
  expect(seen.connections).toBe(1);
  expect(seen.pings).toBeGreaterThan(1);
});
