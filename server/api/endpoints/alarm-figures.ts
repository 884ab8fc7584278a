import { dayMs } from '../../../core/wib.ts';
import { z } from 'zod';
import type { Model } from '../../../config/model.ts';
import type { Clock } from '../../../core/clock.ts';
import { unknownName } from '../../../core/names.ts';
import type { Improvements } from '../../alarm-figures/improvements.ts';
import { FigureRefused } from '../../alarm-figures/improvements.ts';
import type { AlarmFigures } from '../../alarm-figures/service.ts';
import {
  alarmFiguresView, alarmWorkInput, alarmWorkView, badActorView, falseAlarmInput, falseAlarmView,
} from '../../contracts/alarm-figures.ts'; // prettier-ignore
import { page } from '../../contracts/common.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { badInput, conflict, notFound } from '../../http/problem.ts';
import { queryInstant } from '../../http/time.ts';
import { checkSiteFilter } from '../known.ts';

export interface FigureServices {
  readonly model: Model;
  readonly clock: Pick<Clock, 'now'>;
  readonly alarmFigures: AlarmFigures;
  readonly improvements: Improvements;
}

const longestDays = 366;
const periodQuery = z.strictObject({
  site: z.string().min(1).max(100).optional(),
  /** Default: as many days before `to` as a verdict needs. */
  from: queryInstant.optional(),
  to: queryInstant.optional(),
});
const incidentParams = z.strictObject({ id: z.string().min(1).max(100) });
const alarmParams = z.strictObject({ alarm: z.string().min(1).max(300) });

/** How well the alarm system does, what is done about its bad actors, and which incidents were false alarms. */
export function alarmFigureEndpoints({ model, clock, alarmFigures, improvements }: FigureServices): Endpoint[] {
  function periodOf({ from, to }: z.output<typeof periodQuery>): { from: number; to: number } {
    const end = to ?? clock.now();
    const begin = from ?? end - model.alarmAims.needed.days * dayMs;
    if (begin >= end) throw badInput('query.from', 'must be before "to"');
    if (end - begin > longestDays * dayMs) throw badInput('query.from', `at most ${longestDays} days before "to"`);
    if (begin > clock.now()) throw badInput('query.from', 'must not be in the future');
    return { from: begin, to: end };
  }

  function checkAssignee(name: string | undefined): void {
    const { people } = model;
    if (name === undefined || people === undefined) return;
    const names = people.persons.map(({ person }) => person);
    if (!names.includes(name)) throw badInput('body.assignee', unknownName('person', name, names));
  }

  return [
    endpoint({
      method: 'get',
      path: '/alarm-figures',
      role: 'viewer',
      summary:
        'Figures of the alarm system by ISA-18.2 and EEMUA 191, each beside its aim, of one site or of all; no verdict on less data than the aims ask for (30 days)',
      input: { query: periodQuery },
      output: alarmFiguresView,
      csv: true,
      heavy: true,
      handler({ query, signal }) {
        checkSiteFilter(query.site, model);
        return alarmFigures.read({ ...periodOf(query), site: query.site }, signal);
      },
    }),
    endpoint({
      method: 'get',
      path: '/alarm-figures/work',
      role: 'viewer',
      summary: 'The work list: alarms that make the figures bad, with what would help and what is done about them',
      input: { query: periodQuery },
      output: page(badActorView),
      csv: true,
      heavy: true,
      async handler({ query, signal }) {
        checkSiteFilter(query.site, model);
        const { actors } = await alarmFigures.read({ ...periodOf(query), site: query.site }, signal);
        return { items: actors, next: null };
      },
    }),
    endpoint({
      method: 'get',
      path: '/alarm-figures/work/:alarm',
      role: 'viewer',
      summary: 'What was done about one alarm, latest first; the slashes and the @ of its id are escaped',
      input: { params: alarmParams },
      output: alarmWorkView,
      handler: async ({ params: { alarm } }) => ({ alarm, entries: await improvements.workOf(alarm) }),
    }),
    endpoint({
      method: 'post',
      path: '/alarm-figures/work',
      role: 'operator',
      summary: 'Take up an alarm of the work list: open, assigned to a person, or done, with a note',
      input: { body: alarmWorkInput },
      output: alarmWorkView,
      async handler({ body, user }) {
        checkAssignee(body.assignee);
        return { alarm: body.alarm, entries: await refused(improvements.setWork(body, user.name)) };
      },
    }),
    endpoint({
      method: 'get',
      path: '/incidents/:id/false-alarm',
      role: 'viewer',
      summary: 'Whether an incident was marked as a false alarm, by whom and why',
      input: { params: incidentParams },
      output: falseAlarmView,
      handler: ({ params: { id } }) => refused(improvements.falseAlarm(id)),
    }),
    endpoint({
      method: 'post',
      path: '/incidents/:id/false-alarm',
      role: 'operator',
      summary: 'Mark an incident as a false alarm, or take the mark back, with a reason',
      input: { params: incidentParams, body: falseAlarmInput },
      output: falseAlarmView,
      handler: ({ params: { id }, body, user }) => refused(improvements.markFalse(id, body, user.name)),
    }),
  ];
} // prettier-ignore

async function refused<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    if (!(cause instanceof FigureRefused)) throw cause;
    throw cause.kind === 'unknown' ? notFound(cause.message) : conflict(cause.message);
  }
}
