import type { Channel } from '../../../config/schema/people.ts';
import type { Database } from '../../../server/db/schema.ts';
import { NoAddress, TryLater, type ChannelDriver } from '../../../server/notify/channel.ts';
import type { Dice } from '../../../bench/dice.ts';

/** The process is dead: nothing that it still does has any effect. */
class Killed extends Error {
  override readonly name = 'Killed';
}

/** Moments at which a process can die. */
export const moments = ['before a transaction', 'before its commit', 'after its commit', 'before the channel', 'after the channel took it'] as const; // prettier-ignore
export type Moment = (typeof moments)[number];

/** What lies in a person's mailbox or on their phone: one entry a message, however often it came under the same key. */
export interface Arrived {
  readonly person: string;
  readonly channel: Channel;
  readonly key: string;
  readonly text: string;
  /** How often it came. */
  times: number;
}

/** Outlives every process: the channels' mailboxes. */
export function createMailbox() {
  const arrived = new Map<string, Arrived>();
  const idOf = (...parts: readonly string[]): string => parts.join(' ');
  return {
    arrived: (): readonly Arrived[] => [...arrived.values()],
    has: (person: string, channel: Channel, key: string): boolean => arrived.has(idOf(person, channel, key)),
    deliver(one: Omit<Arrived, 'times'>): void {
      const id = idOf(one.person, one.channel, one.key);
      arrived.set(id, { ...one, times: (arrived.get(id)?.times ?? 0) + 1 });
    },
  };
}
export type Mailbox = ReturnType<typeof createMailbox>;

/**
 * One process over a store and mailboxes that outlive it. It dies at its `diesAt`-th moment; until it is healthy, its channels and its store
 * fail now and then.
 */
export function createLife(options: {
  readonly db: Database;
  readonly mailbox: Mailbox;
  readonly dice: Dice;
  readonly diesAt: number;
  readonly isHealthy: boolean;
}) {
  const { db, mailbox, dice, diesAt, isHealthy } = options;
  let passed = 0;
  let diedAt: Moment | undefined;
  let refuses = false;
  let isUnwritten = false;
  /** Transactions that have begun and not ended. The fake clock may run past the patience with the store while a real write is under way. */
  let writing = 0;
  /** Messages handed over meanwhile, as person, channel and key. */
  const undurable = new Set<string>();

  function at(moment: Moment): void {
    if (diedAt === undefined && ++passed === diesAt) diedAt = moment;
    if (diedAt !== undefined) throw new Killed(moment);
  }

  const transaction = () => ({
    async execute(work: Parameters<ReturnType<Database['transaction']>['execute']>[0]): Promise<unknown> {
      at('before a transaction');
      if (refuses) {
        isUnwritten = true;
        throw new Error('the disk is full');
      }
      writing += 1;
      try {
        const result = await db.transaction().execute(async (trx) => {
          const done = await work(trx);
          at('before its commit');
          return done;
        });
        at('after its commit');
        isUnwritten = false;
        return result;
      } finally {
        writing -= 1;
      }
    },
  });
  const store = new Proxy(db, {
    get(target, name) {
      if (name === 'transaction') return transaction;
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });

  const driver = (channel: Channel): ChannelDriver => ({
    // oxlint-disable-next-line typescript/require-await
    async send({ person }, { key, text }) {
      at('before the channel');
      const roll = isHealthy ? 0 : dice.whole(1, 20);
      if (roll === 19) throw new TryLater('451 busy');
      // Who took it before does not refuse it for good.
      if (roll === 20 && !mailbox.has(person, channel, key)) throw new NoAddress('550 no such user');
      mailbox.deliver({ person, channel, key, text });
      if (writing > 0) undurable.add(`${person} ${channel} ${key}`);
      at('after the channel took it');
      if (roll > 16) throw new TryLater('the answer was lost', { mayHaveArrived: true });
      return '250';
    },
    close: () => undefined,
  });

  return {
    store,
    channels: new Map<Channel, ChannelDriver>([['telegram', driver('telegram')], ['email', driver('email')]]), // prettier-ignore
    diedAt: () => diedAt,
    /** The store refused what was decided and has not taken it since, as far as the process knows: nobody after it can. */
    isUnwritten: (): boolean => isUnwritten,
    /** Handed over while the store was still writing, because it took longer than people may wait. */
    undurable: (): ReadonlySet<string> => undurable,
    /** From outside, between two moments. */
    kill: (): void => {
      diedAt ??= 'before a transaction';
    },
    refuse(does: boolean): void {
      refuses = does;
    },
  };
}
