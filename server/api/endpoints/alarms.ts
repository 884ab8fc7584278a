import { z } from 'zod';
import type { Model } from '../../../config/model.ts';
import { CommandRefused, alarmLists, type AlarmService } from '../../alarms/service.ts';
import type { AlarmCommand } from '../../alarms/transition.ts';
import {
  alarmCountsView, journalEntryView, optionalReasonInput, reasonInput, shelveInput, standingAlarmView, type StandingAlarmView,
} from '../../contracts/alarms.ts'; // prettier-ignore
import { page } from '../../contracts/common.ts';
import type { Clock } from '../../../core/clock.ts';
import { seesSite, type Person } from '../../auth/identity.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { decodeCursor, pageOf, pageQuery } from '../../http/page.ts';
import { conflict, notFound } from '../../http/problem.ts';
import { queryInstant } from '../../http/time.ts';
import { checkSiteFilter, sitesQuery } from '../known.ts';
import { isOfSites } from '../../../core/site-filter.ts';

export interface AlarmServices {
  readonly alarms: AlarmService;
  readonly model: Model;
  readonly clock: Pick<Clock, 'now'>;
}

const params = z.object({ id: z.string().min(1).max(300) });
const nothing = z.strictObject({});
const listPlace = z.tuple([z.string(), z.string()]);
const listQuery = z.strictObject({
  ...pageQuery,
  site: sitesQuery,
  list: z.enum(alarmLists).default('annunciated'),
});
const journalQuery = z.strictObject({
  ...pageQuery,
  site: sitesQuery,
  alarm: z.string().min(1).max(300).optional(),
  actor: z.string().min(1).max(100).optional(),
  why: journalEntryView.shape.why.optional(),
  from: queryInstant.optional(),
  to: queryInstant.optional(),
});

/** Alarms, what operators do to them, and their journal. */
export function alarmEndpoints({ alarms, model, clock }: AlarmServices): Endpoint[] {
  const find = (id: string): StandingAlarmView => found(id, alarms.get(id));

  /** One command without a body of its own but a reason. */
  const commandWithReason = (name: 'suppress' | 'out-of-service', summary: string): Endpoint =>
    endpoint({
      method: 'post',
      path: `/alarms/:id/${name}`,
      role: 'operator',
      summary,
      input: { params, body: reasonInput },
      output: standingAlarmView,
      handler: ({ params: { id }, body, user }) => act(id, { kind: name }, user, body.reason),
    });
  const commandBack = (name: 'unshelve' | 'unsuppress' | 'return-to-service', summary: string): Endpoint =>
    endpoint({
      method: 'post',
      path: `/alarms/:id/${name}`,
      role: 'operator',
      summary,
      input: { params, body: optionalReasonInput },
      output: standingAlarmView,
      handler: ({ params: { id }, body, user }) => act(id, { kind: name }, user, body.reason ?? null),
    });

  async function act(
    id: string,
    command: AlarmCommand,
    user: Person,
    reason: string | null = null,
  ): Promise<StandingAlarmView> {
    try {
      return found(id, await alarms.act(id, command, { actor: user.name, role: user.role, reason }));
    } catch (error) {
      if (error instanceof CommandRefused) throw conflict(error.message);
      throw error;
    }
  }

  return [
    endpoint({
      method: 'get',
      path: '/alarms',
      role: 'wall',
      summary:
        'Alarms that are annunciated, or those that are shelved, suppressed or out of service, by priority',
      input: { query: listQuery },
      output: page(standingAlarmView),
      csv: true,
      handler({ query: { site, list, cursor, limit } }) {
        checkSiteFilter(site, model);
        const [priority, id] = decodeCursor(cursor, listPlace) ?? ['', ''];
        const rows = alarms
          .list(list)
          .filter((alarm) => isOfSites(site, alarm.site))
          .filter((alarm) => isAfter(alarm, priority, id));
        return pageOf(rows.slice(0, limit + 1), limit, { view: (row) => row, place: placeOf });
      },
    }),
    endpoint({
      method: 'get',
      path: '/alarm-counts',
      role: 'wall',
      summary: 'How many alarms are annunciated, shelved, suppressed and out of service',
      input: {},
      output: alarmCountsView,
      handler({ user }) {
        const count = (list: (typeof alarmLists)[number]): number =>
          alarms.list(list).filter(({ site }) => seesSite(user, site)).length;
        return {
          annunciated: count('annunciated'),
          shelved: count('shelved'),
          suppressed: count('suppressed'),
          outOfService: count('out-of-service'),
        };
      },
    }),
    endpoint({
      method: 'get',
      path: '/alarms/:id',
      role: 'wall',
      summary: 'One alarm; the slashes and the @ of its id are escaped (%2F, %40)',
      input: { params },
      output: standingAlarmView,
      handler: ({ params: { id } }) => find(id),
    }),
    endpoint({
      method: 'post',
      path: '/alarms/:id/ack',
      role: 'operator',
      summary: 'Acknowledge one alarm',
      input: { params, body: nothing },
      output: standingAlarmView,
      handler: ({ params: { id }, user }) => act(id, { kind: 'acknowledge' }, user),
    }),
    endpoint({
      method: 'post',
      path: '/alarms/:id/reset',
      role: 'operator',
      summary: 'Reset a latched alarm after inspection; 409 while its condition stands',
      input: { params, body: optionalReasonInput },
      output: standingAlarmView,
      handler: ({ params: { id }, body, user }) => act(id, { kind: 'reset' }, user, body.reason ?? null),
    }),
    endpoint({
      method: 'post',
      path: '/alarms/:id/shelve',
      role: 'operator',
      summary:
        'Hide an alarm until a time, as far away as its rule allows the role; one that still stands then is annunciated again',
      input: { params, body: shelveInput },
      output: standingAlarmView,
      handler: ({ params: { id }, body, user }) =>
        act(id, { kind: 'shelve', since: clock.now(), until: Date.parse(body.until) }, user, body.reason),
    }),
    commandBack('unshelve', 'End the shelf of an alarm'),
    commandWithReason('suppress', 'Hide an alarm whose message says nothing while another condition holds'),
    commandBack('unsuppress', 'End the suppression of an alarm'),
    commandWithReason('out-of-service', 'Hide an alarm for maintenance, until it is returned to service'),
    commandBack('return-to-service', 'Return an alarm to service'),
    endpoint({
      method: 'get',
      path: '/alarm-journal',
      role: 'viewer',
      summary: 'Every transition of every alarm, latest first',
      input: { query: journalQuery },
      output: page(journalEntryView),
      csv: true,
      async handler({ query: { cursor, limit, ...filter } }) {
        checkSiteFilter(filter.site, model);
        const [before] = decodeCursor(cursor, z.tuple([z.int()])) ?? [undefined];
        const rows = await alarms.journal({ ...filter, before, limit: limit + 1 });
        return pageOf(rows, limit, { view: (row) => row, place: ({ sequence }) => [sequence] });
      },
    }),
  ];
}

function placeOf({ priority, id }: StandingAlarmView): readonly [string, string] {
  return [priority, id];
}

/** The list changes while it is paged through, so the cursor is a place in the order and not a count. */
function isAfter(alarm: StandingAlarmView, priority: string, id: string): boolean {
  return alarm.priority > priority || (alarm.priority === priority && alarm.id > id);
}

function found(id: string, alarm: StandingAlarmView | undefined): StandingAlarmView {
  if (alarm === undefined) throw notFound(`no alarm ${id}: an id is rule@point, as GET alarms lists it`);
  return alarm;
}
