import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { DateTime } from 'luxon';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Model } from '../config/model.ts';
import type { Profile } from '../config/schema/profile.ts';
import type { Clock } from '../core/clock.ts';
import type { EventQueue } from '../core/event-queue.ts';
import type { EventSink } from '../core/field-event.ts';
import { good, type ReadingSink } from '../core/reading.ts';
import type { Teardown } from '../core/teardown.ts';
import type { Collectors } from '../collectors/collectors.ts';
import { openAudit } from './audit/compose.ts';
import type { LogService } from './audit/service.ts';
import { openAccess } from './access/compose.ts';
import { openPeople } from './people/compose.ts';
import { createTicketsTouching, type AccessService } from './access/service.ts';
import { composeAlarmFigures } from './alarm-figures/compose.ts';
import type { AlarmService } from './alarms/service.ts';
import { openPlantStates } from './alarms/plant-states.ts';
import { createPredictionRepository } from './capacity/repository.ts';
import { createCapacity } from './capacity/service.ts';
import { createHttpApp, type HttpOptions } from './api/app.ts';
import type { Drills } from './api/endpoints/drills.ts';
import { healthParts } from './api/health.ts';
import { createMetrics } from './api/metrics.ts';
import { createAuth, type Auth } from './auth/auth.ts';
import { listUsers } from './auth/users.ts';
import { openCommissioning } from './commissioning/compose.ts';
import { openDiscovery } from './discovery/compose.ts';
import { createCompliance } from './compliance/service.ts';
import type { RandomBytes } from './db/id.ts';
import type { Database } from './db/schema.ts';
import type { HistorianWriter } from './historian/batching.ts';
import type { Historian } from './historian/historian.ts';
import { lastValues, recordReadings } from './historian/record.ts';
import { openIncidents } from './incidents/compose.ts';
import type { IncidentService } from './incidents/service.ts';
import { assignees } from './incidents/assignees.ts';
import { createAttachments } from './incidents/attachments.ts';
import { createReports } from './incidents/reports.ts';
import type { CollectedDiagnostics, RemoteCollectors } from './ingest/remote-collectors.ts';
import { addCollectorMetrics } from './ingest/metrics.ts';
import { openIngest } from './ingest/open.ts';
import type { IngestService } from './ingest/service.ts';
import { createTroubleLog, type TroubleLog } from './ingest/troubles.ts';
import { sortableId } from './db/id.ts';
import { installationSecret } from './db/secrets.ts';
import { hostOf } from './notify/channels.ts';
import { startHeartbeat } from './notify/heartbeat.ts';
import { addPageMetrics } from './notify/metrics.ts';
import { createTrial } from './notify/trial.ts';
import { watchPaging } from './notify/watch.ts';
import { createFeeds } from './people/feeds.ts';
import { openHandovers } from './people/handover.ts';
import { handoverRepository } from './people/handover-repository.ts';
import { watchRoster } from './people/watch.ts';
import { watchIncidents } from './pins/pins.ts';
import { createEvidence } from './pins/scope.ts';
import { usualZone } from '../collectors/drivers/json/time.ts';
import { createLive, type Live } from './live/live.ts';
import { createWallRepository } from './live/wall-repository.ts';
import { createWalls, watchWalls } from './live/walls.ts';
import { defaultRetention } from './historian/tiers.ts';
import { composeLoadTests } from './loadtest/compose.ts';
import { openReports } from './reports/compose.ts';
import { createPipeline, type Pipeline } from './pipeline/pipeline.ts';

