import { z } from 'zod';
import { instant } from './common.ts';
import { reference, ticketInput } from './tickets.ts';

const shape = ticketInput.shape;
/** The request as in `POST tickets`; its number is the message's. */
const ticket = z
  .strictObject({ ...shape, reference: z.undefined().optional() })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), {
    path: ['to'],
    message: 'must be after "from"',
  });

/** `sentAt`: when the other system decided it; an update that was overtaken by a later one changes nothing. */
const head = { reference, sentAt: instant };

/** What the ministry's ticketing system says of one of its tickets. */
export const webhookInput = z.discriminatedUnion('event', [
  z.strictObject({ event: z.literal('create'), ...head, ticket }),
  z.strictObject({ event: z.literal('update'), ...head, ticket }),
  z.strictObject({ event: z.literal('cancel'), ...head, note: z.string().trim().min(1).max(500) }),
]);
export type WebhookInput = z.infer<typeof webhookInput>;
