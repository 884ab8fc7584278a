import { postgresBin, startPostgres } from '../support/databases.ts';
import { killOperations } from './kill-operations.ts';

/** Kills the server `SOAK_KILLS` times (20) on SQLite and on PostgreSQL. Exit code 1 when an acknowledged write is missing or there twice. */
const kills = Number(process.env['SOAK_KILLS'] ?? 20);

async function report(name: string, databaseUrl?: string): Promise<void> {
  const { missing, doubled, tickets, notes, incidents, journal } = await killOperations({
    kills,
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
  });
  process.stdout.write(
    `${name}: ${kills} kills; ${tickets} tickets and ${notes} notes acknowledged, ${incidents} incidents and ${journal} journal entries shown as durable; ${missing.length} missing, ${doubled.length} twice\n`,
  );
  for (const each of missing) process.stdout.write(`missing: ${each}\n`);
  if (missing.length + doubled.length > 0) process.exitCode = 1;
}

await report('SQLite');
if (postgresBin() === undefined)
  process.stdout.write('PostgreSQL: not installed (apt-get install postgresql)\n');
else {
  const server = await startPostgres();
  try {
    await report('PostgreSQL', await server.createDatabase());
  } finally {
    await server.stop();
  }
}
