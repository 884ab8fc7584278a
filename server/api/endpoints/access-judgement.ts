import { z } from 'zod';
import type { Model } from '../../../config/model.ts';
import { iso, isoOrNull } from '../../../core/time.ts';
import type { CredentialService } from '../../access/credentials.ts';
import type { FindingRow } from '../../access/judgement/repository.ts';
import type { AccessJudgement } from '../../access/judgement/service.ts';
import {
  accessFindingKind,
  accessFindingState,
  accessFindingView,
  revokedCardInput,
  revokedCardView,
  ticketCardView,
  type AccessFindingView,
} from '../../contracts/access-judgement.ts';
import { instant, page } from '../../contracts/common.ts';
import type { RevokedCardTable } from '../../db/schema/access.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { decodeCursor, pageOf, pageQuery } from '../../http/page.ts';
import { notFound } from '../../http/problem.ts';
import { checkSiteFilter, sitesQuery } from '../known.ts';

export interface JudgementServices {
  readonly model: Model;
  readonly judgement: AccessJudgement;
  readonly credentials: CredentialService;
}

/** What is wrong about who enters, and the cards that it is judged by. */
export function judgementEndpoints({ model, judgement, credentials }: JudgementServices): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/access-findings',
      role: 'viewer',
      summary: 'What was found wrong about who enters, newest first',
      input: {
        query: z.strictObject({
          ...pageQuery,
          site: sitesQuery,
          kind: accessFindingKind.optional(),
          state: accessFindingState.optional(),
          ticket: z.string().optional(),
          from: instant.optional(),
          to: instant.optional(),
        }),
      },
      output: page(accessFindingView),
      csv: true,
      async handler({ query: { cursor, limit, from, to, ...filter } }) {
        checkSiteFilter(filter.site, model);
        const rows = await judgement.list({
          ...filter,
          from: from === undefined ? undefined : Date.parse(from),
          to: to === undefined ? undefined : Date.parse(to),
          after: decodeCursor(cursor, z.tuple([z.number(), z.string()])),
          limit: limit + 1,
        });
        return pageOf(rows, limit, { view: findingView, place: ({ at, id }) => [at, id] });
      },
    }),
    endpoint({
      method: 'get',
      path: '/tickets/:id/cards',
      role: 'operator',
      summary: 'Cards that were given to the persons of a ticket at check-in',
      input: { params: z.object({ id: z.string() }) },
      output: z.object({ items: z.array(ticketCardView) }),
      async handler({ params }) {
        const cards = await credentials.ofTicket(params.id);
        return {
          items: cards.map((each) => ({
            card: each.card,
            person: each.person === 'pic' ? ('pic' as const) : Number(each.person),
            givenAt: iso(each.given_at),
            givenBy: each.given_by,
            returnedAt: isoOrNull(each.returned_at),
          })),
        };
      },
    }),
    endpoint({
      method: 'get',
      path: '/revoked-cards',
      role: 'operator',
      summary: 'Cards that are lost or withdrawn, newest first',
      input: { query: z.strictObject(pageQuery) },
      output: page(revokedCardView),
      csv: true,
      async handler({ query: { cursor, limit } }) {
        const [before] = decodeCursor(cursor, z.tuple([z.string()])) ?? [];
        const rows = await credentials.revocations({ before, limit: limit + 1 });
        return pageOf(rows, limit, { view: revocationView, place: ({ id }) => [id] });
      },
    }),
    endpoint({
      method: 'post',
      path: '/revoked-cards',
      role: 'operator',
      summary: 'Revoke a card: its use is found from now on',
      input: { body: revokedCardInput },
      output: revokedCardView,
      status: 201,
      handler: async ({ body: { card, reason }, user }) =>
        revocationView(await credentials.revoke(card, { reason, actor: user.name })),
    }),
    endpoint({
      method: 'post',
      path: '/revoked-cards/:id/end',
      role: 'operator',
      summary: 'Take a revocation back: the card was found',
      input: { params: z.object({ id: z.string() }), body: z.strictObject({}) },
      output: revokedCardView,
      async handler({ params: { id }, user }) {
        const ended = await credentials.endRevocation(id, user.name);
        if (ended === undefined) throw notFound(`no revocation ${id} that is in force`);
        return revocationView(ended);
      },
    }),
  ];
}

function findingView(row: FindingRow): AccessFindingView {
  return {
    id: row.id,
    kind: row.kind,
    clause: row.clause,
    at: iso(row.at),
    foundAt: iso(row.found_at),
    site: row.site,
    room: row.room,
    door: row.door,
    ticket: row.ticket,
    person: row.person,
    events: accessFindingView.shape.events.parse(JSON.parse(row.events)),
    state: row.state,
    endedAt: isoOrNull(row.ended_at),
  };
}

function revocationView(row: RevokedCardTable): z.infer<typeof revokedCardView> {
  return {
    id: row.id,
    card: row.card,
    reason: row.reason,
    at: iso(row.at),
    actor: row.actor,
    endedAt: isoOrNull(row.ended_at),
    endedBy: row.ended_by,
  };
}
