import { z } from 'zod';
import { instant } from './common.ts';

/** Web push: pages to a phone or a desk, by the browser's own push service. */

const pushOff = z.enum(['no-people', 'no-contact']);
export type PushOff = z.infer<typeof pushOff>;

const pushSetup = z.object({
  /** What a browser subscribes with, base64url; null while push is not set up. */
  publicKey: z.string().nullable(),
  /**
   * Why it cannot be used; null when it can. `no-people`: nobody is paged, there is no people.yaml; `no-contact`: push services want to
   * know whom they can write to, by PANTAU_PUBLIC_URL or channels.push.contact in people.yaml.
   */
  off: pushOff.nullable(),
  /** The person of people.yaml that is signed in; null: none, and nobody to page. */
  person: z.string().nullable(),
});

const key = (bytes: number) =>
  z
    .string()
    .regex(/^[A-Za-z0-9_-]+=*$/, 'base64url')
    .refine(
      (text) => Math.floor((text.replace(/=+$/, '').length * 3) / 4) === bytes,
      `a key of ${bytes} bytes`,
    );

/** As `PushSubscription.toJSON()` gives it. */
export const pushInput = z.strictObject({
  endpoint: z.url({ protocol: /^https$/, hostname: z.regexes.domain, error: 'the https address of a push service' }).max(1_000),
  expirationTime: z.number().nullable().optional(),
  keys: z.strictObject({ p256dh: key(65), auth: key(16) }),
  /** What the browser says it is. */
  device: z.string().trim().min(1).max(200),
}); // prettier-ignore

export const pushBrowser = z.object({
  id: z.string(),
  /** What the browser said it is. */
  device: z.string(),
  createdAt: instant,
  /** When a page was last opened there. */
  renewedAt: instant,
  /** When its push service last took a message. */
  sentAt: instant.nullable(),
  /** Why the latest message was not taken; null when all is well. */
  problem: z.string().nullable(),
});
export type PushBrowser = z.infer<typeof pushBrowser>;

export const pushPage = pushSetup.extend({ browsers: z.array(pushBrowser) });
