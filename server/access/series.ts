import type { Logger } from 'pino';
import { z } from 'zod';
import type { Model } from '../../config/model.ts';
import type { Clock } from '../../core/clock.ts';
import { createLooks } from '../../core/looks.ts';
import { iso, isoOrNull } from '../../core/time.ts';
import { dayMs } from '../../core/wib.ts';
import type { Person } from '../auth/identity.ts';
import {
  repetition as repetitionSchema,
  type Repetition,
  type SeriesView,
} from '../contracts/ticket-series.ts';
import { ticketInput, type TicketInput } from '../contracts/tickets.ts';
import type { Database } from '../db/schema.ts';
import type { TicketSeriesTable } from '../db/schema/tickets.ts';
import { maskIdentity } from './identities.ts';
import { dayOffOf } from './life.ts';
import type { TicketMails } from './mails.ts';
import { occurrences } from './occurrences.ts';
import { newRecord } from './record.ts';
import type { NewTicket, NewTicketEvent } from './repository.ts';
import { judgeRequest, type Finding } from './rules.ts';
import { seriesRepository } from './series-repository.ts';
import { TicketRefused, type AccessService } from './service.ts';
import type { SiteFilter } from '../../core/site-filter.ts';

/** Visits that come again: each has its own ticket, with its own life, from two weeks before it begins. */
export interface TicketSeries {
  /** `first`: the first visit. */
  create(
    first: TicketInput,
    repetition: Repetition,
    user: string,
  ): Promise<SeriesView | { readonly findings: readonly Finding[] }>;
  list(filter: { readonly site?: SiteFilter | undefined; readonly running: boolean; readonly before?: string | undefined; readonly limit: number }): Promise<SeriesView[]>;
  /** No more tickets are made; with `cancelTickets` those that did not begin are cancelled. Undefined: there is no such series. */
  end(
    id: string,
    by: Pick<Person, 'name' | 'role'> & { readonly note: string; readonly cancelTickets: boolean },
  ): Promise<SeriesView | undefined>;
  /** When visits from `from` to `to` begin that have no ticket yet: for the calendar. */
  planned(filter: { readonly site: string; readonly from: number; readonly to: number }): Promise<PlannedVisit[]>;
  /** Call once a second. */
  tick(): void;
  /** Resolves once every visit that is due has its ticket. */
  makeDue(): Promise<void>;
  close(): Promise<void>;
} // prettier-ignore

interface PlannedVisit {
  readonly series: string;
  readonly from: number;
  readonly to: number;
  readonly unit: string;
  readonly activity: string;
}

/** The request without its times and its number elsewhere: those are a visit's own. */
const template = z.object(ticketInput.shape).omit({ from: true, to: true, reference: true });

const horizonMs = 14 * dayMs;
/** On the monotonic clock. A wall clock that is set to another year makes two weeks of tickets at each look and loses none. */
const lookEveryMs = 600_000;
const listedNext = 12;

