import { z } from 'zod';
import type { Model } from '../../../config/model.ts';
import type { Clock } from '../../../core/clock.ts';
import { iso, isoOrNull } from '../../../core/time.ts';
import { pushBrowser, pushInput, pushPage, type PushBrowser, type PushOff } from '../../contracts/push.ts';
import type { PushSetup } from '../../notify/channels.ts';
import { nobodyIsPaged } from '../../notify/service.ts';
import { BrowserForgotten, type SubscriptionRow } from '../../notify/subscriptions.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { conflict, notFound } from '../../http/problem.ts';

const remedies: Readonly<Record<PushOff, string>> = {
  'no-people': nobodyIsPaged['no-people'],
  'no-contact':
    'push services want to know whom they can write to: set PANTAU_PUBLIC_URL to the https address of this server, or channels.push.contact in people.yaml to a mail address',
};

interface PushServices {
  readonly model: Pick<Model, 'people'>;
  readonly push: PushSetup;
  readonly clock: Pick<Clock, 'now'>;
}

/** The browsers in which the signed-in person receives pages. Everybody sees and changes their own only. */
export function pushEndpoints({ model, push, clock }: PushServices): Endpoint[] {
  const persons = new Map(
    (model.people?.persons ?? []).map(({ person, user }) => [(user ?? person).toLowerCase(), person]),
  );
  const { subscriptions } = push;

  function personOf(user: string): string {
    const person = persons.get(user.toLowerCase());
    if (push.off !== null) throw conflict(remedies[push.off]);
    if (person === undefined)
      throw conflict(`no person of people.yaml signs in as ${user}: add "user: ${user}" to one of them`);
    return person;
  }

  return [
    endpoint({
      method: 'get',
      path: '/push',
      role: 'viewer',
      summary: 'Whether pages can be pushed to the signed-in person, and the browsers that receive them',
      input: {},
      output: pushPage,
      handler({ user }) {
        const person = persons.get(user.name.toLowerCase()) ?? null;
        return {
          publicKey: push.publicKey,
          off: push.off,
          person,
          browsers: person === null ? [] : subscriptions.of(person).map(view),
        };
      },
    }),
    endpoint({
      method: 'post',
      path: '/push/browsers',
      role: 'viewer',
      summary: 'Receive pages in this browser; repeated at each visit, which keeps it alive',
      input: { body: pushInput },
      output: pushBrowser,
      async handler({ body: { endpoint: address, keys, device }, user }) {
        const person = personOf(user.name);
        const { p256dh, auth } = keys;
        try {
          return view(await subscriptions.renew(person, { endpoint: address, p256dh, auth, device }, clock.now()));
        } catch (error) {
          if (error instanceof BrowserForgotten) throw conflict(error.message);
          throw error;
        }
      },
    }),
    endpoint({
      method: 'delete',
      path: '/push/browsers/:id',
      role: 'viewer',
      summary: 'Receive no pages in a browser any more',
      input: { params: z.strictObject({ id: z.string().min(1).max(100) }) },
      output: z.undefined(),
      async handler({ params: { id }, user }) {
        const ended = subscriptions.end(id, { person: personOf(user.name), at: clock.now(), why: 'ended by the person' });
        if (!ended) throw notFound(`no browser ${id} of yours`);
        await subscriptions.settled();
        return undefined;
      },
    }),
  ];
} // prettier-ignore

function view(row: SubscriptionRow): PushBrowser {
  return {
    id: row.id,
    device: row.device,
    createdAt: iso(row.created_at),
    renewedAt: iso(row.renewed_at),
    sentAt: isoOrNull(row.sent_at),
    problem: row.failure,
  };
}
