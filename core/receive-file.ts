import { createHash } from 'node:crypto';
import { mkdir, open, readdir, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { renameDurably } from './durable-file.ts';

/** A file that is not taken: `too-large` and `type` are told as soon as they are seen, before the rest of it has come. */
export class FileRefused extends Error {
  override readonly name = 'FileRefused';
  readonly reason: 'too-large' | 'type';
  constructor(reason: FileRefused['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Looks at a file as it comes. */
export interface TypeCheck<Type> {
  /** False: whatever follows, it is of no kind that is taken. */
  accept(part: Uint8Array): boolean;
  /** After the last part; undefined: of no kind that is taken. */
  end(): Type | undefined;
}

/** A file that has come whole and is on disk, still under a name of its own. */
export interface Received<Type> {
  readonly type: Type;
  readonly bytes: number;
  readonly sha256: string;
  /** Gives it its name; from then on it is there, also after a power cut. */
  keep(path: string): Promise<void>;
  /** Does nothing once it is kept. */
  discard(): Promise<void>;
}

const incomingPrefix = 'incoming-';

/** Removes what was still coming when the process ended; before the first file is received. */
export async function sweepIncoming(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names)
    if (name.startsWith(incomingPrefix)) await rm(join(folder, name), { force: true });
}

/**
 * Writes a file to disk while it comes, so that nobody's upload is held in memory. Rejects with FileRefused, or as the source does when
 * it breaks off; nothing is left behind then.
 */
export async function receiveFile<Type>(
  source: AsyncIterable<Uint8Array>,
  options: {
    readonly folder: string;
    /** Of the file while it comes; unique. */
    readonly id: string;
    readonly mostBytes: number;
    readonly check: TypeCheck<Type>;
    /** For the message of a refusal: what is taken. */
    readonly allowed: string;
  },
): Promise<Received<Type>> {
  const { folder, id, mostBytes, check, allowed } = options;
  const wrongType = (): FileRefused => new FileRefused('type', `by its content this is not ${allowed}; save it as one of these`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const part = join(folder, `${incomingPrefix}${id}`);
  const discard = (): Promise<void> => rm(part, { force: true });
  const file = await open(part, 'wx', 0o600);
  try {
    const { type, bytes, sha256 } = await written(file);
    await file.close();
    return { type, bytes, sha256, keep: (path) => renameDurably(part, path), discard };
  } catch (error) {
    await file.close();
    await discard();
    throw error;
  }

  async function written(handle: FileHandle): Promise<{ type: Type; bytes: number; sha256: string }> {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > mostBytes)
        throw new FileRefused('too-large', `the file is larger than ${mostBytes / 1_048_576} MB; make it smaller, or split it`);
      if (!check.accept(chunk)) throw wrongType();
      hash.update(chunk);
      await handle.writeFile(chunk);
    }
    const type = check.end();
    if (type === undefined) throw wrongType();
    await handle.sync();
    return { type, bytes, sha256: hash.digest('hex') };
  }
} // prettier-ignore
