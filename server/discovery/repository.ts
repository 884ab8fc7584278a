import type { Database } from '../db/schema.ts';
import type { DiscoveryFindingTable } from '../db/schema/devices.ts';

export type FindingRow = Readonly<DiscoveryFindingTable>;
type Place = Pick<FindingRow, 'site' | 'protocol' | 'address'>;

export type DiscoveryRepository = ReturnType<typeof discoveryRepository>;

/** The only place that knows the SQL of findings. */
export function discoveryRepository(db: Database) {
  return {
    /** What is found again replaces what was known of it. */
    async keep({ site, protocol, address, ...rest }: FindingRow): Promise<void> {
      await db
        .insertInto('discovery_finding')
        .values({ site, protocol, address, ...rest })
        .onConflict((conflict) => conflict.columns(['site', 'protocol', 'address']).doUpdateSet(rest))
        .execute();
    },
    list(): Promise<FindingRow[]> {
      return db
        .selectFrom('discovery_finding')
        .selectAll()
        .orderBy('site')
        .orderBy('protocol')
        .orderBy('address')
        .execute();
    },
    /** False: there is none. */
    async remove({ site, protocol, address }: Place): Promise<boolean> {
      const result = await db
        .deleteFrom('discovery_finding')
        .where('site', '=', site)
        .where('protocol', '=', protocol)
        .where('address', '=', address)
        .executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
  };
}
