import { randomBytes } from 'node:crypto';
import { pino, type Logger } from 'pino';
import type { Model } from '../../../config/model.ts';
import { good, type Reading } from '../../../core/reading.ts';
import type { AlarmService } from '../../../server/alarms/service.ts';
import { openDatabase } from '../../../server/db/database.ts';
import type { Database } from '../../../server/db/schema.ts';
import { openIncidents } from '../../../server/incidents/compose.ts';
import type { IncidentService, TicketsTouching } from '../../../server/incidents/service.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';

/** Monday 2026-11-23 10:00 WIB, within working hours. */
export const monday = Date.UTC(2026, 10, 23, 3);

export interface Running {
  readonly db: Database;
  readonly clock: FakeClock;
  readonly alarms: AlarmService;
  readonly incidents: IncidentService;
  /** A reading of now, by point id. */
  say(values: Readonly<Record<string, number>>, quality?: number): void;
  /** The same every second for some seconds, with the ticks of the server. */
  hold(values: Readonly<Record<string, number>>, seconds: number): Promise<void>;
}

const opened: Database[] = [];

/** After each test: a database server has only so many connections. */
export async function closeDatabases(): Promise<void> {
  await Promise.all(opened.splice(0).map((db) => db.destroy()));
}

/** Alarms and incidents over a database, as the server wires them. Nothing is closed: kill -9 is the default. */
export async function run(
  path: string,
  model: Model,
  options: {
    readonly clock?: FakeClock;
    readonly ticketsTouching?: TicketsTouching;
    readonly log?: Logger;
  } = {},
): Promise<Running> {
  const clock = options.clock ?? createFakeClock(monday);
  const db = await openDatabase(path);
  opened.push(db);
  const present = new Map<number, number>();
  const { alarms, incidents } = await openIncidents({
    model,
    db,
    clock,
    randomBytes,
    log: options.log ?? pino({ level: 'silent' }),
    ticketsTouching: options.ticketsTouching ?? (() => Promise.resolve([])),
    readNow: ({ index }) => present.get(index) ?? null,
  });

  function say(values: Readonly<Record<string, number>>, quality: number = good): void {
    const readings = Object.entries(values).map(([id, value]): Reading => {
      const point = model.pointById.get(id);
      if (point === undefined) throw new RangeError(`no point ${id}`);
      return { point: point.index, at: clock.now(), value, quality };
    });
    for (const { point, value } of readings) present.set(point, value);
    alarms.accept(readings);
  }

  return {
    db,
    clock,
    alarms,
    incidents,
    say,
    async hold(values, seconds) {
      for (let second = 0; second <= seconds; second += 1) {
        if (second > 0) await clock.advance(1_000);
        say(values);
        alarms.tick();
      }
    },
  };
}
