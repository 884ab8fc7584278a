import type { Model } from '../../config/model.ts';
import type { Clock } from '../../core/clock.ts';
import type { Database } from '../db/schema.ts';
import { type CurrentValues, lastValues, readDeviceOnce } from './read.ts';
import { commissioningRepository } from './repository.ts';
import { createCommissioning, type Commissioning } from './service.ts';

interface CommissioningParts {
  readonly model: Model;
  readonly db: Database;
  /** Sites that this process polls itself: the devices of others it may not even reach. */
  readonly localSites: readonly string[];
  readonly newId: (at: number) => string;
  readonly clock: Clock;
  readonly current: CurrentValues;
}

export function openCommissioning({ db, current, ...parts }: CommissioningParts): Commissioning {
  return createCommissioning({
    ...parts,
    repository: commissioningRepository(db),
    readOnce: (device) => readDeviceOnce(device, parts.clock),
    lastValues: (device) => lastValues(device, current),
  });
}
