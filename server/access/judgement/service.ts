import type { Logger } from 'pino';
import type { Model } from '../../../config/model.ts';
import { parseAccessEvent } from '../../../core/access-event.ts';
import type { Clock, Instant } from '../../../core/clock.ts';
import { sourceTimeAttribute, timeFlagAttribute, type FieldEvent } from '../../../core/field-event.ts';
import type { ReadingSink } from '../../../core/reading.ts';
import { repeat } from '../../../core/repeat.ts';
import { createSettledTime, type SettledTime } from '../../../core/settled-time.ts';
import type { Database } from '../../db/schema.ts';
import type { RosterChanges } from '../../people/on-call.ts';
import type { CredentialService } from '../credentials.ts';
import { lateAfterMs } from '../field-events.ts';
import type { Inside } from '../presence/presence.ts';
import type { TicketRecord } from '../repository.ts';
import type { AccessService } from '../service.ts';
import { judgedTicket, signsOfDesk } from './desk.ts';
import { dutyUntil } from './duty.ts';
import type { JudgeFacts } from './facts.ts';
import { createFindingRows } from './finding-rows.ts';
import { sameCard, type StaffMember } from './holders.ts';
import { createJudge } from './judge.ts';
import { clauseOf, type Finding } from './kinds.ts';
import { createLateEvents } from './late.ts';
import { createLiveFindings, findingReadings } from './live.ts';
import { pastAccess, type PastAccess } from './past.ts';
import { recordsOf } from './records.ts';
import { findingRepository, type FindingFilter, type FindingRow } from './repository.ts';
import type { JudgedTicket } from './tickets.ts';

/** The state is made of the events of this long, at a start; what is older when it comes is late. */
const restoredMs = 48 * 3_600_000;
/** Of findings whose row is known to be there; one that is forgotten and found again changes nothing of its row. */
const mostKnown = 50_000;
/** Tickets are kept in memory while their window is this near. */
const nearMs = 3 * 86_400_000;
const reloadEveryMs = 3_600_000;
const ticketsAtOnce = 500;
/** Clocks of controllers are a little ahead. */
const slackMs = 5_000;
const tickMs = 1_000;
const publishEveryMs = 30_000;

