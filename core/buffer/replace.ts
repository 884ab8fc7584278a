import { setFileAside } from '../damage.ts';
import type { BufferLog } from './disk.ts';
import { openBatchFile, type BatchFile } from './file.ts';
import { BufferDamagedError } from './schema.ts';

export interface FileOptions {
  readonly path: string;
  readonly limitBytes: number;
  readonly log: BufferLog;
  /** Epoch ms, for the name of a file that is set aside. */
  readonly now: () => number;
}

/** Opens the file; one that is damaged is set aside and replaced, so that collecting goes on. Throws BufferLockedError or the disk's own error. */
export function openOrReplaceFile(options: FileOptions): BatchFile {
  const { path, limitBytes, log } = options;
  try {
    const file = openBatchFile({ path, limitBytes });
    if (file.interrupted)
      log.warn({ path }, 'buffer: the last run was killed; what it read in its last second is lost');
    return file;
  } catch (error) {
    if (!(error instanceof BufferDamagedError)) throw error;
    setAside(options, error.message);
    return openBatchFile({ path, limitBytes });
  }
}

/** Renames the file and its log; nobody may have it open. */
export function setAside({ path, log, now }: FileOptions, reason: string): void {
  const aside = setFileAside(path, now());
  log.error({ reason, aside }, 'buffer: the file is damaged; it is set aside and a new one begun');
}
