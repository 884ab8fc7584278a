import type { PersonEntry } from '../../config/schema/people.ts';

/** One message to one person, in that person's language. */
export interface Message {
  /** The same for every attempt, so that a channel that gets it twice can tell. */
  readonly key: string;
  readonly subject: string;
  readonly text: string;
  /** Where the message can be answered: opens a page, changes nothing by itself. */
  readonly link: string;
  /** P1 or life safety. */
  readonly urgent: boolean;
}

/** The channel may work later: network, full queue, an answer of the 4xx kind in SMTP. */
export class TryLater extends Error {
  override readonly name = 'TryLater';
}

/** It will never work for this message or address. */
export class GiveUp extends Error {
  override readonly name = 'GiveUp';
}

/** A way to reach people. `send` resolves with what the channel answered once it has accepted the message; rejects with TryLater or GiveUp. */
export interface ChannelDriver {
  send(person: PersonEntry, message: Message, signal: AbortSignal): Promise<string>;
  close(): void;
}
