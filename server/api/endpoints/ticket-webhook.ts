import type { RequestHandler } from 'express';
import type { Clock } from '../../../core/clock.ts';
import { iso } from '../../../core/time.ts';
import type { Finding } from '../../access/rules.ts';
import { TicketRefused, type AccessService } from '../../access/service.ts';
import { ticketDetails, type TicketDetails } from '../../contracts/tickets.ts';
import { webhookInput, type WebhookInput } from '../../contracts/ticket-webhook.ts';
import { publicEndpoint, type Endpoint } from '../../http/endpoint.ts';
import { ProblemError, conflict, notFound, unprocessable } from '../../http/problem.ts';
import { replayWindowMs, signatureFault } from '../../http/signed.ts';

export interface TicketWebhookServices {
  readonly access: AccessService;
  readonly clock: Pick<Clock, 'now'>;
  /** Absent: nobody can send. */
  readonly ticketWebhookSecret?: string | undefined;
}

/** Under which its tickets are recorded; the ministry's system has no more rights than a manager has. */
const sender = { name: 'webhook:tiket', role: 'operator' } as const;

/** Tickets from the ministry's own ticketing system. */
export function ticketWebhook({ access, clock, ticketWebhookSecret }: TicketWebhookServices): Endpoint {
  return publicEndpoint({
    method: 'post',
    path: '/tickets/webhook',
    summary:
      'Takes tickets of another system: create, update (until it is answered) and cancel, once for each reference. X-Pantau-Timestamp: seconds since 1970; X-Pantau-Signature: HMAC-SHA256 of `timestamp.body` with PANTAU_TICKET_WEBHOOK_SECRET, hexadecimal',
    input: { body: webhookInput },
    output: ticketDetails,
    bodyLimit: '1mb',
    guards: [signed(ticketWebhookSecret, clock)],
    async handler({ body }) {
      try {
        return await take(access, body);
      } catch (error) {
        if (error instanceof TicketRefused) throw conflict(error.message, error.code);
        throw error;
      }
    },
  });
}

async function take(access: AccessService, message: WebhookInput): Promise<TicketDetails> {
  const { reference } = message;
  const known = (await access.byReference([reference])).get(reference);
  const ticket = known === undefined ? undefined : await access.find(known);
  const sentAt = Date.parse(message.sentAt);
  const shown = async (id: string): Promise<TicketDetails> => {
    const details = await access.get(id, sender.role);
    if (details === undefined) throw notFound(`there is no ticket "${id}"`);
    return details;
  };
  if (message.event === 'create') {
    // Sent again: the first time made it.
    if (ticket !== undefined) return shown(ticket.id);
    return judged(await access.create({ ...message.ticket, reference }, sender, sentAt));
  }
  if (ticket === undefined)
    throw notFound(`no ticket has the reference "${reference}"; send it with event "create" first`);
  if (message.event === 'cancel') {
    if (ticket.state === 'cancelled') return shown(ticket.id);
    const by = { actor: sender.name, role: sender.role, note: message.note };
    return (await access.act(ticket.id, 'cancel', by)) ?? shown(ticket.id);
  }
  const latest = ticket.reference_at ?? -Infinity;
  if (sentAt === latest) return shown(ticket.id);
  if (sentAt < latest)
    throw conflict(
      `a later change of "${reference}" was taken already (${iso(latest)}); this one is out of date`,
      'stale',
    );
  const updated = await access.update(
    ticket.id,
    { ...message.ticket, reference },
    { ...sender, referenceAt: sentAt },
  );
  return updated === undefined ? shown(ticket.id) : judged(updated);
}

function judged(made: TicketDetails | { readonly findings: readonly Finding[] }): TicketDetails {
  if (!('findings' in made)) return made;
  throw unprocessable(
    made.findings.map((each) => ({ ...each, path: each.path.replace('body.', 'body.ticket.') })),
  );
}

/** Before anything of the body is looked at. */
function signed(secret: string | undefined, clock: Pick<Clock, 'now'>): RequestHandler {
  return (request, _response, next) => {
    if (secret === undefined)
      throw new ProblemError(503, { detail: 'PANTAU_TICKET_WEBHOOK_SECRET is not set on this server' });
    const fault = signatureFault(request, { secret, now: clock.now() });
    if (fault === 'signature')
      throw new ProblemError(401, {
        detail: 'X-Pantau-Signature is not the HMAC-SHA256 of "timestamp.body" with the shared secret',
      });
    if (fault === 'timestamp')
      throw new ProblemError(401, {
        detail: `X-Pantau-Timestamp is more than ${replayWindowMs / 1_000} s from the time here; set the sender's clock`,
      });
    next();
  };
}
