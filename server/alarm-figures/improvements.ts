import type { z } from 'zod';
import type { Clock } from '../../core/clock.ts';
import { iso } from '../../core/time.ts';
import type {
  alarmWorkInput,
  AlarmWorkEntry,
  falseAlarmInput,
  FalseAlarmView,
} from '../contracts/alarm-figures.ts';
import { sortableId, type RandomBytes } from '../db/id.ts';
import type { FalseAlarmRow, FigureRepository } from './repository.ts';

/** What was asked for cannot be done; the message says why and what can. */
export class FigureRefused extends Error {
  override readonly name = 'FigureRefused';
  readonly kind: 'unknown' | 'conflict';
  constructor(kind: 'unknown' | 'conflict', message: string) {
    super(message);
    this.kind = kind;
  }
}

/** What people do about the alarm system. Every step is kept; the latest counts. */
export interface Improvements {
  /** Latest first. */
  workOf(alarm: string): Promise<AlarmWorkEntry[]>;
  /** Rejects with FigureRefused. Answers with all entries of the alarm, latest first. */
  setWork(input: z.output<typeof alarmWorkInput>, actor: string): Promise<AlarmWorkEntry[]>;
  falseAlarm(incident: string): Promise<FalseAlarmView>;
  markFalse(
    incident: string,
    input: z.output<typeof falseAlarmInput>,
    actor: string,
  ): Promise<FalseAlarmView>;
}

export function createImprovements({
  repository,
  clock,
  randomBytes,
}: {
  readonly repository: FigureRepository;
  readonly clock: Pick<Clock, 'now'>;
  readonly randomBytes: RandomBytes;
}): Improvements {
  /** Later than what it follows, also in the same millisecond and after a clock was set back: the latest entry counts. */
  function next(latest: number | undefined): { readonly id: string; readonly at: number } {
    const at = Math.max(clock.now(), (latest ?? 0) + 1);
    return { id: sortableId(at, randomBytes), at };
  }

  async function known(id: string): Promise<{ readonly merged_into: string | null }> {
    const incident = await repository.incident(id);
    if (incident === undefined) throw new FigureRefused('unknown', `no incident ${id}`);
    return incident;
  }

  return {
    workOf: (alarm) => repository.workOf(alarm),
    async setWork({ alarm, state, assignee, note }, actor) {
      if (!(await repository.knowsAlarm(alarm)))
        throw new FigureRefused(
          'unknown',
          `no alarm ${alarm} ever came: an id is rule@point, as GET alarm-figures lists it`,
        );
      if (state === 'assigned' && assignee === undefined)
        throw new FigureRefused('conflict', 'name the person it is assigned to in "assignee"');
      if (state === 'done' && note === undefined)
        throw new FigureRefused('conflict', 'say in "note" what was done');
      const [latest] = await repository.workOf(alarm);
      await repository.addWork({
        ...next(latest === undefined ? undefined : Date.parse(latest.at)),
        alarm,
        state,
        assignee: assignee ?? null,
        note: note ?? null,
        actor,
      });
      return repository.workOf(alarm);
    },
    async falseAlarm(id) {
      await known(id);
      return view(id, await repository.falseAlarm(id));
    },
    async markFalse(id, { marked, reason }, actor) {
      const { merged_into: into } = await known(id);
      if (into !== null)
        throw new FigureRefused('conflict', `the incident goes on as ${into}: mark that one instead`);
      const before = await repository.falseAlarm(id);
      if ((before?.marked === 1) === marked)
        throw new FigureRefused(
          'conflict',
          marked
            ? `${before?.actor ?? ''} marked it as a false alarm already`
            : 'it is not marked as a false alarm',
        );
      const row = {
        ...next(before?.at),
        incident: id,
        marked: marked ? 1 : 0,
        reason,
        actor,
      };
      await repository.addFalseAlarm(row);
      return view(id, row);
    },
  };
}

function view(incident: string, row: FalseAlarmRow | undefined): FalseAlarmView {
  return {
    incident,
    marked: row?.marked === 1,
    reason: row?.reason ?? null,
    actor: row?.actor ?? null,
    at: row === undefined ? null : iso(row.at),
  };
}
