import type { Database } from '../db/schema.ts';

/** The only place that knows the SQL of walls. */
export function createWallRepository(db: Database) {
  return {
    /** Names of walls that painted since `since`, epoch ms. An account that is closed, removed or no wall any more is none. */
    async known(since: number): Promise<string[]> {
      const rows = await db.selectFrom('wall').select('name').where('painted_at', '>=', since).execute();
      const users = await db
        .selectFrom('user')
        .select('name')
        .where('role', '=', 'wall')
        .where('disabled_at', 'is', null)
        .execute();
      const tokens = await db.selectFrom('token').select('name').where('role', '=', 'wall').execute();
      const valid = new Set([...users.map(({ name }) => name), ...tokens.map(({ name }) => `token:${name}`)]);
      return rows.map(({ name }) => name).filter((name) => valid.has(name));
    },
    async painted(name: string, at: number): Promise<void> {
      await db
        .insertInto('wall')
        .values({ name, painted_at: at })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ painted_at: at }))
        .execute();
    },
  };
}
export type WallRepository = ReturnType<typeof createWallRepository>;
