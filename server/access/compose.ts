import type { Logger } from 'pino';
import { defaultPrivacy } from '../../config/schema/privacy.ts';
import type { Model } from '../../config/model.ts';
import type { Clock } from '../../core/clock.ts';
import type { EventQueue } from '../../core/event-queue.ts';
import type { Teardown } from '../../core/teardown.ts';
import type { AlarmService } from '../alarms/service.ts';
import type { PlantStates } from '../alarms/plant-states.ts';
import type { RandomBytes } from '../db/id.ts';
import type { Database } from '../db/schema.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { createApprovals } from './approval.ts';
import { createControllers } from './controllers/controllers.ts';
import { createPushedControllers } from './controllers/push.ts';
import { controllerRepository } from './controllers/repository.ts';
import { createCredentials } from './credentials.ts';
import { createEventStore } from './event-store.ts';
import { fieldEventRepository } from './field-events.ts';
import { openJudgement, staffCardsOf } from './judgement/service.ts';
import { openTicketMails } from './mails.ts';
import { createPermits } from './permits.ts';
import { createRetention } from './persons/retention.ts';
import { createPersons } from './persons/service.ts';
import { ticketRepository } from './repository.ts';
import { createTicketSeries } from './series.ts';
import { createAccess } from './service.ts';

type Mails = Parameters<typeof openTicketMails>[0];

/** Tickets, doors, and the judgement of entries by both; each part registers its teardown. */
export async function openAccess(
  options: {
    readonly model: Model;
    readonly db: Database;
    readonly clock: Clock;
    readonly randomBytes: RandomBytes;
    readonly log: Logger;
    readonly newId: (at: number) => string;
    readonly pipeline: Pipeline;
    readonly plantStates: PlantStates;
    readonly alarms: Pick<AlarmService, 'notable'>;
    readonly eventQueue: EventQueue;
    readonly email: Mails['email'];
    readonly publicUrl: string;
    readonly incidentsTouching: Parameters<typeof createAccess>[0]['incidentsTouching'];
    readonly roster: Parameters<typeof openJudgement>[0]['roster'];
    /** Of controllers that send local time, IANA. */
    readonly zone: string;
  },
  teardown: Teardown,
) {
  const { model, db, clock, randomBytes, log, newId, pipeline, plantStates, alarms } = options;
  const credentials = createCredentials({ db, clock, randomBytes, staffCards: staffCardsOf(model) });
  const ticketMails = await openTicketMails({
    db,
    model,
    email: options.email,
    publicUrl: options.publicUrl,
    newId,
    clock,
    random: Math.random,
    log,
  });
  teardown.add('mails about tickets', () => ticketMails.close());
  const tickets = ticketRepository(db);
  const permits = createPermits({ model, clock, tickets, standing: () => alarms.notable(), plantStates });
  const { incidentsTouching } = options;
  const approvals = createApprovals({ model, clock, tickets, permits, incidentsTouching });
  const access = createAccess({
    credentials,
    permits,
    db,
    model,
    clock,
    randomBytes,
    mails: ticketMails,
    incidentsTouching,
  });
  const onErased = async (ids: readonly string[]): Promise<void> => {
    for (const id of ids) {
      const ticket = await access.find(id);
      if (ticket !== undefined) access.announce([ticket]);
    }
    await credentials.changed();
  };
  const persons = createPersons({ db, clock, randomBytes, lookups: access.lookups, onErased });
  const retention = createRetention({
    db,
    privacy: model.privacy ?? defaultPrivacy,
    clock,
    newId,
    onErased,
    log,
  });
  teardown.add('retention of personal data', () => retention.close());
  pipeline.subscribe('retention of personal data', { tick: () => retention.tick() });
  const ticketSeries = createTicketSeries({ db, model, clock, newId, mails: ticketMails, access, log });
  teardown.add('series of visits', () => ticketSeries.close());

  const judgement = await openJudgement({
    model, db, clock, log, access, credentials,
    roster: options.roster,
    accept: pipeline.accept,
  }); // prettier-ignore
  teardown.add('judgement of entries', () => judgement.close());
  pipeline.subscribe('judgement of entries', {
    events: (batch) => judgement.events(batch),
    tick: () => judgement.tick(),
  });
  const fieldEvents = fieldEventRepository(db, (source) => model.deviceById.get(source)?.room);
  const controllerStates = controllerRepository(db);
  const controllers = createControllers(await controllerStates.all());
  const events = createEventStore({
    repository: fieldEvents,
    queue: options.eventQueue,
    controllers: { known: controllers, repository: controllerStates },
    clock,
    log,
    onStored: (stored) => pipeline.acceptEvents(stored),
  });
  teardown.add('field events', () => events.close());
  pipeline.subscribe('controllers', { tick: () => events.tick() });
  const pushed = createPushedControllers({
    model,
    clock,
    log,
    sink: pipeline.accept,
    store: (batch) => events.store(batch),
    zone: options.zone,
  });
  pipeline.subscribe('pushed controllers', { tick: () => pushed.tick() });

  pipeline.subscribe('series of visits', { tick: () => ticketSeries.tick() });
  return {
    access,
    approvals,
    credentials,
    persons,
    retention,
    ticketMails,
    ticketSeries,
    judgement,
    fieldEvents,
    events,
    controllers,
    pushed,
  };
}
