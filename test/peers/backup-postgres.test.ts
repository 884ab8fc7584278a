import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeBackup } from '../../cli/backup.ts';
import { withOperations } from '../../cli/operations.ts';
import { restoreBackup } from '../../cli/restore.ts';
import { addUser, listUsers } from '../../cli/user.ts';
import { startPostgres } from '../support/databases.ts';
import { peer } from '../support/peers.ts';

test('operations in PostgreSQL are dumped and come back in an empty database, and only there', async (context) => {
  peer(context, 'postgres');
  const dir = mkdtempSync(path.join(os.tmpdir(), 'pantau-backup-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const server = await startPostgres();
  onTestFinished(() => server.stop());
  const url = await server.createDatabase();
  const place = { PANTAU_DATA: dir, PANTAU_DATABASE_URL: url, PANTAU_INFLUX_URL: undefined };
  await withOperations(place, (db, means) =>
    addUser(db, { name: 'sari', role: 'operator', password: 'rahasia-sari' }, means),
  );
  const data = path.join(dir, 'data');
  const out = path.join(dir, 'backup');
  const quiet = { progress: () => undefined };
  const made = await makeBackup(
    { ...place, PANTAU_DATA: mkdtempSync(path.join(dir, 'old-')) },
    { out, configDir: path.join(dir, 'none'), version: '0.1.0', now: 0, ...quiet },
  );
  expect(made).toMatchObject({ operations: 'postgresql', files: [{ path: 'data/operations.pgdump' }] });
  expect(JSON.stringify(made)).not.toContain(server.password);

  await expect(restoreBackup({ backup: out, dataDir: data, ...quiet })).rejects.toThrow(
    /PANTAU_DATABASE_URL/,
  );
  const empty = await server.createDatabase();
  await restoreBackup({ backup: out, dataDir: data, databaseUrl: empty, ...quiet });
  const users = await withOperations({ ...place, PANTAU_DATABASE_URL: empty }, (db) => listUsers(db));
  expect(users).toMatch(/sari +operator/);

  const again = path.join(dir, 'again');
  await expect(restoreBackup({ backup: out, dataDir: again, databaseUrl: empty, ...quiet })).rejects.toThrow(
    /pg_restore failed: .*already exists/s,
  );
  expect(await withOperations({ ...place, PANTAU_DATABASE_URL: empty }, (db) => listUsers(db))).toBe(users);
});