export interface AccessJudgement {
  /** Who is inside, as far as doors and desk have said. */
  inside(): readonly Inside[];
  ticket(id: string): JudgedTicket | undefined;
  /** By which it is judged who has stayed too long, epoch ms: a wall clock that jumps is not followed before it has settled. */
  now(): number;
  /** The wall clock has jumped and is not believed yet; undefined: all is well. */
  problem(): string | undefined;
  list(filter: FindingFilter): Promise<FindingRow[]>;
  /** What tickets, cards and doors say about a site around a moment of the past. */
  past(site: string, moment: number): Promise<PastAccess>;
  /** From the stream. */
  events(events: readonly FieldEvent[]): void;
  tick(): void;
  /** Resolves once everything found so far is stored. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export interface JudgementOptions {
  readonly model: Model;
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly access: Pick<AccessService, 'onChange'>;
  readonly credentials: Pick<CredentialService, 'onChange'>;
  readonly roster: () => RosterChanges;
  readonly accept: ReadingSink;
}

/** The judgement on the stream, with its state restored: findings become rows, and points that rules make alarms of. */
export async function openJudgement(options: JudgementOptions): Promise<AccessJudgement> {
  const { model, db, clock, log, accept } = options;
  const records = recordsOf(db);
  const findings = findingRepository(db);
  const time = createSettledTime(clock, {
    onJump: ({ byMs, followed }) =>
      log.warn(
        { byMs },
        followed
          ? 'the wall clock has settled; entries are judged by its time'
          : 'the wall clock jumped; entries are judged by the time before until it has settled',
      ),
  });
  const facts = factsOf(model, options.roster, time);
  const staff = staffOf(model);
  const judge = createJudge(facts);
  const live = createLiveFindings();
  const rows = createFindingRows(findings, log);
  /** Known as rows, so that what is found again is not raised again. */
  const known = new Set<string>();
  const late = createLateEvents({
    records,
    facts,
    staff,
    clock,
    rowOf: (finding) => rowOf(finding, 'recorded'),
    log,
  });
  let published = -Infinity;
  /** Tickets that changed since the last reload began. */
  let changedMeanwhile = new Set<string>();

  const clauseAt = (finding: Finding): string => {
    const site = model.sites.find(({ id }) => id === finding.site);
    if (site === undefined) throw new RangeError(`no site ${finding.site} in the model`);
    return clauseOf(finding.kind, { site: site.standard, access: model.standard.access });
  };

  const instant = (): Instant => ({ at: time.now(), monotonic: clock.monotonic() });

  function rowOf(finding: Finding, state: FindingRow['state']): FindingRow {
    return {
      ...finding,
      clause: clauseAt(finding),
      found_at: clock.now(),
      events: JSON.stringify(finding.events),
      state,
      ended_at: null,
    };
  }

  function take(found: readonly Finding[]): void {
    const now = instant();
    let isNews = false;
    for (const finding of found) {
      if (known.has(finding.id)) continue;
      known.add(finding.id);
      if (known.size > mostKnown) known.delete(known.values().next().value ?? '');
      const isLive = live.add(finding, now);
      isNews ||= isLive;
      rows.add(rowOf(finding, isLive ? 'live' : 'recorded'));
    }
    rows.writeSoon();
    if (isNews) publish();
  }

  function publish(): void {
    published = clock.monotonic();
    accept(findingReadings(model, { findings: live.all(), now: clock.now() }));
  }

  function see(ticket: TicketRecord): void {
    const now = time.now();
    const isNear = ticket.to_at >= now - nearMs && ticket.from_at <= now + nearMs;
    if (!isNear || ticket.state === 'rejected' || ticket.state === 'cancelled') {
      judge.tickets.remove(ticket.id);
      return;
    }
    judge.tickets.set(judgedTicket(ticket, judge.tickets.get(ticket.id)?.enteredAt ?? null));
    signsOfDesk(judge, ticket);
  }

  /** `pause` parts the work: judging every ticket again in one tick would hold up the stream. */
  async function loadTickets(pause: () => Promise<void>): Promise<void> {
    const now = time.now();
    const changed = new Set<string>();
    changedMeanwhile = changed;
    const near = await records.tickets({ from: now - nearMs, to: now + nearMs });
    const ids = new Set(near.map(({ id }) => id));
    for (const { id } of judge.tickets.all()) if (!ids.has(id) && !changed.has(id)) judge.tickets.remove(id);
    for (const [index, ticket] of near.entries()) {
      if (index > 0 && index % ticketsAtOnce === 0) await pause();
      // What was read is older than what has been said since.
      if (!changed.has(ticket.id)) see(ticket);
    }
  }

  function judgeEvents(events: readonly FieldEvent[]): void {
    const all = events
      .flatMap((event) => parseAccessEvent(asItHappened(event, time)) ?? [])
      .toSorted((a, b) => a.at - b.at);
    const since = Math.min(time.now(), clock.now()) - restoredMs;
    const parsed = all.filter(({ at }) => at >= since);
    if (all.some(({ at }) => at < Math.max(time.now(), clock.now()) - lateAfterMs)) late.arrived();
    const found: Finding[] = [];
    for (const event of parsed) {
      const judgement = judge.event(event);
      found.push(...judgement.findings);
      const { entered } = judgement;
      if (entered === undefined) continue;
      const ticket = judge.tickets.get(entered.ticket);
      if (ticket !== undefined) judge.tickets.set({ ...ticket, enteredAt: entered.at });
      records
        .entered(entered.ticket, entered.at)
        .catch((error: unknown) => log.error({ err: error }, 'an entry cannot be written to its ticket'));
    }
    take(found);
  }

  /** As it was before the restart, from the events themselves: what is found again has its row. */
  async function restore(): Promise<void> {
    const from = clock.now() - restoredMs;
    for (const row of await findings.since(from - restoredMs)) {
      known.add(row.id);
      if (row.state === 'live') live.restore({ ...row, events: [] }, instant());
    }
    judgeEvents(await records.events(from, {}));
  }

  judge.credentials.setStaff(staff);
  const reloadCards = (): Promise<void> => records.cards(judge, clock.now() - nearMs);
  await reloadCards();
  await loadTickets(() => Promise.resolve());
  await restore();
  options.access.onChange((ticket) => {
    changedMeanwhile.add(ticket.id);
    see(ticket);
  });
  options.credentials.onChange(reloadCards);
  const reloading = repeat(clock, { everyMs: reloadEveryMs }, async (signal) => {
    try {
      await loadTickets(() => clock.sleep(tickMs, signal));
    } catch (error) {
      log.error(
        { err: error },
        'tickets cannot be read for the judgement of entries; tried again in an hour',
      );
    }
  });

  return {
    inside: () => judge.inside(),
    ticket: (id) => judge.tickets.get(id),
    now: () => time.now(),
    problem() {
      const byMs = time.jump();
      return byMs === undefined
        ? undefined
        : `the clock of this server jumped by ${Math.round(byMs / 1_000)} s; who is inside and who comes is judged by the time before until it has settled`;
    },
    list: (filter) => findings.list(filter),
    past: (site, moment) => pastAccess({ records, facts, staff }, site, moment),
    events: judgeEvents,
    tick() {
      late.tick();
      const now = instant();
      const { findings: found, standing } = judge.time(now.at);
      take(found);
      const over = live.settle(standing, now);
      rows.end(over, clock.now());
      rows.writeSoon();
      if (over.length > 0 || clock.monotonic() - published >= publishEveryMs) publish();
    },
    async settled() {
      await late.settled();
      await rows.settled();
    },
    async close() {
      await reloading.close();
      await late.close();
      await rows.settled();
    },
  };
}

function factsOf(model: Model, roster: () => RosterChanges, time: SettledTime): JudgeFacts {
  return {
    doors: model.doors ?? [],
    transitRooms: new Set(
      model.rooms.filter(({ kind }) => kind === 'mantrap' || kind === 'corridor').map(({ key }) => key),
    ),
    escortedSites: new Set(
      Object.entries(model.standard.access.services).flatMap(([site, each]) => each.escortRequired ? site : []),
    ),
    dutyUntil: (person, place) => dutyUntil(model.people, roster(), { person, ...place }),
    isRead: ({ key, site, device }, quantity) => model.pointById.has(`${key}/${quantity}`) || model.pointById.has(`${site}/${device}/${quantity}`),
    wasSkipped: (at) => time.wasSkipped(at),
  };
} // prettier-ignore

function staffOf({ people }: Model): StaffMember[] {
  return (people?.persons ?? []).map(({ person, name, cards = [] }) => ({ person, name, cards }));
}

/** After the wall clock was set back, an event whose time is right was stored with the clock's, as one from the future. */
function asItHappened(event: FieldEvent, time: SettledTime): FieldEvent {
  const { [timeFlagAttribute]: flag, [sourceTimeAttribute]: told } = event.attributes;
  if (flag !== 'clock-ahead' || typeof told !== 'string' || (time.jump() ?? 0) >= 0) return event;
  const at = Date.parse(told);
  return at <= time.now() + slackMs ? { ...event, at: Math.min(at, time.now()) } : event;
}

/** Cards that belong to the staff, as cards are compared. */
export function staffCardsOf({ people }: Pick<Model, 'people'>): Set<string> {
  return new Set((people?.persons ?? []).flatMap(({ cards = [] }) => cards.map(sameCard)));
}
