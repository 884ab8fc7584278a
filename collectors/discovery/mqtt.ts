import { pino } from 'pino';
import type { Broker } from '../../config/model.ts';
import type { Clock } from '../../core/clock.ts';
import { connectBroker } from '../drivers/mqtt/broker.ts';
import type { Message } from '../drivers/mqtt/message.ts';

/** Topics kept at most; a broker of a whole ministry has more, and its first ones say enough. */
const mostTopics = 20_000;
/** Larger ones are no sensor's. */
const mostBytes = 65_536;
export const sparkplugRoot = 'spBv1.0/';

export interface Heard {
  /** Topic → the last payload, parsed where it is JSON; objects lie over those before them, since many devices send what has changed. */
  readonly topics: ReadonlyMap<string, unknown>;
  /** Topics that came beyond those kept. */
  readonly dropped: number;
}

/** Listens to everything that a broker passes on; publishes nothing. Rejects with the broker's own words where it lets nobody in. */
export async function listenToBroker(
  broker: Broker,
  {
    clock,
    forMs,
    signal,
    onTopics,
  }: {
    readonly clock: Clock;
    readonly forMs: number;
    readonly signal: AbortSignal;
    /** How many topics have brought something. */
    readonly onTopics?: (count: number) => void;
  },
): Promise<Heard> {
  const topics = new Map<string, unknown>();
  let dropped = 0;
  let refused: string | undefined;
  const connection = connectBroker({
    broker,
    filters: ['#'],
    onConnect: () => undefined,
    onMessage: (topic, { payload }: Message) => {
      if (payload.length > mostBytes) return;
      if (topics.size >= mostTopics && !topics.has(topic)) dropped += 1;
      else {
        const count = topics.size;
        topics.set(topic, laidOver(topics.get(topic), parsed(topic, payload)));
        if (topics.size > count) onTopics?.(topics.size);
      }
    },
    onTrouble: () => undefined,
    onRefused: () => {
      refused = 'the broker does not let this user subscribe to "#"';
    },
    log: pino({ level: 'silent' }),
  });
  await clock.sleep(forMs, signal);
  const trouble = refused ?? connection.trouble();
  await connection.end();
  if (topics.size === 0 && trouble !== undefined) throw new Error(`${broker.url}: ${trouble}`);
  return { topics, dropped };
}

function parsed(topic: string, payload: Buffer): unknown {
  if (topic.startsWith(sparkplugRoot)) return payload;
  const text = payload.toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Members of an object that a later message leaves out stay as they were. */
export function laidOver(before: unknown, next: unknown): unknown {
  if (!isPlainObject(before) || !isPlainObject(next)) return next;
  const merged = new Map(Object.entries(before));
  for (const [name, value] of Object.entries(next)) merged.set(name, laidOver(merged.get(name), value));
  return Object.fromEntries(merged);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value);
}
