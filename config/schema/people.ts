import { z } from 'zod';
import { durationBetween, durationMs, label, secret, slug } from './common.ts';

/** Who is paged, in which order, and how they are reached: `people.yaml`. */

/** How a person is reached; the order in a step is the order in which they are tried. */
const personChannel = z.enum(['push', 'email', 'webhook', 'telegram', 'whatsapp']);
/** Also the one that the server's own trial alarm ends in; it reaches nobody. */
export const channel = z.enum([...personChannel.options, 'test']);
/** Those that post JSON to an address of the configuration. */
export const webhookChannels = ['webhook', 'telegram', 'whatsapp'] as const;
export type WebhookChannel = (typeof webhookChannels)[number];
export type Channel = z.infer<typeof channel>;

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as "08:00"');

/** What needs an authorised person, beside those of role admin. */
export const rights = ['declare-disaster', 'statutory-reports', 'see-identities'] as const;
export const right = z.enum(rights);
export type Right = z.infer<typeof right>;

const person = z.strictObject({
  person: slug,
  name: z.string().min(1),
  /** The name that the person signs in with, where it is not `person`. */
  user: z.string().min(1).optional(),
  rights: z.array(right).optional(),
  language: z.enum(['id', 'en']).default('id'),
  email: z.email().optional(),
  /** Credentials by which door controllers know the person, as the controllers write them: card numbers, user ids of a terminal. */
  cards: z.array(z.string().min(1).max(64)).optional(),
  /** Chat id of the bot's conversation with the person. */
  telegram: z.string().regex(/^-?\d+$/, 'a chat id: digits only').optional(),
  whatsapp: z.string().regex(/^\+\d{8,15}$/, 'a number such as "+628123456789"').optional(),
}); // prettier-ignore
export type PersonEntry = z.infer<typeof person>;

/** On call in turn: the first member from `start`, the next one a period later, and so on. */
const layer = z.strictObject({
  layer: slug,
  name: label,
  /** Sites it answers for; absent: all. */
  sites: z.array(slug).min(1).optional(),
  every: z.enum(['day', 'week']),
  /** The first day of the first member's turn. */
  start: z.iso.date(),
  /** When a turn begins and ends, WIB. */
  handover: timeOfDay,
  members: z.array(slug).min(1),
});
export type LayerEntry = z.infer<typeof layer>;

/** Shifts around the clock, and the teams that take them in turn. */
const shifts = z.strictObject({
  /** Together they cover the day without a gap. One that ends at or before the hour at which it begins ends the day after. */
  times: z.array(z.strictObject({ shift: slug, name: label, from: timeOfDay, to: timeOfDay })).min(1),
  /** The first day of the cycle of a team without an offset, WIB. */
  start: z.iso.date(),
  /** What a team does day by day, then again from the first one: a shift of `times`, or `off`. */
  cycle: z.array(slug).min(1).max(366),
  teams: z
    .array(
      z.strictObject({
        team: slug,
        name: z.string().min(1),
        members: z.array(slug).min(1),
        /** How many days ahead in the cycle it is. */
        offset: z.int().min(0).default(0),
      }),
    )
    .min(1),
});
export type ShiftsEntry = z.infer<typeof shifts>;

const step = z.strictObject({
  /** Since the incident was opened, unless somebody has acknowledged it. */
  after: durationMs,
  /** `layer:NAME`: whoever is on call there; `person:NAME`; `shift`: who is on shift; `everyone`. */
  notify: z
    .array(z.string().regex(/^(layer:|person:)[a-z0-9-]+$|^everyone$|^shift$/, '"layer:NAME", "person:NAME", "shift" or "everyone"'))
    .min(1),
  channels: z.array(personChannel).min(1),
}); // prettier-ignore
export type StepEntry = z.infer<typeof step>;

/** A channel that posts JSON: `{token}` in URL and headers; in the body {text}, {subject}, {link}, {address}, {person}, {key} and {thread}. */
const webhookChannel = z.strictObject({
  url: z.string().regex(/^https?:\/\/\S+$/, 'an address such as "https://gateway.example/send"'),
  headers: z.record(z.string(), z.string().regex(/^[^\r\n]*$/, 'one line')).default({}),
  body: z.record(z.string(), z.json()),
  token: secret.optional(),
  /** Signs what is sent: HMAC-SHA256 of `timestamp.body` in X-Pantau-Signature. */
  secret: secret.optional(),
});

export const peopleSchema = z.strictObject({
  persons: z.array(person).min(1),
  onCall: z.array(layer).default([]),
  shifts: shifts.optional(),
  /** By priority; one that is left out pages nobody. P1 must be there. */
  escalation: z.strictObject({
    P1: z.array(step).min(1),
    P2: z.array(step).default([]),
    P3: z.array(step).default([]),
    P4: z.array(step).default([]),
    P5: z.array(step).default([]),
  }),
  /** Who is sent the monthly reports and the reminders of documents that expire; absent: nobody. */
  reports: z.array(slug).min(1).optional(),
  /** Beside e-mail, which PANTAU_SMTP_URL sets up. */
  channels: z
    .strictObject({
      /** Whom a push service may write to about us; needed where PANTAU_PUBLIC_URL is no https address of a public name. */
      push: z.strictObject({ contact: z.email() }).optional(),
      webhook: webhookChannel.optional(),
      telegram: webhookChannel.optional(),
      whatsapp: webhookChannel.optional(),
    })
    .default({}),
  /** Without a sign that a message arrived, the person's next channel is tried after this. */
  nextChannelAfter: durationBetween('10s', '1h').prefault('60s'),
  /** How long the link in a message works. It works once. */
  linkValidFor: durationBetween('1h', '30d').prefault('72h'),
  /** After the last step, it is taken again this often until somebody acknowledges. */
  repeatEvery: durationBetween('1m', '1d').prefault('15m'),
});
export type People = z.infer<typeof peopleSchema>;

/** Where the channel reaches the person; `webhook` goes to one address for all, `push` to the browsers that the person allowed. */
export function addressOf(entry: PersonEntry, by: Channel): string | undefined {
  if (by === 'test') return undefined;
  return by === 'webhook' || by === 'push' ? entry.person : entry[by];
}
