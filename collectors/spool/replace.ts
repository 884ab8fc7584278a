import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { SpoolDamagedError } from './schema.ts';
import { openSpool, type Spool } from './spool.ts';

/**
 * Opens the spool of a folder, or, where the file is damaged, puts it aside and begins anew: collecting goes on. Throws
 * SpoolLockedError or what the disk says.
 */
export function openOrReplaceSpool(options: {
  readonly dir: string;
  readonly limitBytes: number;
  readonly log: Logger;
  /** Epoch ms, for the name of what is put aside. */
  readonly now: number;
}): Spool {
  const { dir, limitBytes, log, now } = options;
  const path = join(dir, 'spool.db');
  try {
    const spool = openSpool({ path, limitBytes });
    if (spool.interrupted)
      log.warn('the last run did not end in order; what it read in its last second is lost');
    return spool;
  } catch (error) {
    if (!(error instanceof SpoolDamagedError)) throw error;
    const aside = `${path}.damaged-${now}`;
    for (const end of ['', '-wal', '-shm']) if (existsSync(path + end)) renameSync(path + end, aside + end);
    log.error({ reason: error.message, aside }, 'the spool is damaged; it is put aside and a new one begun');
    return openSpool({ path, limitBytes });
  }
}
