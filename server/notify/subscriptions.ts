import { createHash } from 'node:crypto';
import type { Database } from '../db/schema.ts';
import type { PushSubscriptionTable } from '../db/schema/people.ts';

export type SubscriptionRow = Readonly<PushSubscriptionTable>;

/** What a browser is reached by. */
export interface NewSubscription {
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
  /** What the browser says it is. */
  readonly device: string;
}

/** The push service has forgotten this address for good: the browser must subscribe again to get another one. */
export class BrowserForgotten extends Error {
  override readonly name = 'BrowserForgotten';
}

/** Browsers that receive push, by person. Kept in memory as well: a page must go out while the store is away. */
export interface Subscriptions {
  /** That can be sent to, the latest first. */
  of(person: string): readonly SubscriptionRow[];
  /** New, or seen again: a page was opened there. A browser belongs to whoever opened it last. Rejects with BrowserForgotten. */
  renew(person: string, subscription: NewSubscription, at: number): Promise<SubscriptionRow>;
  /** The push service took a message for it. */
  sent(id: string, at: number): void;
  failed(id: string, at: number, why: string): void;
  /** From now on nothing is sent to it. `person`: only if it is theirs. False: it is not, or ended before. */
  end(id: string, by: { readonly person?: string; readonly at: number; readonly why: string }): boolean;
  /** As `end`, because the push service no longer knows it. */
  forgotten(id: string, at: number, why: string): void;
  /** Resolves once what happened is in the store, or cannot be. */
  settled(): Promise<void>;
}

const forgottenMark = 'forgotten: ';
/** One person, one browser at each; more than this is somebody filling the table. */
const mostOfOne = 20;

export async function openSubscriptions(
  db: Database,
  failing: (error: unknown) => void,
): Promise<Subscriptions> {
  const rows = await db
    .selectFrom('push_subscription')
    .selectAll()
    .where('ended_at', 'is', null)
    .orderBy('renewed_at')
    .execute();
  const known = new Map(rows.map((row): [string, SubscriptionRow] => [row.id, row]));
  let writing: Promise<unknown> = Promise.resolve();

  /** In order, one after the other; a failure loses a time stamp, not a message. */
  function write(row: SubscriptionRow): Promise<void> {
    const { id: _id, ...change } = row;
    const done = writing.then(() =>
      db
        .insertInto('push_subscription')
        .values(row)
        .onConflict((conflict) => conflict.column('id').doUpdateSet(change))
        .execute(),
    );
    writing = done.catch(failing);
    return done.then(() => undefined);
  }

  function change(id: string, what: Partial<SubscriptionRow>): void {
    const row = known.get(id);
    if (row === undefined) return;
    const next = { ...row, ...what };
    if (next.ended_at === null) known.set(id, next);
    else known.delete(id);
    write(next).catch(() => undefined);
  }

  function ended(id: string): Promise<SubscriptionRow | undefined> {
    return db.selectFrom('push_subscription').selectAll().where('id', '=', id).executeTakeFirst();
  }

  function of(person: string): SubscriptionRow[] {
    return [...known.values()]
      .filter((row) => row.person === person)
      .sort((a, b) => b.renewed_at - a.renewed_at);
  }

  return {
    of,
    async renew(person, subscription, at) {
      const id = createHash('sha256').update(subscription.endpoint).digest('hex').slice(0, 32);
      const before = known.get(id) ?? (await ended(id));
      if (before?.failure?.startsWith(forgottenMark) === true && before.ended_at !== null)
        throw new BrowserForgotten('the push service has forgotten this browser; subscribe again');
      const row: SubscriptionRow = {
        sent_at: null,
        created_at: at,
        ...before,
        ...subscription,
        failure: null,
        failed_at: null,
        id,
        person,
        renewed_at: at,
        ended_at: null,
      };
      await write(row);
      known.set(id, row);
      for (const surplus of of(person).slice(mostOfOne))
        change(surplus.id, { ended_at: at, failure: `more than ${mostOfOne} browsers` });
      return row;
    },
    sent: (id, at) => change(id, { sent_at: at, failed_at: null, failure: null }),
    failed: (id, at, why) => change(id, { failed_at: at, failure: why.slice(0, 500) }),
    end(id, { person, at, why }) {
      const row = known.get(id);
      if (row === undefined || (person !== undefined && row.person !== person)) return false;
      change(id, { ended_at: at, failure: why });
      return true;
    },
    forgotten: (id, at, why) => change(id, { ended_at: at, failure: `${forgottenMark}${why}` }),
    settled: () => writing.then(() => undefined),
  };
}
