import type { Logger } from 'pino';
import type { FindingRepository, FindingRow } from './repository.ts';

/** Rows of findings on their way into the database. While it takes nothing they are kept, and tried again when asked to. */
export interface FindingRows {
  add(row: FindingRow): void;
  /** Findings that were live and are over. */
  end(ids: readonly string[], at: number): void;
  /** Writes what waits, if anything does. */
  writeSoon(): void;
  /** Resolves once everything that waited when it began is written, or could not be. */
  settled(): Promise<void>;
}

const rowsAtOnce = 500;

export function createFindingRows(
  findings: Pick<FindingRepository, 'add' | 'end'>,
  log: Logger,
): FindingRows {
  const unwritten: FindingRow[] = [];
  const unended = new Map<string, number>();
  let writing: Promise<void> | undefined;
  let failing = false;

  async function write(): Promise<void> {
    try {
      while (unwritten.length > 0 || unended.size > 0) {
        const rows = unwritten.slice(0, rowsAtOnce);
        await findings.add(rows);
        unwritten.splice(0, rows.length);
        for (const [id, at] of unended) {
          await findings.end([id], at);
          unended.delete(id);
        }
      }
      failing = false;
    } catch (error) {
      if (!failing) log.error({ err: error }, 'findings about entries cannot be stored; they are kept and tried again');
      failing = true;
    }
  } // prettier-ignore

  return {
    add: (row) => void unwritten.push(row),
    end(ids, at) {
      for (const id of ids) unended.set(id, at);
    },
    writeSoon() {
      if (unwritten.length === 0 && unended.size === 0) return;
      writing ??= write().finally(() => {
        writing = undefined;
      });
    },
    async settled() {
      await writing;
    },
  };
}
