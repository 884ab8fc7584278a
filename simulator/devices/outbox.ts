import type { Aedes } from 'aedes';

interface Outgoing {
  readonly topic: string;
  readonly payload: string;
  readonly retain: boolean;
}

export interface Outbox {
  send(message: Outgoing): void;
  /** Resolves when all that was sent is with the subscribers. */
  idle(): Promise<void>;
}

/** A subscriber that takes nothing any more must not fill our memory: a real broker drops as well. */
const longest = 5_000;

/**
 * Publishes one message after another. Aedes stores a retained message before it delivers it, and takes what was overtaken
 * meanwhile for a duplicate: without an order, last wills would be lost among the measurements.
 */
export function createOutbox(broker: Aedes): Outbox {
  const waiting: Outgoing[] = [];
  const idlers: (() => void)[] = [];
  let busy = false;

  function next(): void {
    const message = waiting.shift();
    busy = message !== undefined;
    if (message === undefined) {
      for (const resolve of idlers.splice(0)) resolve();
      return;
    }
    const { topic, retain, payload } = message;
    broker.publish({ cmd: 'publish', qos: 0, dup: false, retain, topic, payload: Buffer.from(payload) }, () =>
      setImmediate(next),
    );
  }

  return {
    send(message) {
      if (waiting.length >= longest) waiting.shift();
      waiting.push(message);
      if (!busy) next();
    },
    idle: () => (busy ? new Promise((resolve) => idlers.push(resolve)) : Promise.resolve()),
  };
}
