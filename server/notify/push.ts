import { createHash } from 'node:crypto';
import webPush from 'web-push';
import type { PersonEntry } from '../../config/schema/people.ts';
import { GiveUp, NoAddress, TryLater, type ChannelDriver, type Message } from './channel.ts';
import { reasonOf } from './failure.ts';
import type { Subscriptions, SubscriptionRow } from './subscriptions.ts';
import type { VapidDetails } from './vapid.ts';

/** A phone that is off for longer has missed the page: others were told meanwhile. */
const timeToLiveS = 4 * 3_600;
/** A push service takes 4,096 bytes, encrypted: this many characters stay below that in any script. */
const mostOfTitle = 150;
const mostOfBody = 600;

type Outcome = 'taken' | 'gone' | 'later' | 'refused';

/**
 * Web push to every browser that the person allowed (RFC 8030, encrypted by RFC 8291). It is sent when at least one push service took it. One
 * that reports a browser as gone (404, 410) ends it at once; a person without any is told by the next channel.
 */
export function createPushChannel(options: {
  readonly subscriptions: Subscriptions;
  readonly vapid: VapidDetails;
  readonly now: () => number;
}): ChannelDriver {
  const { subscriptions, vapid, now } = options;

  async function sendTo(row: SubscriptionRow, payload: string, message: Message, signal: AbortSignal) {
    const { headers, body } = webPush.generateRequestDetails(
      { endpoint: row.endpoint, keys: { p256dh: row.p256dh, auth: row.auth } },
      payload,
      {
        vapidDetails: vapid,
        TTL: timeToLiveS,
        urgency: message.urgent ? 'high' : 'normal',
        // What the push service has not delivered yet is replaced by what follows it.
        topic: createHash('sha256').update(message.thread).digest('base64url').slice(0, 32),
      },
    );
    const { 'Content-Length': _length, ...sent } = headers;
    const response = await fetch(row.endpoint, {
      method: 'POST',
      headers: sent,
      body: new Uint8Array(body),
      redirect: 'error',
      signal,
    });
    await response.body?.cancel().catch(() => undefined);
    return response.status;
  }

  async function attempt(row: SubscriptionRow, message: Message, { payload, signal }: { payload: string; signal: AbortSignal }): Promise<{ outcome: Outcome; why: string }> {
    try {
      const status = await sendTo(row, payload, message, signal);
      const outcome = outcomeOf(status);
      const why = `HTTP ${status} from ${new URL(row.endpoint).hostname}`;
      if (outcome === 'taken') subscriptions.sent(row.id, now());
      else if (outcome === 'gone') subscriptions.forgotten(row.id, now(), why);
      else subscriptions.failed(row.id, now(), why);
      return { outcome, why };
    } catch (error) {
      const why = reasonOf(error);
      subscriptions.failed(row.id, now(), why);
      return { outcome: 'later', why };
    }
  } // prettier-ignore

  return {
    async send(person: PersonEntry, message, signal) {
      const rows = subscriptions.of(person.person);
      if (rows.length === 0) throw new NoAddress('no browser of this person receives push');
      const payload = payloadOf(message, person.language);
      const tried = await Promise.all(rows.map((row) => attempt(row, message, { payload, signal })));
      const taken = tried.filter(({ outcome }) => outcome === 'taken').length;
      if (taken > 0) return `taken for ${taken} of ${rows.length} browsers`;
      const [first] = tried;
      const why = first?.why ?? '';
      // A repeated push replaces the one before on the screen, so it does not matter whether that one arrived.
      if (tried.some(({ outcome }) => outcome === 'later')) throw new TryLater(why);
      if (tried.every(({ outcome }) => outcome === 'gone'))
        throw new NoAddress(`the push service has forgotten the person's browsers: ${why}`);
      throw new GiveUp(why);
    },
    close: () => undefined,
  };
}

function outcomeOf(status: number): Outcome {
  if (status >= 200 && status < 300) return 'taken';
  if (status === 404 || status === 410) return 'gone';
  return status === 408 || status === 429 || status >= 500 ? 'later' : 'refused';
}

/** What the service worker shows (web/worker/push.js). */
function payloadOf(
  { subject, brief, thread, link, isNews, urgent }: Message,
  language: PersonEntry['language'],
): string {
  return JSON.stringify({
    title: cut(subject, mostOfTitle),
    body: cut(brief, mostOfBody),
    tag: thread,
    url: link,
    renotify: isNews,
    urgent,
    lang: language,
  });
}

function cut(text: string, most: number): string {
  // Not in the middle of a pair that makes one character.
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
