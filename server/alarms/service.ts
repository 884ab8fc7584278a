import type { Label, Priority } from '../../config/schema/common.ts';
import type { Clock } from '../../core/clock.ts';
import type { StandingAlarmView, JournalEntryView } from '../contracts/alarms.ts';
import type { Role } from '../contracts/common.ts';
import type { Database } from '../db/schema.ts';
import type { BoundAlarm } from '../../config/alarms/bind.ts';
import type { AlarmEngine, StandingAlarm } from './engine.ts';
import { isAnnunciated, stateName } from './facts.ts';
import type { JournalRow, OccurrenceRow } from './journal.ts';
import { leastRole, shelvingOf } from './shelving.ts';
import { matchesJournal, readJournal, type JournalFilter } from './repository.ts';
import type { AlarmCommand } from './transition.ts';
import { alarmDetail, journalEntry } from './view.ts';

/** The alarm's state does not allow the command; the message says why. */
export class CommandRefused extends Error {
  override readonly name = 'CommandRefused';
}

/** `annunciated`: what the operators are shown; the others: what is hidden, and how. */
export const alarmLists = ['annunciated', 'shelved', 'suppressed', 'out-of-service'] as const;
type AlarmList = (typeof alarmLists)[number];

export interface AlarmService extends AlarmEngine {
  /** By priority of the incident, then by `rule@point`. */
  list(which: AlarmList): StandingAlarmView[];
  /** Undefined for an unknown id. */
  get(id: string): StandingAlarmView | undefined;
  /**
   * Carries out what a person commands, and answers with the alarm as it is then; `durable` tells whether that is
   * written. Undefined for an unknown id; rejects with CommandRefused. Acknowledging twice is no mistake.
   */
  act(
    id: string,
    command: AlarmCommand,
    by: { readonly actor: string; readonly role: Role; readonly reason: string | null },
  ): Promise<StandingAlarmView | undefined>;
  /** Latest first. */
  journal(filter: JournalFilter): Promise<JournalEntryView[]>;
}

export function createAlarmService(options: {
  readonly engine: AlarmEngine;
  readonly clock: Pick<Clock, 'now'>;
  readonly db: Database;
  /** Entries that are not written yet. */
  readonly pendingJournal: () => readonly JournalRow[];
  readonly isDurable: (key: string) => boolean;
  /** Gives the store a moment to write what was decided. */
  readonly settled: () => Promise<void>;
  readonly occurrenceOf: (key: string) => OccurrenceRow | undefined;
  /** The incident that is linked to the alarm's latest occurrence. */
  readonly incidentOf: (key: string) => { readonly id: string; readonly priority: Priority } | undefined;
  /** Of an alarm that no incident is linked to. */
  readonly priorityOf: (alarm: BoundAlarm) => Priority;
  /** What a point is measured at, as people call it. */
  readonly ownerOfPoint: (point: string) => Label | undefined;
}): AlarmService {
  const { engine, clock, db, pendingJournal, isDurable, settled, occurrenceOf, incidentOf, priorityOf } =
    options;

  function view({ alarm, facts }: StandingAlarm): StandingAlarmView {
    const incident = incidentOf(alarm.key);
    return alarmDetail(alarm, {
      nameOf: options.ownerOfPoint,
      facts,
      occurrence: occurrenceOf(alarm.key),
      incident: incident?.id ?? null,
      priority: incident?.priority ?? priorityOf(alarm),
      durable: isDurable(alarm.key),
    });
  }

  function get(id: string): StandingAlarmView | undefined {
    const standing = engine.find(id);
    return standing === undefined ? undefined : view(standing);
  }

  return {
    ...engine,
    get,
    list: (which) =>
      engine
        .notable()
        .filter((standing) => belongsTo(which, standing))
        .map(view)
        .sort(byPriority),
    async act(id, command, { actor, role, reason }) {
      const standing = engine.find(id);
      if (standing === undefined) return undefined;
      check(command, standing, { role, now: clock.now() });
      const applied = engine.command([id], command, { actor, reason, scope: 'alarm' });
      if (applied === 0 && command.kind !== 'acknowledge')
        throw new CommandRefused(
          `the alarm is ${stateName(standing.facts)}: ${command.kind} changes nothing`,
        );
      await settled();
      return get(id);
    },
    async journal(filter) {
      await settled();
      const journal = pendingJournal();
      const waiting = new Set(journal.map(({ sequence }) => sequence));
      const unwritten = journal.filter((row) => matchesJournal(row, filter)).reverse();
      const written = await readJournal(db, filter);
      return [
        ...unwritten.map((row) => journalEntry(row, false)),
        ...written.filter(({ sequence }) => !waiting.has(sequence)).map((row) => journalEntry(row, true)),
      ].slice(0, filter.limit);
    },
  };
}

function belongsTo(which: AlarmList, { facts }: StandingAlarm): boolean {
  switch (which) {
    case 'annunciated':
      return isAnnunciated(facts);
    case 'shelved':
      return facts.shelf !== null;
    case 'suppressed':
      return facts.suppressed || facts.suppressedBy !== null;
    case 'out-of-service':
      return facts.outOfService;
  }
}

interface Asked {
  readonly role: Role;
  readonly now: number;
}

function check(command: AlarmCommand, { facts, alarm }: StandingAlarm, { role, now }: Asked): void {
  if (command.kind === 'reset' && facts.inAlarm)
    throw new CommandRefused('the condition still stands: reset after it has returned and was inspected');
  if (command.kind === 'reset' && !facts.latched) throw new CommandRefused('the alarm is not latched');
  if (command.kind === 'suppress' && alarm.rule.lifeSafety)
    throw new CommandRefused('fire, gas and water are never suppressed; shelve the alarm during a test');
  const shelving = shelvingOf(alarm.rule);
  const maxMs = shelving[role];
  if ((command.kind === 'shelve' || command.kind === 'out-of-service') && maxMs === undefined)
    throw new CommandRefused(`hiding this alarm takes the role ${leastRole(shelving)}`);
  if (command.kind !== 'shelve' || maxMs === undefined) return;
  if (command.until <= now) throw new CommandRefused('the shelf would end in the past');
  if (command.until - now > maxMs)
    throw new CommandRefused(
      `a ${role} may shelve this alarm for ${maxMs / 3_600_000} hours at most; take it out of service for longer`,
    );
}

function byPriority(a: StandingAlarmView, b: StandingAlarmView): number {
  const [left, right] = [`${a.priority} ${a.id}`, `${b.priority} ${b.id}`];
  return left === right ? 0 : left < right ? -1 : 1;
}
