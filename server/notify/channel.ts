import type { PersonEntry } from '../../config/schema/people.ts';

/** One message to one person, in that person's language. */
export interface Message {
  /** The same for every attempt, so that a channel that gets it twice can tell. */
  readonly key: string;
  readonly subject: string;
  readonly text: string;
  /** The same as a page of HTML without any outside content. */
  readonly html: string;
  /** What stands below the subject on the screen of a phone. */
  readonly brief: string;
  /** Key of the first message about the same storm: later ones replace or follow it. Equal to `key` in the first one. */
  readonly thread: string;
  /** It tells of something new or worse; otherwise it only brings an earlier one up to date. */
  readonly isNews: boolean;
  /** Where the message can be answered: opens a page, changes nothing by itself. */
  readonly link: string;
  /** P1 or life safety. */
  readonly urgent: boolean;
  /** Further addresses, where the channel is e-mail. */
  readonly cc?: readonly string[];
  /** Files that go with it, where the channel can carry some. */
  readonly attachments?: readonly Attachment[];
}

interface Attachment {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** The channel may work later: network, full queue, an answer of the 4xx kind in SMTP. */
export class TryLater extends Error {
  override readonly name = 'TryLater';
  /** The channel may have taken the message all the same: it must come again as it was, or a person reads it twice. */
  readonly mayHaveArrived: boolean;

  constructor(message: string, options: ErrorOptions & { readonly mayHaveArrived?: boolean } = {}) {
    super(message, options);
    this.mayHaveArrived = options.mayHaveArrived ?? false;
  }
}

/** It will never work for this message or address. */
export class GiveUp extends Error {
  override readonly name: string = 'GiveUp';
}

/** The person has no address on this channel, or one that is refused: nothing is wrong with the channel. */
export class NoAddress extends GiveUp {
  override readonly name = 'NoAddress';
}

/** A way to reach people. `send` resolves with what the channel answered once it has accepted the message; rejects with TryLater or GiveUp. */
export interface ChannelDriver {
  send(person: PersonEntry, message: Message, signal: AbortSignal): Promise<string>;
  close(): void;
}
