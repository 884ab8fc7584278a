import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyLog } from '../../server/audit/verify.ts';
import { openDatabase } from '../../server/db/database.ts';
import { ConstraintViolation } from '../../server/db/errors.ts';
import { startPostgres } from '../support/databases.ts';
import { fillLog } from '../tamper/filled-log.ts';
import { drawOf, tamper } from '../tamper/tampering.ts';

/** 10,000 random changes of the stored rows on each database, each verified and undone. TAMPER_CHANGES and TAMPER_SEED say otherwise. */
const changes = Number(process.env['TAMPER_CHANGES'] ?? 10_000);
const seed = Number(process.env['TAMPER_SEED'] ?? 1);

class Undone extends Error {}

async function run(name: string, where: string): Promise<void> {
  const db = await openDatabase(where);
  const { service, witness, publicKey } = await fillLog(db);
  const draw = drawOf(seed);
  const count = { tried: 0, refused: 0 };
  const missed: string[] = [];
  try {
    const untouched = await verifyLog(db, { witnesses: [witness], publicKey });
    if (untouched.problems > 0) throw new Error(`nobody touched it: ${JSON.stringify(untouched.findings)}`);
    while (count.tried < changes) {
      try {
        await db.transaction().execute(async (trx) => {
          const change = await tamper(trx, draw);
          if (change !== undefined) {
            const { problems } = await verifyLog(trx, { witnesses: [witness], publicKey });
            count.tried += 1;
            if (problems === 0) missed.push(change);
            if (count.tried % 1_000 === 0)
              process.stdout.write(`${name}: ${count.tried} changes, ${missed.length} missed\n`);
          }
          throw new Undone();
        });
      } catch (error) {
        if (error instanceof Undone) continue;
        // The database itself refuses a number twice, or a row without its ticket.
        if (!(error instanceof ConstraintViolation)) throw error;
        count.refused += 1;
      }
    }
  } finally {
    await service.close();
    await db.destroy();
  }
  process.stdout.write(`${name}: ${count.tried} changes, ${count.tried - missed.length} found, ${count.refused} refused by the database\n`); // prettier-ignore
  for (const change of missed.slice(0, 20)) process.stdout.write(`  missed: ${change}\n`);
  if (missed.length > 0) process.exitCode = 1;
}

const folder = await mkdtemp(join(tmpdir(), 'pantau-tamper-'));
const postgres = await startPostgres();
try {
  await run('SQLite', join(folder, 'operations.db'));
  await run('PostgreSQL', await postgres.createDatabase());
} finally {
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}
