import type { Clock } from '../../core/clock.ts';
import { logLookup } from '../audit/entries.ts';
import { sortableId, type RandomBytes } from '../db/id.ts';
import { inChunks } from '../db/rows.ts';
import type { Database } from '../db/schema.ts';
import type { IdentityLookupTable } from '../db/schema/tickets.ts';

/** The number stays recognisable to somebody who holds the card; the rest of it is nobody else's business. */
const shownEnd = 3;
const shortest = 8;

/** An identity as everybody may see it: NIP, NIK or passport number with its last digits only. */
export function maskIdentity(identity: string): string {
  return identity.length < shortest ? '•••' : `•••${identity.slice(-shownEnd)}`;
}

/** What an answer showed, sent back as if it were a number. */
export function isMasked(identity: string): boolean {
  return identity.includes('•');
}

interface LookupFilter {
  readonly ticket?: string | undefined;
  /** Id of the last one shown. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** Every reading of identities is written down before it is answered. */
export interface IdentityLookups {
  record(lookup: {
    readonly tickets: readonly string[];
    readonly user: string;
    readonly reason: string;
  }): Promise<void>;
  /** Newest first. */
  list(filter: LookupFilter): Promise<IdentityLookupTable[]>;
}

export function createIdentityLookups(options: {
  readonly db: Database;
  readonly clock: Pick<Clock, 'now'>;
  readonly randomBytes: RandomBytes;
}): IdentityLookups {
  const { db, clock, randomBytes } = options;
  return {
    async record({ tickets, user, reason }) {
      const at = clock.now();
      const rows = tickets.map((ticket) => ({
        id: sortableId(at, randomBytes), ticket, at, user_name: user, reason,
      })); // prettier-ignore
      await db.transaction().execute(async (trx) => {
        await inChunks(rows, (chunk) =>
          trx
            .insertInto('identity_lookup')
            .values([...chunk])
            .execute(),
        );
        for (const row of rows) await logLookup(trx, row);
      });
    },
    list({ ticket, before, limit }) {
      let query = db.selectFrom('identity_lookup').selectAll();
      if (ticket !== undefined) query = query.where('ticket', '=', ticket);
      if (before !== undefined) query = query.where('id', '<', before);
      return query.orderBy('id', 'desc').limit(limit).execute();
    },
  };
}
