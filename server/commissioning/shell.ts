import { shellEntry } from '../audit/shell.ts';
import { writeAudit } from '../audit/trail.ts';
import type { Database } from '../db/schema.ts';
import { commissioningRepository, type CommissioningRecord } from './repository.ts';

/** Keeps a comparison that `person` made in the shell of the server, with its audit entry or not at all. */
export function keepFromShell(db: Database, record: CommissioningRecord, person: string): Promise<void> {
  const { id, at, device, entries, note } = record;
  const [site = '', name = ''] = device.split('/');
  const verdicts = entries.map(({ point, verdict, shown }) => ({ point, verdict, shown }));
  const entry = shellEntry(
    {
      actor: person,
      method: 'POST',
      path: '/commissioning/:site/:device',
      params: { site, device: name },
      body: { verdicts, note },
    },
    { id, at },
  );
  return db.transaction().execute(async (trx) => {
    await commissioningRepository(trx).add(record);
    await writeAudit(trx, [entry]);
  });
}
