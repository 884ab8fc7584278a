import { callbackify } from 'node:util';
import { Store, type SessionData } from 'express-session';
import { z } from 'zod';
import type { Clock } from '../../core/clock.ts';
import type { Database } from '../db/schema.ts';
import { sha256 } from './tokens.ts';

declare module 'express-session' {
  interface SessionData {
    /** Name of the user who signed in; absent before. */
    user?: string;
  }
}

const stored = z.object({
  cookie: z.object({
    originalMaxAge: z.number(),
    httpOnly: z.boolean(),
    path: z.string(),
    secure: z.boolean(),
    sameSite: z.literal('lax'),
  }),
  user: z.string(),
});
/** A session is not written again for every request: it moves on when this much of its life has gone. */
const touchAfterShare = 0.01;

/** express-session's sessions in the operations database; only sessions of users are kept. */
export class SessionStore extends Store {
  readonly #db: Database;
  readonly #clock: Clock;
  constructor(db: Database, clock: Clock) {
    super();
    this.#db = db;
    this.#clock = clock;
  }

  override get(id: string, callback: (error: unknown, session?: SessionData | null) => void): void {
    callbackify(() => this.#read(id))(callback);
  }

  override set(
    id: string,
    session: SessionData,
    callback: (error?: unknown) => void = () => undefined,
  ): void {
    callbackify(() => this.#write(id, session))(callback);
  }

  override touch(
    id: string,
    session: SessionData,
    callback: (error?: unknown) => void = () => undefined,
  ): void {
    callbackify(() => this.#touch(id, session))(callback);
  }

  override destroy(id: string, callback: (error?: unknown) => void = () => undefined): void {
    callbackify(() => this.#db.deleteFrom('session').where('id', '=', sha256(id)).execute())(callback);
  }

  /** The user of a session that has not ended. */
  async userOf(id: string): Promise<string | undefined> {
    const row = await this.#db
      .selectFrom('session')
      .select('user_name')
      .where('id', '=', sha256(id))
      .where('expires_at', '>', this.#clock.now())
      .executeTakeFirst();
    return row?.user_name ?? undefined;
  }

  async #read(id: string): Promise<SessionData | null> {
    const row = await this.#db
      .selectFrom('session')
      .selectAll()
      .where('id', '=', sha256(id))
      .executeTakeFirst();
    if (row === undefined || row.expires_at <= this.#clock.now()) return null;
    const { cookie, user } = stored.parse(JSON.parse(row.data));
    return { cookie: { ...cookie, expires: new Date(row.expires_at) }, user };
  }

  async #write(id: string, session: SessionData): Promise<void> {
    // Of a sign-in that failed on the way: express-session saves with the answer whatever was begun.
    if (session.user === undefined) return;
    const now = this.#clock.now();
    const row = {
      user_name: session.user,
      data: JSON.stringify(stored.parse(JSON.parse(JSON.stringify(session)))),
      expires_at: now + (session.cookie.originalMaxAge ?? 0),
    };
    await this.#db.deleteFrom('session').where('expires_at', '<=', now).execute();
    await this.#db
      .insertInto('session')
      .values({ id: sha256(id), ...row })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .execute();
  }

  async #touch(id: string, session: SessionData): Promise<void> {
    const life = session.cookie.originalMaxAge ?? 0;
    const expiresAt = this.#clock.now() + life;
    const row = await this.#db
      .selectFrom('session')
      .select('expires_at')
      .where('id', '=', sha256(id))
      .executeTakeFirst();
    if (row === undefined || expiresAt - row.expires_at < life * touchAfterShare) return;
    await this.#db
      .updateTable('session')
      .set({ expires_at: expiresAt })
      .where('id', '=', sha256(id))
      .execute();
  }
}
