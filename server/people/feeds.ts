import { sha256 } from '../auth/tokens.ts';
import { sortableId, type RandomBytes } from '../db/id.ts';
import type { Database } from '../db/schema.ts';

/** An address that a calendar program reads the roster from, without a sign-in. */
export interface Feed {
  readonly id: string;
  /** Null: the whole roster. */
  readonly person: string | null;
  readonly createdAt: number;
  readonly createdBy: string;
}

/** The token in the address opens one calendar and nothing else. Only its hash is kept. */
export interface Feeds {
  list(): Promise<Feed[]>;
  /** With the token, which can be shown this once. */
  add(person: string | null, by: { readonly actor: string; readonly at: number }): Promise<Feed & { readonly token: string }>;
  find(token: string): Promise<Feed | undefined>;
  /** False: there is none. */
  remove(id: string): Promise<boolean>;
} // prettier-ignore

export function createFeeds(db: Database, randomBytes: RandomBytes): Feeds {
  return {
    async list() {
      const rows = await db.selectFrom('calendar_feed').selectAll().orderBy('id').execute();
      return rows.map(feedOf);
    },
    async add(person, { actor, at }) {
      const token = Buffer.from(randomBytes(32)).toString('base64url');
      const row = {
        id: sortableId(at, randomBytes),
        person,
        hash: sha256(token),
        created_at: at,
        created_by: actor,
      };
      await db.insertInto('calendar_feed').values(row).execute();
      return { ...feedOf(row), token };
    },
    async find(token) {
      const row = await db
        .selectFrom('calendar_feed')
        .selectAll()
        .where('hash', '=', sha256(token))
        .executeTakeFirst();
      return row === undefined ? undefined : feedOf(row);
    },
    async remove(id) {
      const { numDeletedRows } = await db.deleteFrom('calendar_feed').where('id', '=', id).executeTakeFirst();
      return numDeletedRows > 0n;
    },
  };
}

interface FeedRow {
  readonly id: string;
  readonly person: string | null;
  readonly created_at: number;
  readonly created_by: string;
}

function feedOf({ id, person, created_at: createdAt, created_by: createdBy }: FeedRow): Feed {
  return { id, person, createdAt, createdBy };
}
