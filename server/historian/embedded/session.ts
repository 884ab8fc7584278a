import { statSync } from 'node:fs';
import type { Logger } from 'pino';
import type { Clock } from '../../../core/clock.ts';
import { openReader, type Reader } from './reader.ts';
import { startWriter, type Writer } from './writer.ts';

/** One file that is open: a thread that writes it and a connection that reads it. */
export interface Session {
  readonly writer: Writer;
  readonly reader: Reader;
  /** False once the file at the path is another one, or none. */
  isAtItsPath(): boolean;
  close(): Promise<void>;
}

/** Rejects when the file cannot be opened or is damaged. */
export async function openSession(options: {
  readonly path: string;
  readonly clock: Clock;
  readonly log: Logger;
}): Promise<Session> {
  const { path } = options;
  const writer = await startWriter(options);
  try {
    const reader = openReader(path);
    const inode = inodeOf(path);
    return {
      writer,
      reader,
      isAtItsPath: () => inodeOf(path) === inode,
      async close() {
        reader.close();
        await writer.close();
      },
    };
  } catch (error) {
    await writer.close();
    throw error;
  }
}

function inodeOf(path: string): number | undefined {
  try {
    return statSync(path).ino;
  } catch {
    return undefined;
  }
}