/** What the services depend on; opened and closed by the caller. */
export interface ComposeOptions {
  readonly model: Model;
  readonly clock: Clock;
  readonly log: Logger;
  readonly randomBytes: RandomBytes;
  readonly version: string;
  /** When the process started, epoch ms, if that was before now: a reload composes the services again. */
  readonly startedAt?: number;
  readonly db: Database;
  /** Its file or URL, for a thread with a connection of its own. */
  readonly operationsAt: string;
  /** What is wrong with it. */
  readonly databaseProblem?: () => string | undefined;
  /** Why a changed configuration is not in force; absent: it is not watched. */
  readonly configurationProblem?: (() => string | undefined) | undefined;
  /** Mail to people; absent: none. */
  readonly smtpUrl?: string | undefined;
  /** What the ministry's ticketing system signs with; absent: it can send nothing. */
  readonly ticketWebhookSecret?: string | undefined;
  /** An outside address that is told every minute that this server pages people. */
  readonly heartbeatUrl?: string | undefined;
  /** What links in messages begin with. */
  readonly publicUrl?: string | undefined;
  /** Every profile of the installation and the library: a model has those of its devices. */
  readonly allProfiles: () => Promise<readonly Profile[]>;
  /** Holds the files of incidents, in `attachments/`. */
  readonly dataDir: string;
  readonly historian: Historian;
  readonly writer: HistorianWriter;
  /** What brings readings from the field into this process. */
  readonly collectors: (sink: ReadingSink, events: EventSink) => Collectors;
  /** Field events of this process's own collectors until the database has them. Closed by the services. */
  readonly eventQueue: EventQueue;
  /** Sites that this process polls itself; none: it polls nothing by intent. */
  readonly localSites: readonly string[];
  /** The simulator's scenarios, while the field is simulated. */
  readonly drills: Drills | undefined;
  /** The built page; absent: API only. */
  readonly webDir: string | undefined;
  /** In tests: outputs are checked against what the endpoints declare. */
  readonly checkOutput?: boolean;
}

export interface Services {
  readonly auth: Auth;
  readonly alarms: AlarmService;
  readonly incidents: IncidentService;
  readonly access: AccessService;
  readonly provenLog: LogService;
  readonly pipeline: Pipeline;
  readonly ingest: IngestService;
  readonly remoteCollectors: RemoteCollectors;
  readonly collectors: Collectors;
  readonly troubles: TroubleLog;
  readonly metrics: Registry;
  readonly live: Live;
  /** Not listening yet. */
  readonly httpServer: Server;
  readonly httpOptions: HttpOptions;
  /** Call once a second. */
  tick(): void;
  /** Call a few times between two ticks. */
  deriveSmall(): void;
}

/**
 * Wires the data flow (docs/architecture.md), top to bottom, for the product and for its tests alike. Nothing listens, polls or
 * ticks yet. Each part registers its teardown; rejects when one cannot open.
 */
