import type { RequestHandler } from 'express';
import { z } from 'zod';
import { iso, isoOrNull } from '../../../core/time.ts';
import { page } from '../../contracts/common.ts';
import { acknowledgementView, deliveryView, type AcknowledgementView } from '../../contracts/notify.ts';
import type { IncidentService } from '../../incidents/service.ts';
import type { NotificationRow } from '../../notify/record.ts';
import type { NotifyService } from '../../notify/service.ts';
import { endpoint, publicEndpoint, type Endpoint } from '../../http/endpoint.ts';
import { decodeCursor, pageOf, pageQuery } from '../../http/page.ts';
import { conflict, notFound } from '../../http/problem.ts';

const tokenParams = z.strictObject({ token: z.string().min(1).max(200) });
/** `all`: every incident that the person was told of and that waits. */
const acknowledgeInput = z.strictObject({ all: z.boolean().default(false) });
const deliveriesQuery = z.strictObject({
  ...pageQuery,
  incident: z.string().min(1).max(100).optional(),
  person: z.string().min(1).max(100).optional(),
  state: z.enum(['waiting', 'sent', 'failed', 'cancelled']).optional(),
});

interface NotifyServices {
  readonly notify: NotifyService;
  readonly incidents: IncidentService;
  readonly throttle: readonly RequestHandler[];
}

/** What was sent to whom, and the acknowledgement by a link in a message. A GET changes nothing: mail scanners follow links. */
export function notifyEndpoints({ notify, incidents, throttle }: NotifyServices): Endpoint[] {
  async function opened(token: string) {
    const found = await notify.read(token);
    const incident = found === undefined ? undefined : await incidents.get(found.notification.incident);
    if (found === undefined || incident === undefined) throw notFound('this link is not valid');
    const { id, title, priority, site, clause, openedAt, state, acknowledgedBy, unacknowledged } = incident;
    const shown: AcknowledgementView = {
      person: found.person,
      expired: found.expired,
      usedAt: isoOrNull(found.usedAt),
      incident: { id, title, priority, site, clause, openedAt, state, acknowledgedBy, waiting: unacknowledged > 0 },
      waiting: found.waiting.length,
    };
    return { found, shown };
  }

  return [
    endpoint({
      method: 'get',
      path: '/deliveries',
      role: 'operator',
      summary: 'Messages to people, latest first: what was sent to whom, by what, and what the channel answered',
      input: { query: deliveriesQuery },
      output: page(deliveryView),
      csv: true,
      async handler({ query: { incident, person, state, cursor, limit } }) {
        const [before] = decodeCursor(cursor, z.tuple([z.string()])) ?? [];
        const rows = await notify.deliveries({ incident, person, state, before, limit: limit + 1 });
        return pageOf(rows, limit, { view: delivery, place: ({ id }) => [id] });
      },
    }),
    publicEndpoint({
      method: 'get',
      path: '/acknowledgements/:token',
      summary: 'The incident that a link in a message is about; changes nothing',
      input: { params: tokenParams },
      output: acknowledgementView,
      guards: throttle,
      handler: async ({ params: { token } }) => (await opened(token)).shown,
    }),
    publicEndpoint({
      method: 'post',
      path: '/acknowledgements/:token',
      summary: 'Acknowledge the incident of a link in a message, or all that the person was told of; a link works once',
      input: { params: tokenParams, body: acknowledgeInput },
      output: acknowledgementView,
      guards: throttle,
      async handler({ params: { token }, body: { all } }) {
        const { found, shown } = await opened(token);
        if (found.expired) throw conflict('this link is too old; sign in to acknowledge');
        const ids = all ? found.waiting : found.waiting.filter((id) => id === shown.incident.id);
        const taken = notify.take(found.notification.id);
        const isOurs = taken === 'stored' ? await notify.takeStored(found.notification.id) : taken === 'taken';
        if (!isOurs) throw conflict('this link has done its work: it works once. Nothing was changed; sign in to acknowledge more');
        // Begun before anything else runs: what uses the link up and what it did are one transaction.
        await Promise.all(ids.map((id) => incidents.acknowledge(id, found.user)));
        return (await opened(token)).shown;
      },
    }),
  ];
} // prettier-ignore

function delivery(row: NotificationRow): z.output<typeof deliveryView> {
  const { id, incident, person, channel, kind, step, state, attempts, answer } = row;
  return {
    id, incident, person, channel, kind, step, state, attempts, answer,
    createdAt: iso(row.created_at),
    sentAt: isoOrNull(row.sent_at),
    receivedAt: isoOrNull(row.received_at),
  }; // prettier-ignore
}
