import { z } from 'zod';

/** A note that could not be sent; it is sent when the server can be reached again. */
const waitingNote = z.object({
  /** Also the key of its request: the server may have it although no answer came. */
  id: z.string(),
  incident: z.string(),
  text: z.string(),
  /** When it was written, epoch ms. */
  at: z.number(),
  /** Why the server refused it; null: it was not reached. */
  problem: z.string().nullable(),
});
export type WaitingNote = z.infer<typeof waitingNote>;

/** As much of a browser's storage as the outbox needs. */
interface Keep {
  getItem(name: string): string | null;
  setItem(name: string, text: string): void;
}
const key = 'pantau.antrean';

/** Notes that wait, oldest first; they outlive the page. What cannot be read is no note. */
export function outboxIn(storage: Keep) {
  const read = (): WaitingNote[] => {
    try {
      return z.array(waitingNote).parse(JSON.parse(storage.getItem(key) ?? '[]'));
    } catch {
      return [];
    }
  };
  const write = (notes: readonly WaitingNote[]): void => {
    storage.setItem(key, JSON.stringify(notes));
  };
  return {
    read,
    add: (note: WaitingNote): void => {
      write([...read().filter(({ id }) => id !== note.id), note]);
    },
    remove: (id: string): void => {
      write(read().filter((note) => note.id !== id));
    },
    refuse: (id: string, problem: string): void => {
      write(read().map((note) => (note.id === id ? { ...note, problem } : note)));
    },
  };
}
export type Outbox = ReturnType<typeof outboxIn>;

export type Sent = 'sent' | 'unreached' | { readonly problem: string };

/** Sends what waits, in order; stops at the first that does not get through. What the server refuses is kept with its reason. */
export async function sendWaiting(outbox: Outbox, send: (note: WaitingNote) => Promise<Sent>): Promise<void> {
  for (const note of outbox.read().filter(({ problem }) => problem === null)) {
    const how = await send(note);
    if (how === 'unreached') return;
    if (how === 'sent') outbox.remove(note.id);
    else outbox.refuse(note.id, how.problem);
  }
}

/** Names a note before it is sent. `crypto.randomUUID` is missing on plain http, which a control room may use. */
export function newNoteKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}
