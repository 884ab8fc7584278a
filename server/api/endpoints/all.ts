import type { RequestHandler } from 'express';
import type { Retention } from '../../historian/tiers.ts';
import type { Model } from '../../../config/model.ts';
import type { AccessService } from '../../access/service.ts';
import type { Auth } from '../../auth/auth.ts';
import type { PlantStates } from '../../alarms/plant-states.ts';
import type { AlarmService } from '../../alarms/service.ts';
import type { Attachments } from '../../incidents/attachments.ts';
import type { Reports } from '../../incidents/reports.ts';
import type { IncidentService } from '../../incidents/service.ts';
import type { Endpoint } from '../../http/endpoint.ts';
import { judgementEndpoints, type JudgementServices } from './access-judgement.ts';
import { alarmFigureEndpoints, type FigureServices } from './alarm-figures.ts';
import { alarmReportEndpoints, type ReportServices } from './alarm-reports.ts';
import { alarmEndpoints } from './alarms.ts';
import { auditEndpoints, type AuditServices } from './audit.ts';
import { bandTimeEndpoint } from './band-time.ts';
import { breachEndpoints, type BreachServices } from './breach.ts';
import { calendarEndpoints, type CalendarServices } from './calendars.ts';
import { capacityEndpoints, type CapacityServices } from './capacity.ts';
import { collectorEndpoints, type CollectorServices } from './collectors.ts';
import { commissioningEndpoints, type CommissioningServices } from './commissioning.ts';
import { discoveryEndpoints, type DiscoveryServices } from './discovery.ts';
import { complianceEndpoints, type ComplianceServices } from './compliance.ts';
import { deviceEndpoints, type DeviceServices } from './devices.ts';
import { drillEndpoints, type Drills } from './drills.ts';
import { accessEventEndpoints, type AccessEventServices } from './access-events.ts';
import { healthEndpoint, type HealthServices } from './health.ts';
import { historyEndpoints } from './history.ts';
import { handlingEndpoints, type HandlingServices } from './incident-handling.ts';
import { incidentAccessEndpoint } from './incident-access.ts';
import { incidentFileEndpoints } from './incident-files.ts';
import { incidentReportEndpoints } from './incident-reports.ts';
import { incidentEndpoints } from './incidents.ts';
import { loadTestDossierEndpoints } from './load-test-dossier.ts';
import { loadTestPlanEndpoints } from './load-test-plans.ts';
import { loadTestEndpoints, type LoadTestServices } from './load-tests.ts';
import { notifyEndpoints } from './notify.ts';
import { onCallEndpoints } from './on-call.ts';
import type { PushSetup } from '../../notify/channels.ts';
import type { NotifyService } from '../../notify/service.ts';
import { personEndpoints, type PersonServices } from './persons.ts';
import { presenceEndpoints } from './presence.ts';
import { pushEndpoints } from './push.ts';
import { plantStateEndpoints } from './plant-states.ts';
import { pointSearchEndpoint } from './point-search.ts';
import { pointEndpoints, type PointServices } from './points.ts';
import { reportEndpoints, type MonthlyReportServices } from './reports.ts';
import { rosterProofEndpoints, type RosterProofServices } from './roster-proof.ts';
import { sessionEndpoints } from './session.ts';
import { shiftEndpoints, type ShiftServices } from './shifts.ts';
import { siteEndpoints } from './sites.ts';
import { snapshotEndpoints } from './snapshot.ts';
import { ticketApprovalEndpoint, type ApprovalServices } from './ticket-approval.ts';
import { ticketCalendarEndpoint } from './ticket-calendar.ts';
import { ticketFileEndpoints } from './ticket-files.ts';
import { ticketWebhook, type TicketWebhookServices } from './ticket-webhook.ts';
import { ticketSeriesEndpoints, type SeriesServices } from './ticket-series.ts';
import { ticketEndpoints } from './tickets.ts';
import { topologyEndpoint } from './topology.ts';
import { userEndpoints, type UserServices } from './users.ts';

