import type { RandomBytes } from './id.ts';
import type { Database } from './schema.ts';

/** A secret of the installation's own by name, 32 bytes in hex: made once and kept, so that a restart makes nothing invalid. */
export async function installationSecret(
  db: Database,
  { name, randomBytes }: { readonly name: string; readonly randomBytes: RandomBytes },
): Promise<string> {
  await db
    .insertInto('setting')
    .values({ key: name, value: Buffer.from(randomBytes(32)).toString('hex') })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute();
  const row = await db
    .selectFrom('setting')
    .select('value')
    .where('key', '=', name)
    .executeTakeFirstOrThrow();
  return row.value;
}
