import type { Logger } from 'pino';
import type { Model } from '../../config/model.ts';
import type { Clock } from '../../core/clock.ts';
import { bindRules } from '../alarms/bind.ts';
import { createAlarmEngine, type AlarmEngine } from '../alarms/engine.ts';
import type { IncidentSummary } from '../contracts/incidents.ts';
import type { Database } from '../db/schema.ts';
import { sortableId, type RandomBytes } from '../db/id.ts';
import { createIncidentBook, rowKey, type OpenIncident } from './book.ts';
import { createIncidentDesk, type IncidentService, type TicketsTouching } from './desk.ts';
import { createOutbox } from './outbox.ts';
import { createIncidentRepository, type IncidentRepository } from './repository.ts';
import { childNumber } from './record.ts';
import { incidentSummary } from './view.ts';

export type { IncidentService };

export interface IncidentOptions {
  readonly model: Model;
  readonly db: Database;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  readonly log: Logger;
  readonly ticketsTouching: TicketsTouching;
}

/** Worse values of standing alarms are written this often; everything else at once. */
const worstEveryMs = 10_000;

/**
 * Alarms and incidents, wired to each other, with what stood when the process ended: a condition that still stands
 * stays the same incident. Rejects when the store cannot be read. Feed readings to `alarms.accept`, call
 * `alarms.tick` once a second.
 */
export async function openIncidents(
  options: IncidentOptions,
): Promise<{ alarms: AlarmEngine; incidents: IncidentService }> {
  const { model, clock, log } = options;
  const repository = createIncidentRepository(options.db);
  const listeners = new Set<(summary: IncidentSummary) => void>();
  const outbox = createOutbox({
    write: (batch) => repository.write(batch),
    announce: (record) => {
      const summary = incidentSummary(record);
      for (const listener of listeners) listener(summary);
    },
    clock,
    log,
  });
  const book = createIncidentBook({
    model,
    newId: (now) => sortableId(now, options.randomBytes),
    restored: await restore(repository),
    output: outbox,
  });
  const bound = bindRules(model);
  book.closeVanished((key) => bound.byKey.has(key), clock.now());
  await outbox.flush();

  let worstSavedAt = clock.now();
  const engine = createAlarmEngine({
    bound,
    clock,
    restored: book.facts(),
    onChange(change) {
      book.apply(change);
      if (change.why !== 'worsen') outbox.kick();
    },
  });
  const alarms: AlarmEngine = {
    ...engine,
    tick() {
      engine.tick();
      if (clock.now() - worstSavedAt < worstEveryMs) return;
      worstSavedAt = clock.now();
      outbox.kick();
    },
  };
  return {
    alarms,
    incidents: createIncidentDesk({ ...options, repository, book, outbox, engine, listeners }),
  };
}

async function restore(repository: IncidentRepository): Promise<OpenIncident[]> {
  const open = await repository.open();
  return open.map(({ record: { incident, worst }, alarms, lastEvent }) => ({
    incident,
    worst,
    // In the order they happened: the latest occurrence of a point stays.
    alarms: new Map(alarms.map((row) => [rowKey(row), row])),
    lastEvent: childNumber(lastEvent),
  }));
}
