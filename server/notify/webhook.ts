import { createHmac } from 'node:crypto';
import type { PersonEntry } from '../../config/schema/people.ts';
import { GiveUp, NoAddress, TryLater, type ChannelDriver, type Message } from './channel.ts';
import { neverConnected, reasonOf } from './failure.ts';

/** A template's `{…}` in the JSON body. */
const webhookPlaceholders = ['text', 'subject', 'link', 'address', 'person', 'key', 'thread'] as const;

export interface WebhookOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON with placeholders in its strings. */
  readonly body: unknown;
  /** Signs `timestamp.body` with HMAC-SHA256 into `X-Pantau-Signature`. */
  readonly secret?: string | undefined;
  /** The person's address on this channel. */
  readonly addressOf: (person: PersonEntry) => string | undefined;
  readonly now: () => number;
}

/**
 * A message as an HTTP POST of JSON: a receiver of the ministry's own (signed), a Telegram bot or a WhatsApp gateway. 408, 429 and 5xx
 * are tried again, other refusals are for good.
 */
export function createWebhookChannel(options: WebhookOptions): ChannelDriver {
  const { url, headers, body, secret, addressOf, now } = options;
  return {
    async send(person, message, signal) {
      const address = addressOf(person);
      if (address === undefined) throw new NoAddress('the person has no address on this channel');
      const values = valuesOf(person, message, address);
      const text = JSON.stringify(filled(body, values));
      const timestamp = String(Math.floor(now() / 1_000));
      const signature =
        secret === undefined
          ? {}
          : {
              'x-pantau-timestamp': timestamp,
              'x-pantau-signature': createHmac('sha256', secret).update(`${timestamp}.${text}`).digest('hex'),
            };
      let response: Response;
      try {
        response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': message.key, ...headers, ...signature },
          body: text,
          redirect: 'error',
          signal,
        }); // prettier-ignore
      } catch (cause) {
        throw new TryLater(reasonOf(cause), { cause, mayHaveArrived: !neverConnected(cause) });
      }
      // What it says does not matter, and that it cannot be read even less.
      await response.body?.cancel().catch(() => undefined);
      const answer = `HTTP ${response.status}`;
      if (response.ok) return answer;
      const mayWorkLater = response.status === 408 || response.status === 429 || response.status >= 500;
      throw mayWorkLater ? new TryLater(answer) : new GiveUp(answer);
    },
    close: () => undefined,
  };
}

type Values = Readonly<Record<(typeof webhookPlaceholders)[number], string>>;

function valuesOf(
  { name }: PersonEntry,
  { key, thread, subject, text, link }: Message,
  address: string,
): Values {
  return { key, thread, subject, text, link, address, person: name };
}

/** Every string of a JSON value with its placeholders filled. */
function filled(value: unknown, values: Values): unknown {
  if (typeof value === 'string')
    return value.replaceAll(/\{(\w+)\}/g, (whole, name: string) => (isPlaceholder(name) ? values[name] : whole));
  if (Array.isArray(value)) return value.map((each: unknown) => filled(each, values));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, filled(each, values)]));
  return value;
} // prettier-ignore

function isPlaceholder(name: string): name is keyof Values {
  return webhookPlaceholders.some((known) => known === name);
}