export function createTicketSeries(options: {
  readonly db: Database;
  readonly model: Model;
  readonly clock: Clock;
  readonly newId: (at: number) => string;
  readonly mails: Pick<TicketMails, 'mailFor' | 'send'>;
  readonly access: Pick<AccessService, 'list' | 'act' | 'announce'>;
  readonly log: Logger;
}): TicketSeries {
  const { db, model, clock, newId, mails, access, log } = options;
  const repository = seriesRepository(db);

  function visit(series: TicketSeriesTable, at: number): NewTicket | undefined {
    const input: TicketInput = {
      ...template.parse(JSON.parse(series.template)),
      from: iso(at),
      to: iso(at + series.duration_ms),
    };
    const verdict = judgeRequest(model, input);
    if ('findings' in verdict) {
      const why = verdict.findings.map(({ path, message }) => `${path}: ${message}`);
      log.error({ series: series.id, visit: iso(at), why }, 'a visit of a series gets no ticket: the configuration has changed');
      return undefined;
    }
    const now = clock.now();
    const id = newId(now);
    const ticket = newRecord(input, { id, service: verdict.service, user: series.created_by, now, visit: { series: series.id, at } });
    const event: NewTicketEvent = { id: newId(now), at: now, ticket: id, action: 'submit', actor: series.created_by, note: null };
    return { ticket, event, mail: mails.mailFor(ticket, event) };
  }

  /** The next two weeks of it at most. True when more may be due. */
  async function make(series: TicketSeriesTable): Promise<boolean> {
    const horizon = clock.now() + horizonMs;
    const until = Math.min(horizon, series.made_until + horizonMs);
    if (until <= series.made_until) return false;
    const visits = occurrences(series.first_at, repetitionSchema.parse(JSON.parse(series.repetition)), { from: series.made_until, to: until });
    const tickets = visits.flatMap((at) => visit(series, at) ?? []);
    if (!(await repository.makeVisits(series, until, tickets))) return false;
    access.announce(tickets.map(({ ticket }) => ticket));
    mails.send(tickets.flatMap(({ mail, ticket, event }) => (mail === undefined ? [] : [{ mail, ticket, event }])));
    return until < horizon;
  }

  async function makeDue(): Promise<void> {
    for (let before: string | undefined; ; ) {
      const page = await repository.list({ running: true, before, limit: 100 });
      for (const series of page)
        await make(series).catch((error: unknown) => {
          log.error({ err: error, series: series.id }, 'tickets of a series cannot be made; it is tried again');
        });
      before = page.at(-1)?.id;
      if (page.length < 100) return;
    }
  }

  function viewOf(series: TicketSeriesTable): SeriesView {
    const { persons, rooms, unit, pic, activity, fields } = template.parse(JSON.parse(series.template));
    const repetition = repetitionSchema.parse(JSON.parse(series.repetition));
    const now = clock.now();
    const next =
      series.ended_at === null ? occurrences(series.first_at, repetition, { from: now, to: Infinity }) : [];
    return {
      id: series.id,
      site: series.site,
      rooms: [...rooms],
      unit,
      pic,
      activity,
      persons: persons.map((person) => ({ ...person, identity: maskIdentity(person.identity) })),
      fields,
      first: iso(series.first_at),
      durationMs: series.duration_ms,
      repetition,
      madeUntil: iso(series.made_until),
      next: next.slice(0, listedNext).map((at) => ({ from: iso(at), dayOff: dayOffOf(at, model.calendars) })),
      createdAt: iso(series.created_at),
      createdBy: series.created_by,
      endedAt: isoOrNull(series.ended_at),
      endedBy: series.ended_by,
    };
  }

  const looks = createLooks(clock, { everyMs: lookEveryMs }, () =>
    makeDue().catch((error: unknown) => {
      log.error({ err: error }, 'series of visits cannot be read; it is tried again');
    }),
  );

  return {
    makeDue,
    async create(first, repetition, user) {
      const verdict = judgeRequest(model, first);
      if ('findings' in verdict) return verdict;
      const { from, to, reference: _reference, ...rest } = first;
      const now = clock.now();
      const firstAt = Date.parse(from);
      const series: TicketSeriesTable = {
        id: newId(now),
        site: first.site,
        template: JSON.stringify(rest),
        repetition: JSON.stringify(repetition),
        first_at: firstAt,
        duration_ms: Date.parse(to) - firstAt,
        made_until: firstAt,
        created_at: now,
        created_by: user,
        ended_at: null,
        ended_by: null,
      };
      await repository.add(series);
      while (await make((await repository.find(series.id)) ?? series));
      return viewOf((await repository.find(series.id)) ?? series);
    },
    list: async (filter) => (await repository.list(filter)).map(viewOf),
    async end(id, { name, role, note, cancelTickets }) {
      if (!(await repository.end(id, { at: clock.now(), user: name })) && (await repository.find(id)) === undefined)
        return undefined;
      const tickets = cancelTickets ? await access.list({ series: id, window: 'upcoming', limit: 1_000 }) : [];
      for (const ticket of tickets)
        await access.act(ticket.id, 'cancel', { actor: name, role, note }).catch((error: unknown) => {
          // The visit is under way or over: it keeps its life.
          if (!(error instanceof TicketRefused)) throw error;
        });
      const series = await repository.find(id);
      return series === undefined ? undefined : viewOf(series);
    },
    async planned({ site, from, to }) {
      const running = await repository.list({ site, running: true, limit: 1_000 });
      return running.flatMap((series) => {
        const { unit, activity } = template.parse(JSON.parse(series.template));
        const repetition = repetitionSchema.parse(JSON.parse(series.repetition));
        return occurrences(series.first_at, repetition, { from: Math.max(from, series.made_until), to }).map((at) => ({
          series: series.id, from: at, to: at + series.duration_ms, unit, activity,
        }));
      });
    },
    tick: () => looks.tick(),
    close: () => looks.close(),
  };
} // prettier-ignore
