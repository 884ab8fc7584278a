import { z } from 'zod';
import { label, priority } from '../../config/schema/common.ts';
import { channel } from '../../config/schema/people.ts';
import { instant } from './common.ts';

/** Who is on call, what people changed in the roster, and the proof that it reaches somebody. */

const onCallView = z.object({
  layer: z.string(),
  name: label,
  /** Null: all sites. */
  sites: z.array(z.string()).nullable(),
  /** Null: every member of the layer is off. */
  person: z.string().nullable(),
  personName: z.string().nullable(),
  /** `stand-in`: whose turn it is is off. */
  because: z.enum(['rotation', 'override', 'stand-in', 'nobody']),
  until: instant,
  /** Who has it after that. */
  next: z.string().nullable(),
  nextName: z.string().nullable(),
});

export const overrideView = z.object({
  id: z.string(),
  layer: z.string(),
  person: z.string(),
  from: instant,
  to: instant,
  reason: z.string(),
});
export type OverrideView = z.infer<typeof overrideView>;

export const timeOffView = z.object({
  id: z.string(),
  person: z.string(),
  from: instant,
  to: instant,
  /** Null for those who may not know. */
  reason: z.string().nullable(),
});

const obstacle = z.enum(['no-address', 'no-channel', 'failing', 'expired']);
const missedView = z.object({
  /** As the step names it: `layer:utama`. */
  target: z.string(),
  /** Null: the target names nobody at that time. */
  person: z.string().nullable(),
  name: z.string().nullable(),
  why: z.enum(['nobody', 'off', 'unreachable']),
  /** With `unreachable`: what is in the way of each channel of the step. */
  obstacles: z.array(z.object({ channel, why: obstacle })),
});
export type MissedView = z.infer<typeof missedView>;

const recipientView = z.object({ person: z.string(), name: z.string(), channels: z.array(channel) });

/** Whom an incident that is opened at a moment would be told to. */
export const answerView = z.object({
  at: instant,
  site: z.string(),
  priority,
  /** `late`: a step reaches nobody, and somebody is told by a later one. */
  verdict: z.enum(['reached', 'late', 'nobody', 'not-paged']),
  steps: z.array(
    z.object({ afterMs: z.number(), at: instant, recipients: z.array(recipientView), missed: z.array(missedView) }),
  ),
}); // prettier-ignore

const holeView = z.object({
  site: z.string(),
  priority,
  kind: z.enum(['nobody', 'late']),
  from: instant,
  to: instant,
  reasons: z.array(missedView),
});
export type HoleView = z.infer<typeof holeView>;

/** Whether a P1 and a P2 would reach somebody at every site and moment of the time that was proved. */
export const proofView = z.object({
  from: instant,
  to: instant,
  checkedAt: instant,
  /** Moments asked about: each at which an answer can change. */
  instants: z.int(),
  /** The field is simulated and no channel is set up: channels are taken as working. */
  assumed: z.boolean(),
  holes: z.array(holeView),
});

const personView = z.object({ person: z.string(), name: z.string(), channels: z.array(channel) });

/** `no-people`: there is no people.yaml; `no-channel`: no mail server and no channel in it. */
const unpaged = z.enum(['no-people', 'no-channel']);
export type Unpaged = z.infer<typeof unpaged>;

export const onCallPage = z.object({
  at: instant,
  /** Why nobody is paged at all; null: somebody is. */
  unpaged: unpaged.nullable(),
  /** Why somebody may not be reached, as the channel or the setting says it; null when all is well. */
  problem: z.string().nullable(),
  layers: z.array(onCallView),
  overrides: z.array(overrideView),
  timeOff: z.array(timeOffView),
  persons: z.array(personView),
  /** Whom an incident of each priority would be told to, opened at that moment. */
  escalation: z.array(
    z.object({
      site: z.string(),
      priority,
      steps: z.array(
        z.object({
          afterMs: z.number(),
          recipients: z.array(recipientView),
        }),
      ),
    }),
  ),
});
export type OnCallPage = z.infer<typeof onCallPage>;

/** An address from which a calendar program reads the roster. */
export const feedView = z.object({
  id: z.string(),
  /** Null: the whole roster. */
  person: z.string().nullable(),
  name: z.string().nullable(),
  createdAt: instant,
  createdBy: z.string(),
});
export type FeedView = z.infer<typeof feedView>;
export const feedInput = z.strictObject({ person: z.string().min(1).max(100).nullable() });
/** `path` holds the token and is shown once. */
export const madeFeedView = feedView.extend({ path: z.string() });