export interface ApiServices
  extends
    AccessEventServices,
    AuditServices,
    Omit<JudgementServices, 'model'>,
    PointServices,
    Omit<HealthServices, 'model'>,
    CollectorServices,
    Pick<HandlingServices, 'assignees'>,
    RosterProofServices,
    ShiftServices,
    Omit<CalendarServices, 'throttle'>,
    Omit<FigureServices, 'model' | 'clock'>,
    Pick<ReportServices, 'alarmReports'>,
    Pick<CommissioningServices, 'commissioning'>,
    Pick<DiscoveryServices, 'discovery'>,
    Pick<ComplianceServices, 'compliance'>,
    Pick<LoadTestServices, 'loadTests'>,
    Pick<SeriesServices, 'ticketSeries'>,
    Pick<ApprovalServices, 'approvals'>,
    Pick<PersonServices, 'persons' | 'personalRetention'>,
    Pick<BreachServices, 'db'>,
    Omit<UserServices, 'clock'>,
    Pick<CapacityServices, 'capacity'>,
    Pick<TicketWebhookServices, 'ticketWebhookSecret'>,
    Pick<MonthlyReportServices, 'monthlyReports' | 'operations'>,
    DeviceServices {
  readonly model: Model;
  /** How long readings are kept; the defaults unless configured. */
  readonly retention?: Retention;
  readonly auth: Pick<Auth, 'signIn'>;
  readonly throttle: readonly RequestHandler[];
  readonly access: AccessService;
  readonly alarms: AlarmService;
  readonly plantStates: PlantStates;
  readonly incidents: IncidentService;
  readonly attachments: Attachments;
  readonly reports: Reports;
  readonly notify: NotifyService;
  readonly push: PushSetup;
  /** Only while the field is simulated. */
  readonly drills?: Drills | undefined;
}

/** Every endpoint below `/api/v1`, in the order of the OpenAPI document. */
export function apiEndpoints(services: ApiServices): Endpoint[] {
  const { model, drills } = services;
  return [
    healthEndpoint(services),
    ...sessionEndpoints(services),
    ...userEndpoints(services),
    ...siteEndpoints(services),
    topologyEndpoint(services),
    ...deviceEndpoints(services),
    ...collectorEndpoints(services),
    ...pointEndpoints(services),
    pointSearchEndpoint(services),
    ...snapshotEndpoints(services),
    ...historyEndpoints(services),
    bandTimeEndpoint(services),
    ...incidentEndpoints(services),
    ...handlingEndpoints(services),
    ...incidentFileEndpoints(services),
    ...incidentReportEndpoints(services),
    ...breachEndpoints(services),
    ...alarmEndpoints(services),
    ...plantStateEndpoints(services),
    ...alarmFigureEndpoints(services),
    ...alarmReportEndpoints(services),
    ...commissioningEndpoints(services),
    ...discoveryEndpoints(services),
    ...complianceEndpoints(services),
    ...loadTestEndpoints(services),
    ...loadTestPlanEndpoints(services),
    ...loadTestDossierEndpoints(services),
    ...capacityEndpoints(services),
    ...reportEndpoints(services),
    ...notifyEndpoints(services),
    ...pushEndpoints(services),
    ...onCallEndpoints(services),
    ...rosterProofEndpoints(services),
    ...calendarEndpoints(services),
    ...shiftEndpoints(services),
    // Before `tickets/:id`, which would take their names for one.
    ticketCalendarEndpoint(services),
    ...ticketFileEndpoints(services),
    ticketApprovalEndpoint(services),
    ticketWebhook(services),
    ...ticketEndpoints(services),
    ...accessEventEndpoints(services),
    ...judgementEndpoints(services),
    ...ticketSeriesEndpoints(services),
    ...personEndpoints(services),
    ...presenceEndpoints(services),
    incidentAccessEndpoint(services),
    ...auditEndpoints(services),
    ...(drills === undefined ? [] : drillEndpoints({ drills, model })),
  ];
}
