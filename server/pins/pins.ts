import type { Logger } from 'pino';
import { trialRule } from '../../config/schema/trial.ts';
import type { Priority } from '../../config/schema/common.ts';
import type { Clock } from '../../core/clock.ts';
import { repeat } from '../../core/repeat.ts';
import type { IncidentView } from '../contracts/incidents.ts';
import type { Historian, Pin, Range } from '../historian/historian.ts';
import type { IncidentService } from '../incidents/service.ts';

const hourMs = 3_600_000;
/** Before the first alarm and after the end. */
const marginMs = hourMs;
/** The end of an incident is not known while it is open: its pin reaches so far, and is moved on when half of it is used. */
const aheadMs = 4 * hourMs;
const lookEveryMs = 60_000;
const pinned: readonly Priority[] = ['P1', 'P2'];
const openAtOnce = 1_000;

interface Held {
  readonly points: ReadonlySet<string>;
  readonly range: Range;
}

/**
 * Keeps the readings around every P1 and P2 incident as evidence, from an hour before its first alarm to an hour after its end. A pin is
 * made within a minute and renewed long before it ends, so that a store that is away for hours, a restart and kill -9 cost nothing: raw
 * readings are kept for weeks anyhow.
 */
export function watchIncidents(options: {
  readonly historian: Pick<Historian, 'pin'>;
  readonly incidents: Pick<IncidentService, 'list' | 'get' | 'onChange'>;
  /** All points that belong to some alarms' (scope.ts). */
  readonly evidence: (alarmPoints: readonly string[]) => string[];
  readonly clock: Clock;
  readonly log: Logger;
}): { close(): Promise<void> } {
  const { historian, incidents, evidence, clock, log } = options;
  const held = new Map<string, Held>();
  const changed = new Set<string>();
  let isFirst = true;
  let failing = false;

  const stop = incidents.onChange(({ id, priority, rule }) => {
    if (rule !== trialRule && pinned.includes(priority)) changed.add(id);
  });

  async function pin(id: string, { points, range }: Held): Promise<void> {
    await historian.pin({ name: `incident:${id}`, points: [...points], range });
  }

  async function follow(id: string): Promise<void> {
    const incident = await incidents.get(id);
    if (incident === undefined) {
      held.delete(id);
      return;
    }
    const before = held.get(id);
    const wanted = wantedFor(incident, before, { now: clock.now(), evidence });
    if (before !== undefined && sameAs(before, wanted)) return;
    await pin(id, wanted);
    if (incident.resolvedAt === null) held.set(id, wanted);
    else held.delete(id);
  }

  async function look(): Promise<void> {
    try {
      if (isFirst) {
        const open = await incidents.list({ state: 'open', priorities: [...pinned], limit: openAtOnce });
        for (const { id } of open) changed.add(id);
        isFirst = false;
      }
      for (const [id, { range }] of held) if (range.to - clock.now() < aheadMs / 2) changed.add(id);
      for (const id of changed) {
        await follow(id);
        changed.delete(id);
      }
      if (failing) log.info('pins: readings of incidents are kept again');
      failing = false;
    } catch (error) {
      if (!failing)
        log.error(
          { err: error },
          'pins: readings of incidents cannot be marked as evidence; trying again every minute',
        );
      failing = true;
    }
  }

  const looking = repeat(clock, { everyMs: lookEveryMs }, look);
  return {
    async close() {
      stop();
      await looking.close();
    },
  };
}

/** Alarms may have been moved to another incident since: what was held stays held. */
function wantedFor(
  { alarms, openedAt, resolvedAt }: IncidentView,
  before: Held | undefined,
  {
    now,
    evidence,
  }: { readonly now: number; readonly evidence: (alarmPoints: readonly string[]) => string[] },
): Held {
  const first = alarms.reduce((at, { since }) => Math.min(at, Date.parse(since)), Date.parse(openedAt));
  const from = Math.min(first - marginMs, before?.range.from ?? Infinity);
  const alarmPoints = [...new Set(alarms.map(({ point }) => point))];
  const points = new Set([...(before?.points ?? []), ...evidence(alarmPoints)]);
  if (resolvedAt !== null) return { points, range: { from, to: Date.parse(resolvedAt) + marginMs } };
  const to = before === undefined || before.range.to - now < aheadMs / 2 ? now + aheadMs : before.range.to;
  return { points, range: { from, to } };
}

function sameAs(one: Held, other: Held): boolean {
  return (
    one.range.from === other.range.from &&
    one.range.to === other.range.to &&
    one.points.size === other.points.size &&
    [...other.points].every((point) => one.points.has(point))
  );
}

/** The readings of a load test are evidence too. Again under the same id: replaced, as when the test takes longer. */
export function loadTestPin(id: string, { points, range }: Pick<Pin, 'points' | 'range'>): Pin {
  return { name: `load-test:${id}`, points, range: { from: range.from - marginMs, to: range.to + marginMs } };
}
