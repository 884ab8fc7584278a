import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../../core/durable-file.ts';
import type { ReportKind } from '../contracts/reports.ts';
import type { DeliveryRow, ReportFileRow, ReportHead, ReportRepository } from './repository.ts';

/** The row is there and its file is not, or is another one. */
export class ReportDamaged extends Error {
  override readonly name = 'ReportDamaged';
}

export interface MadeFile {
  readonly name: string;
  readonly type: string;
  readonly language: 'id' | 'en';
  readonly bytes: Uint8Array;
}

interface NewReport {
  readonly kind: ReportKind;
  /** Empty: all sites. */
  readonly site: string;
  readonly month: string;
  readonly reason: string | null;
  readonly madeBy: string;
  /** JSON of the figures. */
  readonly data: string;
  readonly files: (revision: number) => Promise<readonly MadeFile[]>;
  /** Mails to be sent, without what the store fills in. */
  readonly mails: readonly { readonly person: string; readonly subject: string; readonly text: string }[];
}

export interface KeptReports {
  readonly repository: ReportRepository;
  /** The next revision of its month; earlier ones stay. */
  keep(report: NewReport): Promise<ReportHead>;
  /** Undefined: there is no such file. Rejects with ReportDamaged. */
  file(
    report: string,
    name: string,
  ): Promise<{ readonly row: ReportFileRow; readonly bytes: Uint8Array } | undefined>;
}

/** Reports as they were made: figures in the database, files in the data folder, each with its SHA-256. */
export function createKeptReports(options: {
  readonly repository: ReportRepository;
  readonly folder: string;
  readonly clock: { now(): number };
  readonly newId: (at: number) => string;
}): KeptReports {
  const { repository, folder, clock, newId } = options;
  return {
    repository,
    async keep({ kind, site, month, reason, madeBy, data, files: make, mails }) {
      const earlier = await repository.list({ kind, site, month });
      const revision = Math.max(0, ...earlier.map((each) => each.revision)) + 1;
      const at = clock.now();
      const id = newId(at);
      const made = await make(revision);
      for (const { name, bytes } of made) await writeDurably(join(folder, id, name), bytes);
      const head = { id, kind, site, month, revision, reason, made_at: at, made_by: madeBy, sha256: hashOf(data) };
      await repository.add(
        { ...head, data },
        made.map(({ name, type, language, bytes }) => ({ report: id, name, type, language, bytes: bytes.length, sha256: hashOf(bytes) })),
        mails.map((mail) => newDelivery(mail, { id: newId(at), report: id, at })),
      );
      return head;
    },
    async file(report, name) {
      const row = (await repository.files([report])).find((each) => each.name === name);
      if (row === undefined) return undefined;
      const bytes = await readFile(join(folder, report, row.name)).catch(() => undefined);
      if (bytes === undefined || hashOf(bytes) !== row.sha256)
        throw new ReportDamaged(`${row.name} is missing or was changed in the data folder; restore reports/${report} from a backup`);
      return { row, bytes };
    },
  };
} // prettier-ignore

export function newDelivery(
  mail: { readonly person: string; readonly subject: string; readonly text: string; readonly path?: string },
  { id, report, at }: { readonly id: string; readonly report: string | null; readonly at: number },
): DeliveryRow {
  return {
    path: null,
    ...mail,
    id,
    report,
    state: 'waiting',
    created_at: at,
    attempts: 0,
    sent_at: null,
    answer: null,
  };
}

function hashOf(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}
