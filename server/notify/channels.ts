import type { PeopleModel } from '../../config/build/people.ts';
import { addressOf, webhookChannels, type Channel, type PersonEntry } from '../../config/schema/people.ts';
import type { Clock } from '../../core/clock.ts';
import type { PushOff } from '../contracts/push.ts';
import type { ChannelDriver } from './channel.ts';
import { createEmailChannel } from './email.ts';
import { createPushChannel } from './push.ts';
import type { Subscriptions } from './subscriptions.ts';
import { vapidKeys, vapidSubject } from './vapid.ts';
import { createWebhookChannel } from './webhook.ts';

export interface ChannelSettings {
  readonly people: Pick<PeopleModel, 'webhooks' | 'pushContact'> | undefined;
  /** `smtp://user:password@host:port`; absent: no e-mail. */
  readonly smtpUrl?: string | undefined;
  /** What links begin with, without a slash at the end. */
  readonly publicUrl: string;
  readonly push?: PushSetup;
  readonly clock: Pick<Clock, 'now'>;
}

/** Web push as this installation has it. */
export interface PushSetup {
  readonly subscriptions: Subscriptions;
  /** What a browser subscribes with. */
  readonly publicKey: string | null;
  /** Why there is none. */
  readonly off: PushOff | null;
  readonly driver?: ChannelDriver;
}

export function createPushSetup(options: {
  readonly people: Pick<PeopleModel, 'pushContact'> | undefined;
  readonly publicUrl: string;
  readonly subscriptions: Subscriptions;
  /** 32 bytes in hex. */
  readonly secret: string;
  readonly clock: Pick<Clock, 'now'>;
}): PushSetup {
  const { people, publicUrl, subscriptions, secret, clock } = options;
  const subject = vapidSubject(publicUrl, people?.pushContact);
  const off = (why: PushOff): PushSetup => ({ subscriptions, publicKey: null, off: why });
  if (people === undefined) return off('no-people');
  if (subject === undefined) return off('no-contact');
  const vapid = { subject, ...vapidKeys(secret) };
  const driver = createPushChannel({ subscriptions, vapid, now: () => clock.now() });
  return { subscriptions, publicKey: vapid.publicKey, off: null, driver };
}

/** Of the installation's own address; one that cannot be read was refused before. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : 'pantau';
}

/** Drivers of the channels that are set up. */
export function createChannels({ people, smtpUrl, publicUrl, push, clock }: ChannelSettings): Map<Channel, ChannelDriver> {
  const channels = new Map<Channel, ChannelDriver>();
  const domain = hostOf(publicUrl);
  if (push?.driver !== undefined) channels.set('push', push.driver);
  if (smtpUrl !== undefined)
    channels.set('email', createEmailChannel({ url: smtpUrl, from: `Pantau DC <pantau@${domain}>`, domain }));
  for (const name of webhookChannels) {
    const setup = people?.webhooks[name];
    if (setup === undefined) continue;
    channels.set(name, createWebhookChannel({ ...setup, addressOf: (person: PersonEntry) => addressOf(person, name), now: () => clock.now() }));
  }
  return channels;
} // prettier-ignore