export async function composeServices(options: ComposeOptions, teardown: Teardown): Promise<Services> {
  const { model, clock, log, randomBytes, version, db, historian, writer, localSites, drills } = options;
  const startedAt = options.startedAt ?? clock.now();
  const auth = await createAuth({ db, clock, randomBytes });
  const pipeline = createPipeline({ model, clock, log });
  const publicUrl = options.publicUrl ?? 'http://127.0.0.1:8080';
  const newId = (at: number): string => sortableId(at, randomBytes);
  const plantStates = await openPlantStates({ db, clock, newId });
  const { push, channels, roster, isExpired } = await openPeople(
    {
      model, db, clock, randomBytes, log, newId, publicUrl,
      smtpUrl: options.smtpUrl,
      failing: () => new Set(notify.failing().keys()),
    },
    teardown,
  ); // prettier-ignore
  const trial = createTrial({ model, clock, log });
  const { alarms, incidents, notify } = await openIncidents({
    model,
    db,
    clock,
    randomBytes,
    log,
    ticketsTouching: createTicketsTouching(db),
    readNow: ({ index }) => {
      const { quality, value } = pipeline.current;
      return quality[index] === good ? (value[index] ?? null) : null;
    },
    isDeclared: plantStates.isDeclared,
    notify: {
      channels: new Map([...channels, ['test', trial.driver]]),
      roster: () => roster.changes(),
      publicUrl,
      secret: await installationSecret(db, { name: 'message-secret', randomBytes }),
    },
  });
  teardown.add('incidents', () => incidents.close());
  teardown.add('notifications', () => notify.close());
  const filing = { db, handling: incidents.handling, clock, newId };
  const attachments = createAttachments({ ...filing, folder: join(options.dataDir, 'attachments') });
  const reports = createReports({ ...filing, kinds: model.statutory ?? [] });
  const { figureRepository, alarmFigures, alarmReports, improvements } = composeAlarmFigures(
    { model, db, randomBytes, clock, log },
    teardown,
  );
  const pins = watchIncidents({ historian, incidents, evidence: createEvidence(model), clock, log });
  teardown.add('pins', () => pins.close());

  const loadTests = await composeLoadTests(
    {
      model, db, historian, pipeline, plantStates, publicUrl, newId, clock, log,
      dataDir: options.dataDir,
      past: (site, moment) => entries.judgement.past(site, moment),
    },
    teardown,
  ); // prettier-ignore
  const compliance = createCompliance({
    model, db, historian, clock, newId, log,
    ...(loadTests === undefined
      ? {}
      : { loadTests: (site, range) => loadTests.completed(site, range) }),
    dataFolder: join(options.dataDir, 'documents'),
    values: pipeline.current,
  }); // prettier-ignore
  teardown.add('compliance', () => compliance?.close());
  const monthly = openReports(
    {
      model, db, historian, alarmFigures, figureRepository, compliance, checkpoint: () => provenLog.checkpoint(),
      publicUrl, clock, newId, log,
      dataDir: options.dataDir,
      mail: channels.get('email'),
    },
    teardown,
  ); // prettier-ignore

  // The evidence of a genset run is kept reading by reading.
  const isEvidence = (point: number): boolean => loadTests?.isEvidence(point) === true;
  recordReadings({ model, pipeline, writer, isEvidence, clock }, teardown);
  pipeline.subscribe('alarms', { readings: (batch) => alarms.accept(batch), tick: () => alarms.tick() });
  const heartbeat = startHeartbeat({ url: options.heartbeatUrl, unwell: () => trial.failure(), clock, log });
  teardown.add('heartbeat', () => heartbeat.close());
  const paging = watchPaging({ model, notify, trial, heartbeat, accept: pipeline.accept, clock });
  teardown.add('watch over paging', () => paging.close());
  const walls = createWalls({ repository: createWallRepository(db), clock });
  const wallWatch = watchWalls({ model, walls, accept: pipeline.accept, clock, log });
  teardown.add('watch over walls', () => wallWatch.close());
  const trying = trial.start({ accept: pipeline.accept, incidents });
  teardown.add('trial alarms', () => trying.close());
  pipeline.restore(await lastValues(historian, log));

  const rosterWatch = watchRoster({
    model,
    roster,
    waysNow: () =>
      JSON.stringify([
        [...notify.failing().keys()],
        model.people?.persons.filter((person) => isExpired(person, 'push')).map(({ person }) => person),
      ]),
    accept: pipeline.accept,
    clock,
    log,
  });
  teardown.add('roster', () => rosterWatch.close());
  const zone = model.calendars[0]?.zone ?? usualZone;
  const entries = await openAccess({
    model, db, clock, randomBytes, log, newId, pipeline, plantStates, alarms, zone, publicUrl,
    email: channels.get('email'),
    eventQueue: options.eventQueue,
    incidentsTouching: (touches) => incidents.incidentsTouching(touches),
    roster: () => roster.changes(),
  }, teardown); // prettier-ignore
  const { access, credentials, fieldEvents, events, controllers, pushed } = entries;
  const handovers = openHandovers({
    people: model.people,
    repository: handoverRepository(db),
    sources: { model, incidents, alarms, access, plantStates },
    newId,
    clock,
    log,
  });
  teardown.add('handovers', () => handovers.close());

  const { auditTrail, provenLog, verifications } = await openAudit(
    { db, operationsAt: options.operationsAt, dataDir: options.dataDir, newId, randomBytes, clock, log },
    teardown,
  );
  const { ingest, remoteCollectors, ...receiving } = await openIngest({
    model,
    db,
    clock,
    log,
    pipeline,
    localSites,
    append: (readings) => writer.append(readings),
    storeEvents: (batch) => events.store(batch),
  });
  teardown.add('ingest', () => receiving.close());
  const capacity = createCapacity({
    model, clock, log, historian, newId,
    current: pipeline.current,
    repository: createPredictionRepository(db),
  }); // prettier-ignore
  teardown.add('capacity', () => capacity.close());
  pipeline.subscribe('capacity', { tick: () => capacity.tick() });
  const commissioning = openCommissioning({ model, db, localSites, newId, clock, current: pipeline.current });
  const discovery = openDiscovery(
    { model, allProfiles: options.allProfiles, db, localSites, clock, log },
    teardown,
  );
  const collectors = options.collectors(pipeline.accept, events.sink);

  const deviceDiagnostics = (): CollectedDiagnostics[] => [
    ...collectors.diagnostics().map((row) => ({ ...row, collector: 'local' })),
    ...pushed.diagnostics().map((row) => ({ ...row, collector: 'local' })),
    ...remoteCollectors.deviceDiagnostics(),
  ];
  const health = {
    databaseProblem: options.databaseProblem,
    pipeline,
    configurationProblem: options.configurationProblem,
    deviceDiagnostics,
    remoteCollectors,
    alarms,
    historian,
    writer,
    incidents,
    notify,
    trial,
    heartbeat,
    isSimulated: model.field === 'simulated',
    collect: localSites.length > 0,
    traps: collectors.traps,
    fieldEvents: events,
    auditTrail,
    provenLog,
    verifications,
    retention: entries.retention,
    ticketMails: entries.ticketMails,
    controllers,
    pushed,
    judgement: entries.judgement,
    now: () => clock.now(),
  };
  const troubles = createTroubleLog();
  const metrics = createMetrics({ ...health, clients: () => live.clients() });
  addCollectorMetrics(metrics, { remoteCollectors, clock });
  addPageMetrics(metrics, notify);
  const httpOptions: HttpOptions = {
    model, clock, log, db, randomBytes, auth, access, judgement: entries.judgement, credentials, alarms, incidents, notify, push, roster, rosterWatch, handovers, feeds: createFeeds(db, randomBytes), domain: hostOf(publicUrl), plantStates, historian, ...(model.history === undefined ? {} : { retention: model.history.retention }), metrics, startedAt, ingest, remoteCollectors, localSites, troubles, fieldEvents, controllers, pushed,
    timeZoneHours: () => DateTime.fromMillis(clock.now(), { zone }).offset / 60,
    deviceDiagnostics, drills, version,
    alarmFigures,
    capacity,
    commissioning,
    discovery,
    alarmReports,
    improvements,
    compliance,
    loadTests,
    monthlyReports: monthly.service,
    operations: monthly.operations,
    current: pipeline.current,
    attachments,
    reports,
    auditTrail,
    provenLog,
    verifications,
    ticketSeries: entries.ticketSeries,
    approvals: entries.approvals,
    ticketWebhookSecret: options.ticketWebhookSecret,
    persons: entries.persons,
    personalRetention: entries.retention,
    assignees: async () =>
      assignees(model.people?.persons ?? [], (await listUsers(db)).map(({ name }) => name)),
    healthParts: healthParts(health),
    trialPassedAt: () => trial.passedAt(),
    webFolder: options.webDir,
    checkOutput: options.checkOutput ?? false,
  }; // prettier-ignore
  const httpServer = createServer(createHttpApp(httpOptions));
  const retention = model.history?.retention ?? defaultRetention;
  const live = createLive({
    httpServer,
    model,
    current: pipeline.current,
    auth,
    openIncidents: (of) => incidents.openCount(of),
    walls,
    past: {
      last: (at, points) => historian.last(at, undefined, points),
      completeSince: () => clock.now() - retention.raw,
      oldest: () => clock.now() - Math.max(retention.raw, retention.pinned),
    },
    clock,
    log,
  });
  teardown.add('live', () => live.close());
  pipeline.subscribe('live', { readings: (batch) => live.publish(batch) });
  pipeline.subscribe('compliance', { tick: () => compliance?.monitor.tick() });
  pipeline.subscribe('monthly reports', { tick: () => monthly.tick() });
  pipeline.subscribe('alarm reports', { tick: () => alarmReports.tick() });
  pipeline.subscribe('diagnostics', {
    tick: () => troubles.observe(clock.monotonic(), deviceDiagnostics),
  });
  incidents.onChange((summary) => live.publishIncident(summary));

  return {
    auth, alarms, incidents, access, provenLog, pipeline, ingest, remoteCollectors, collectors, troubles, metrics, live, httpServer, httpOptions,
    tick: () => pipeline.tick(),
    deriveSmall: () => pipeline.deriveSmall(),
  }; // prettier-ignore
}
