import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { killOperations } from '../soak/kill-operations.ts';
import { startPostgres, type Postgres } from '../support/databases.ts';
import { peer } from '../support/peers.ts';

/** `npm run soak kill-operations` kills twenty times on each. */
const kills = 3;
let server: Postgres | undefined;
// A first start would build, and take longer than a start may.
beforeAll(
  () => void execFileSync(process.execPath, [fileURLToPath(new URL('../../bin/build.js', import.meta.url))]),
);
afterAll(() => server?.stop());

describe('a server that is killed (-9) while people write', () => {
  test(
    'has every acknowledged ticket, note, incident and journal entry once on SQLite',
    { timeout: 240_000 },
    async () => {
      const report = await killOperations({ kills });
      expect(report).toMatchObject({ missing: [], doubled: [] });
      expect(Math.min(report.tickets, report.notes, report.incidents, report.journal)).toBeGreaterThan(kills);
    },
  );

  test(
    'has every acknowledged ticket, note, incident and journal entry once on PostgreSQL',
    { timeout: 240_000 },
    async (context) => {
      peer(context, 'postgres');
      server = await startPostgres();
      const report = await killOperations({ kills, databaseUrl: await server.createDatabase() });
      expect(report).toMatchObject({ missing: [], doubled: [] });
      expect(Math.min(report.tickets, report.notes, report.incidents, report.journal)).toBeGreaterThan(kills);
    },
  );
});
