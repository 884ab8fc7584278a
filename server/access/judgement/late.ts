import type { Logger } from 'pino';
import type { AccessEvent } from '../../../core/access-event.ts';
import { judgedTicket } from './desk.ts';
import type { JudgeFacts } from './facts.ts';
import type { StaffMember } from './holders.ts';
import { createJudge } from './judge.ts';
import type { Finding } from './kinds.ts';
import type { Records } from './records.ts';

/**
 * Events that arrive days after they happened: of a controller that was away, or that sends its whole memory again. Tickets and cards of that
 * time are in memory no more, and by those of today every entry would be without a ticket. They are judged by the stored ones, entry,
 * passage and credential; who was inside then is not judged.
 */
export interface LateEvents {
  judge(events: readonly AccessEvent[]): void;
  /** Resolves once everything that came so far is judged. */
  settled(): Promise<void>;
  /** Gives up what waits. */
  close(): Promise<void>;
}

export interface LateOptions {
  readonly records: Records;
  readonly facts: JudgeFacts;
  readonly staff: readonly StaffMember[];
  readonly onFound: (findings: readonly Finding[]) => void;
  readonly log: Logger;
}

/** A year of a busy controller; what comes beyond that while the database is slow is stored and not judged. */
const mostWaiting = 200_000;
const eventsAtOnce = 2_000;
/** Judged together, so that one question answers for all of them. */
const spanMs = 3 * 86_400_000;
/** A ticket is looked for this far from an event. */
const nearMs = 36 * 3_600_000;
/** Passages are looked at when this has passed between two events. */
const lookEveryMs = 1_000;
/** After the last one. */
const settledMs = 60_000;

export function createLateEvents({ records, facts, staff, onFound, log }: LateOptions): LateEvents {
  let waiting: AccessEvent[] = [];
  let judging: Promise<void> | undefined;
  let dropped = 0;

  async function judgeSpan(events: readonly AccessEvent[]): Promise<void> {
    const [from, to] = [events[0]?.at ?? 0, events.at(-1)?.at ?? 0];
    const judge = createJudge(facts);
    judge.credentials.setStaff(staff);
    await records.cards(judge, from - nearMs);
    for (const ticket of await records.tickets({ from: from - nearMs, to: to + nearMs }))
      judge.tickets.set(judgedTicket(ticket, null));
    const found: Finding[] = [];
    let looked = from;
    const look = (now: number): void => {
      looked = now;
      // What only time makes wrong needs who was inside, which is not known of then.
      found.push(...judge.time(now).findings.filter(({ kind }) => kind === 'tailgating'));
    };
    for (const event of events) {
      if (event.at - looked >= lookEveryMs) look(event.at);
      const { findings, entered } = judge.event(event);
      found.push(...findings);
      if (entered !== undefined) await records.entered(entered.ticket, entered.at);
    }
    look(to);
    look(to + settledMs);
    onFound(found);
  }

  async function judgeAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, eventsAtOnce).toSorted((a, b) => a.at - b.at);
      waiting = waiting.slice(eventsAtOnce);
      for (let first = 0; first < batch.length;) {
        const end = (batch[first]?.at ?? 0) + spanMs;
        const beyond = batch.findIndex(({ at }, index) => index > first && at >= end);
        const next = beyond < 0 ? batch.length : beyond;
        await judgeSpan(batch.slice(first, next));
        first = next;
      }
    }
    if (dropped > 0) log.error({ events: dropped }, 'late events of doors were stored and not judged: more came than could be, or the server ended');
    dropped = 0;
  } // prettier-ignore

  return {
    judge(events) {
      const fitting = events.slice(0, Math.max(0, mostWaiting - waiting.length));
      dropped += events.length - fitting.length;
      waiting.push(...fitting);
      judging ??= judgeAll()
        .catch((error: unknown) => {
          log.error({ err: error }, 'late events of doors are stored and cannot be judged');
        })
        .finally(() => {
          judging = undefined;
        });
    },
    async settled() {
      await judging;
    },
    async close() {
      dropped += waiting.length;
      waiting = [];
      await judging;
    },
  };
}
