import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import { receiveFile, sweepIncoming } from '../../core/receive-file.ts';
import { iso } from '../../core/time.ts';
import type { AttachmentView } from '../contracts/handling.ts';
import type { Database, Schema } from '../db/schema.ts';
import { allowedKinds, fileCheck, safeName } from './file-type.ts';
import { HandlingRefused, type Handling } from './handling.ts';

/** The row is there and its file is not: the data folder is not the one that belongs to the database. */
export class AttachmentMissing extends Error {
  override readonly name = 'AttachmentMissing';
}

export const mostAttachmentBytes = 10 * 1_024 * 1_024;
const mostFiles = 50;

interface NewFile {
  readonly name: string;
  /** The bytes as they come. */
  readonly incoming: AsyncIterable<Uint8Array>;
  readonly actor: string;
}

/** Files of incidents: the row in the database, the bytes in the data folder under the row's id. */
export interface Attachments {
  list(incident: string): Promise<AttachmentView[]>;
  /** Undefined: there is no such incident. Rejects with FileRefused or HandlingRefused. */
  add(incident: string, file: NewFile): Promise<AttachmentView | undefined>;
  /** Undefined: there is no such file. Rejects with AttachmentMissing. */
  read(incident: string, id: string): Promise<{ view: AttachmentView; bytes: Uint8Array } | undefined>;
}

export function createAttachments(options: {
  readonly db: Database;
  /** Made when the first file comes. */
  readonly folder: string;
  readonly handling: Pick<Handling, 'amend'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly newId: (at: number) => string;
}): Attachments {
  const { db, folder, handling, clock, newId } = options;
  const swept = sweepIncoming(folder);

  async function list(incident: string): Promise<AttachmentView[]> {
    const rows = await db
      .selectFrom('incident_attachment')
      .selectAll()
      .where('incident', '=', incident)
      .orderBy('id')
      .execute();
    return rows.map(viewOf);
  }

  return {
    list,
    async add(incident, { name, incoming, actor }) {
      if ((await list(incident)).length >= mostFiles)
        throw new HandlingRefused(`an incident holds ${mostFiles} files at most`);
      const at = clock.now();
      const id = newId(at);
      await swept;
      const received = await receiveFile(incoming, {
        folder,
        id,
        mostBytes: mostAttachmentBytes,
        check: fileCheck(),
        allowed: allowedKinds,
      });
      const { type, bytes, sha256 } = received;
      const row = {
        id,
        incident,
        name: safeName(name, type),
        type: type.type,
        bytes,
        sha256,
        added_at: at,
        added_by: actor,
      };
      // The bytes first: a row without a file would be a promise that nobody keeps.
      await received.keep(join(folder, row.id));
      try {
        const known = await handling.amend(incident, () => ({
          change: {},
          event: { at, kind: 'attached', actor, note: row.name },
        }));
        if (known === undefined) {
          await rm(join(folder, row.id), { force: true });
          return undefined;
        }
        await db.insertInto('incident_attachment').values(row).execute();
      } catch (error) {
        await rm(join(folder, row.id), { force: true });
        throw error;
      }
      return viewOf(row);
    },
    async read(incident, id) {
      const row = await db
        .selectFrom('incident_attachment')
        .selectAll()
        .where('incident', '=', incident)
        .where('id', '=', id)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      const bytes = await readFile(join(folder, row.id)).catch(() => undefined);
      if (bytes === undefined || createHash('sha256').update(bytes).digest('hex') !== row.sha256)
        throw new AttachmentMissing(
          `the file of ${row.name} is missing or damaged in the data folder; restore attachments/${row.id} from a backup`,
        );
      return { view: viewOf(row), bytes };
    },
  };
}

function viewOf(row: Schema['incident_attachment']): AttachmentView {
  const { id, name, type, bytes, added_at: at, added_by: by } = row;
  return { id, name, type, bytes, addedAt: iso(at), addedBy: by };
}
