import { createServer } from 'node:http';
import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createFront } from '../../server/front.ts';

async function answerTo(text: string): Promise<string> {
  const front = createFront();
  front.open(createServer((_request, response) => response.end('fine')));
  await new Promise<void>((resolve) => {
    front.server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    front.server.closeAllConnections();
    front.server.close();
  });
  const address = front.server.address();
  const socket = connect(typeof address === 'object' ? (address?.port ?? 0) : 0, '127.0.0.1');
  let answer = '';
  socket.on('data', (data: Buffer) => (answer += data.toString()));
  socket.end(text);
  await new Promise((resolve) => socket.once('close', resolve));
  return answer;
}

test('an address of 5,000 points is a problem that says what to do', async () => {
  const points = Array.from({ length: 5_000 }, (_, index) => `dc/point-${index}`).join(',');
  const answer = await answerTo(`GET /api/v1/history?points=${points} HTTP/1.1\r\nHost: x\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 431 .*application\/problem\+json.*ask for fewer things at once/s);
});

test('what is no HTTP is answered as such, and a request as usual', async () => {
  expect(await answerTo('hello\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 .*"status":400/s);
  expect(await answerTo('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toMatch(/200 OK.*fine/s);
});
