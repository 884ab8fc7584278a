import { auditEntryOf, writeAudit } from '../audit/trail.ts';
import type { Database } from '../db/schema.ts';
import { commissioningRepository, type CommissioningRecord } from './repository.ts';

/**
 * Keeps a comparison that was made in the shell of the server, with its audit entry or not at all. The entry has the form of the page's
 * command, so that both are found together; the actor says where it was made.
 */
export function keepFromShell(db: Database, record: CommissioningRecord): Promise<void> {
  const { id, at, actor, device, entries, note } = record;
  const [site = '', name = ''] = device.split('/');
  const entry = auditEntryOf(
    {
      actor,
      role: '',
      address: '',
      method: 'POST',
      path: '/commissioning/:site/:device',
      params: { site, device: name },
      body: {
        verdicts: entries.map(({ point, verdict, shown }) => ({ point, verdict, shown })),
        note,
      },
      status: 201,
      problem: null,
    },
    { id, at },
  );
  return db.transaction().execute(async (trx) => {
    await commissioningRepository(trx).add(record);
    await writeAudit(trx, [entry]);
  });
}
