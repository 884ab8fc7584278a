import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { witnessOnce } from '../../../collectors/remote/witness.ts';
import { systemClock } from '../../../core/clock.ts';
import { openKey } from '../../../core/log/key.ts';
import { witnessFile } from '../../../core/log/witness-file.ts';
import { verifyLog } from '../../../server/audit/verify.ts';
import { logView } from '../../../server/contracts/audit.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const path = () => join(server.dataDir, 'witness.json');
const kept = () => witnessFile.parse(JSON.parse(readFileSync(path(), 'utf8')));
const round = () =>
  witnessOnce(
    {
      url: server.url,
      token: server.tokens.get('collector') ?? '',
      path: path(),
      signer: openKey(join(server.dataDir, 'witness-key.pem')),
      clock: systemClock,
    },
    new AbortController().signal,
  );
const command = () => server.api('/tickets/none/approve', { method: 'POST', role: 'manager', body: {} });
const log = async () => logView.parse((await server.api('/log', { role: 'viewer' })).json);

it('a collector keeps and countersigns each checkpoint, and the server shows that it did', async () => {
  await round();
  expect((await log()).witnesses).toEqual([]);
  for (const number of [1, 2, 3]) {
    await command();
    await server.provenLog.checkpointNow();
    await round();
    const { witnesses, checkpoint } = await log();
    expect(witnesses).toMatchObject([{ name: 'collector', number, size: checkpoint?.size }]);
    expect(checkpoint?.note).toContain('\u2014 collector ');
  }
  // One round more without a new checkpoint adds nothing.
  await round();
  // Of a day, the first and the last.
  expect(kept().checkpoints.map(({ number }) => number)).toEqual([1, 3]);
  const verified = await verifyLog(server.db, { witnesses: [kept()] });
  expect(verified).toMatchObject({ problems: 0, witnessed: 2 });
});

it('a collector refuses a checkpoint that does not continue its last, and the server reports it', async () => {
  const before = readFileSync(path(), 'utf8');
  const { checkpoints, ...file } = kept();
  const last = checkpoints.at(-1);
  if (last === undefined) throw new Error('nothing was kept');
  // As if the collector had seen another history of the same length.
  const seen = { ...last, root: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=' };
  writeFileSync(path(), JSON.stringify({ ...file, checkpoints: [seen] }));
  await command();
  await server.provenLog.checkpointNow();
  await expect(round()).rejects.toThrow('does not continue checkpoint 3');
  expect((await log()).problem).toBe(
    'witness collector: checkpoint 4 does not continue checkpoint 3: the log was written again',
  );
  expect((await server.ask('/api/v1/health', { role: 'viewer' })).text).toContain(
    'the log was written again',
  );
  expect(kept().checkpoints).toEqual([seen]);
  writeFileSync(path(), before);
});

it('the key that a witness began with is the only one that is taken', async () => {
  rmSync(join(server.dataDir, 'witness-key.pem'));
  await expect(round()).rejects.toThrow('answers 409');
});
