import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeBackup } from '../../cli/backup.ts';
import { runVerifyLog } from '../../cli/verify-log.ts';
import { openDatabase } from '../../server/db/database.ts';
import { fillLog } from '../tamper/filled-log.ts';

let folder: string;
let witness: string;
let key: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pantau-verify-'));
  const db = await openDatabase(join(folder, 'data', 'operations.db'));
  const filled = await fillLog(db);
  key = filled.publicKey;
  witness = join(folder, 'witness.json');
  writeFileSync(witness, JSON.stringify(filled.witness));
  await filled.service.close();
  await db.destroy();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function verify(backup?: string): Promise<{ code: number; text: string }> {
  let text = '';
  const place = { PANTAU_DATA: join(folder, 'data'), PANTAU_DATABASE_URL: undefined };
  const code = await runVerifyLog(place, { backup, witness: [witness], key }, (line) => (text += line));
  return { code, text };
}

function insider(statement: string): void {
  const database = new DatabaseSync(join(folder, 'data', 'operations.db'));
  database.exec(statement);
  database.close();
}

it('answers 0 for what nobody touched, in the data folder and in a backup', async () => {
  const here = await verify();
  expect(here.text).toContain('60 entries');
  expect(here.text).toContain('every value is what was logged');
  expect(here.code).toBe(0);
  const out = join(folder, 'backup.tar.gz');
  await makeBackup(
    { PANTAU_DATA: join(folder, 'data'), PANTAU_DATABASE_URL: undefined, PANTAU_INFLUX_URL: undefined },
    {
      out, configDir: fileURLToPath(new URL('../../config/schema', import.meta.url)), version: '0', now: Date.now(), progress: () => undefined,
    },
  ); // prettier-ignore
  expect(await verify(out)).toEqual(here);
});

it('answers 1 and names the first bad record first', async () => {
  insider(`update audit_entry set actor = 'ana' where subject = 'i2'`);
  insider(`delete from field_event where id = 'dc/door-a/4'`);
  const { code, text } = await verify();
  expect(code).toBe(1);
  expect(text).toMatch(
    /2 problems:\ndeleted: entry 5: row "dc\/door-a\/4" of field_event was deleted\nedited: entry 5\d/,
  );
});

it('refuses what is no data folder, no witness and no key, and says what to give', async () => {
  const ask = (change: object, data = folder) =>
    runVerifyLog(
      { PANTAU_DATA: data, PANTAU_DATABASE_URL: undefined },
      { witness: [], ...change },
      () => undefined,
    );
  await expect(ask({})).rejects.toThrow('name it with PANTAU_DATA');
  await expect(ask({ witness: [join(folder, 'none')] })).rejects.toThrow('cannot be read');
  await expect(ask({ key: 'abc' }, join(folder, 'data'))).rejects.toThrow('GET /api/v1/log shows it');
});
