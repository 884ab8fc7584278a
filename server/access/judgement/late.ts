import type { Logger } from 'pino';
import { parseAccessEvent, type AccessEvent } from '../../../core/access-event.ts';
import type { Clock } from '../../../core/clock.ts';
import { createLooks } from '../../../core/looks.ts';
import { judgedTicket } from './desk.ts';
import type { JudgeFacts } from './facts.ts';
import type { StaffMember } from './holders.ts';
import { createJudge } from './judge.ts';
import type { Finding } from './kinds.ts';
import type { Records } from './records.ts';
import type { FindingRow } from './repository.ts';

/**
 * Events that arrive days after they happened: of a controller that was away, or that sends its whole memory again. Tickets and cards of that
 * time are in memory no more, and by those of today every entry would be without a ticket. They are judged by the stored ones, entry,
 * passage and credential; who was inside then is not judged. They wait in the database until they are judged, so a restart loses none.
 */
export interface LateEvents {
  /** Some have arrived. */
  arrived(): void;
  /** Once a second. */
  tick(): void;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
  /** Leaves what waits for the next start. */
  close(): Promise<void>;
}

export interface LateOptions {
  readonly records: Records;
  readonly facts: JudgeFacts;
  readonly staff: readonly StaffMember[];
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly rowOf: (finding: Finding) => FindingRow;
  readonly log: Logger;
}

const lookForEveryMs = 1_000;
const eventsAtOnce = 2_000;
/** Judged together, so that one question answers for all of them. */
const spanMs = 3 * 86_400_000;
/** A ticket is looked for this far from an event. */
const nearMs = 36 * 3_600_000;
/** Passages are looked at when this has passed between two events. */
const lookEveryMs = 1_000;
/** After the last one. */
const settledMs = 60_000;

export function createLateEvents({ records, facts, staff, clock, rowOf, log }: LateOptions): LateEvents {
  /** A process that ran before may have left some. */
  let someWait = true;
  let failing = false;
  let beginning: Promise<void> | undefined;
  const looks = createLooks(clock, { everyMs: lookForEveryMs }, judgeAll);

  async function findingsOf(events: readonly AccessEvent[]): Promise<Finding[]> {
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
      found.push(
        ...judge.time(now).findings.filter(({ kind }) => kind === 'tailgating' || kind === 'mantrap-open'),
      );
    };
    for (const event of events) {
      if (event.at - looked >= lookEveryMs) look(event.at);
      const { findings, entered } = judge.event(event);
      found.push(...findings);
      if (entered !== undefined) await records.entered(entered.ticket, entered.at);
    }
    look(to);
    look(to + settledMs);
    return found;
  }

  async function judgeAll(): Promise<void> {
    if (!someWait || looks.signal.aborted) return;
    someWait = false;
    try {
      for (;;) {
        const waiting = await records.late(eventsAtOnce);
        const [first] = waiting;
        if (first === undefined || looks.signal.aborted) break;
        const span = waiting.filter(({ at }) => at < first.at + spanMs);
        const found = await findingsOf(span.flatMap((event) => parseAccessEvent(event) ?? []));
        await records.judged(
          span.map(({ id }) => id),
          found.map(rowOf),
        );
      }
      failing = false;
    } catch (error) {
      someWait = true;
      if (!failing)
        log.error({ err: error }, 'late events of doors cannot be judged; they are kept and tried again');
      failing = true;
    }
  }

  /** One after the other, until nothing waits. */
  function begin(): void {
    beginning ??= looks.now().finally(() => {
      beginning = undefined;
      if (someWait && !failing && !looks.signal.aborted) begin();
    });
  }

  return {
    arrived() {
      someWait = true;
      begin();
    },
    tick: () => looks.tick(),
    settled: () => looks.settled(),
    close: () => looks.close(),
  };
}
