import { z } from 'zod';
import type { Model } from '../../../config/model.ts';
import type { AccessJudgement } from '../../access/judgement/service.ts';
import { presenceOf } from '../../access/presence/view.ts';
import { seesSite, type Person } from '../../auth/identity.ts';
import { presenceView, type PresenceView } from '../../contracts/presence.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { checkSiteFilter } from '../known.ts';

export interface PresenceServices {
  readonly model: Model;
  readonly judgement: Pick<AccessJudgement, 'inside' | 'ticket' | 'now'>;
}

const query = z.strictObject({ site: z.string().optional() });

/** Who is inside. The muster list holds names and is for the wall too: in a fire nobody signs in first. */
export function presenceEndpoints({ model, judgement }: PresenceServices): Endpoint[] {
  function presence(site: string | undefined, user: Person): PresenceView {
    checkSiteFilter(site, model);
    const inside = judgement
      .inside()
      .filter((each) => (site === undefined || each.site === site) && seesSite(user, each.site));
    return presenceOf(inside, { model, ticket: (id) => judgement.ticket(id), now: judgement.now() });
  }
  return [
    endpoint({
      method: 'get',
      path: '/presence',
      role: 'viewer',
      summary: 'Who is in which room, and what that is known from',
      input: { query },
      output: presenceView,
      handler: ({ query: { site }, user }) => presence(site, user),
    }),
    endpoint({
      method: 'get',
      path: '/presence/muster',
      role: 'wall',
      summary: 'Muster list for an evacuation: everybody who may be inside, by room',
      input: { query },
      output: presenceView,
      handler: ({ query: { site }, user }) => presence(site, user),
    }),
  ];
}
