import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { Model } from '../../../config/model.ts';
import type { Clock } from '../../../core/clock.ts';
import { iso } from '../../../core/time.ts';
import { feedInput, feedView, madeFeedView, type FeedView } from '../../contracts/on-call.ts';
import { calendarText } from '../../people/calendar.ts';
import type { Feed, Feeds } from '../../people/feeds.ts';
import type { RosterService } from '../../people/service.ts';
import { endpoint, publicEndpoint, type Endpoint } from '../../http/endpoint.ts';
import { FileAnswer, fileOutput } from '../../http/file.ts';
import { apiPrefix } from '../../http/openapi.ts';
import { badInput, notFound } from '../../http/problem.ts';

const calendarType = 'text/calendar';

export interface CalendarServices {
  readonly model: Model;
  readonly clock: Clock;
  readonly roster: RosterService;
  readonly feeds: Feeds;
  /** The installation's host name, for the ids of entries. */
  readonly domain: string;
  readonly throttle: readonly RequestHandler[];
}

/** The roster in the calendar program of whoever is on call. */
export function calendarEndpoints({ model, clock, roster, feeds, domain, throttle }: CalendarServices): Endpoint[] {
  const { people } = model;
  const personOf = (id: string) => people?.persons.find(({ person }) => person === id);
  const view = ({ id, person, createdAt, createdBy }: Feed): FeedView => ({
    id, person, createdBy,
    name: person === null ? null : (personOf(person)?.name ?? person),
    createdAt: iso(createdAt),
  });

  return [
    publicEndpoint({
      method: 'get',
      path: '/on-call/calendar.ics',
      summary: 'The calendar of a token, a week back and 60 days ahead: on-call turns, shifts and time off',
      input: { query: z.strictObject({ token: z.string().min(1).max(200) }) },
      output: fileOutput,
      file: calendarType,
      guards: throttle,
      async handler({ query: { token } }) {
        const feed = await feeds.find(token);
        const person = feed?.person === null ? undefined : personOf(feed?.person ?? '');
        // A person who has left people.yaml has no calendar either.
        if (feed === undefined || people === undefined || (feed.person !== null && person === undefined))
          throw notFound('this calendar does not exist, or not any more; ask for a new address on the page On call');
        const body = calendarText({ people, changes: roster.changes(), person, now: clock.now(), domain });
        return new FileAnswer({ type: calendarType, name: 'pantau-piket.ics', body });
      },
    }),
    endpoint({
      method: 'get',
      path: '/on-call/calendars',
      role: 'operator',
      summary: 'Addresses from which calendar programs read the roster',
      input: {},
      output: z.object({ items: z.array(feedView) }),
      handler: async () => ({ items: (await feeds.list()).map(view) }),
    }),
    endpoint({
      method: 'post',
      path: '/on-call/calendars',
      role: 'operator',
      summary: 'Make a read-only address for the calendar of a person, or of the whole roster; it is shown this once',
      input: { body: feedInput },
      output: madeFeedView,
      async handler({ body: { person }, user }) {
        if (person !== null && personOf(person) === undefined)
          throw badInput('body.person', `there is no person "${person}" in people.yaml`);
        const { token, ...feed } = await feeds.add(person, { actor: user.name, at: clock.now() });
        return { ...view(feed), path: `${apiPrefix}/on-call/calendar.ics?token=${token}` };
      },
    }),
    endpoint({
      method: 'delete',
      path: '/on-call/calendars/:id',
      role: 'operator',
      summary: 'End an address: calendar programs that read it get nothing more',
      input: { params: z.strictObject({ id: z.string().min(1).max(100) }) },
      output: z.undefined(),
      async handler({ params: { id } }) {
        if (!(await feeds.remove(id))) throw notFound(`no calendar ${id}`);
        return undefined;
      },
    }),
  ];
} // prettier-ignore
