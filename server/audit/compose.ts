import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import { openKey } from '../../core/log/key.ts';
import type { Teardown } from '../../core/teardown.ts';
import type { RandomBytes } from '../db/id.ts';
import type { Database } from '../db/schema.ts';
import { openLog, type LogService } from './service.ts';
import { createAuditTrail, type AuditTrail } from './trail.ts';
import { openVerifications, type Verifications } from './verifications.ts';

interface Audit {
  readonly auditTrail: AuditTrail;
  readonly provenLog: LogService;
  readonly verifications: Verifications;
}

/** The trail of what users did, the log that proves it, and the verification of that. */
export async function openAudit(
  options: {
    readonly db: Database;
    /** File or URL of the same database. */
    readonly operationsAt: string;
    readonly dataDir: string;
    readonly newId: (at: number) => string;
    readonly randomBytes: RandomBytes;
    readonly clock: Clock;
    readonly log: Logger;
  },
  teardown: Teardown,
): Promise<Audit> {
  const { db, operationsAt, dataDir, newId, randomBytes, clock, log } = options;
  const auditTrail = createAuditTrail({ db, clock, randomBytes, log });
  const provenLog = await openLog({ db, clock, log, signer: openKey(join(dataDir, 'log-key.pem')) });
  teardown.add('log', () => provenLog.close());
  const { publicKey } = provenLog;
  const verifications = await openVerifications({ db, where: operationsAt, publicKey, clock, newId, log });
  teardown.add('verification of the log', () => verifications.close());
  return { auditTrail, provenLog, verifications };
}
