import { z } from 'zod';
import { label } from '../../config/schema/common.ts';
import { right } from '../../config/schema/people.ts';
import { instant, protocol, role } from './common.ts';

export const sessionInput = z.strictObject({
  user: z.string().min(1).max(100),
  password: z.string().min(1).max(1_000),
});
/** `rights`: what the user may do beside what the role allows. */
export const sessionView = z.object({ user: z.string(), role, rights: z.array(right) });
export type SessionView = z.infer<typeof sessionView>;

/** What the server judges of itself; each is named on the wall (web/i18n, `part`). */
export const healthPart = z.enum([
  'alarms', 'audit log', 'clocks', 'collectors', 'configuration', 'door controllers', 'field events', 'heartbeat', 'historian', 'incidents',
  'mails about tickets', 'messages', 'operations database', 'pipeline', 'polling', 'remote collectors', 'snmp traps', 'trial alarm',
]); // prettier-ignore

export const healthView = z.object({
  status: z.enum(['ok', 'degraded', 'down']),
  field: z.enum(['simulated', 'real']),
  startedAt: instant,
  version: z.string(),
  /** When the hourly trial alarm last became a message; null: not since the start. */
  trialPassedAt: instant.nullable(),
  parts: z.array(
    z.object({ part: healthPart, status: z.enum(['ok', 'degraded', 'down']), detail: z.string().nullable() }),
  ),
});
export type HealthView = z.infer<typeof healthView>;

/** What the collectors know of one device; counts since its collector's start. */
export const deviceDiagnosticsView = z.object({
  device: z.string(),
  /** As people call it. */
  name: label,
  site: z.string(),
  /** Who polls it: `local`, or the name of a collector. */
  collector: z.string(),
  protocol,
  state: z.enum(['unknown', 'ok', 'lost']),
  lastAnswerAt: instant.nullable(),
  latencyMs: z.number().nullable(),
  polls: z.int(),
  timeouts: z.int(),
  decodeErrors: z.int(),
  late: z.int(),
  skipped: z.int(),
  /** How many of its intervals a poll takes, as far as that lasts; 1: it is read in time. */
  stretch: z.number(),
  /** Its clock minus ours; null: it tells no time, or none that could be trusted yet. */
  clockOffsetMs: z.number().nullable(),
  malformed: z.int(),
  wrongSource: z.int(),
  /** What came in the last hour, or since the server's start if that is less. */
  lastHour: z.object({
    timeouts: z.int(),
    late: z.int(),
    skipped: z.int(),
    decodeErrors: z.int(),
    /** `malformed` and `wrongSource` together. */
    discarded: z.int(),
  }),
  lastError: z.string().nullable(),
});
export type DeviceDiagnosticsView = z.infer<typeof deviceDiagnosticsView>;

export const drillNames = [
  'pln-outage',
  'load-test',
  'pac-failure',
  'cooling-loss',
  'feed-a-loss',
  'smoke',
  'leak',
  'door-forced',
  'sensor-fault',
  'device-dead',
  'network-loss',
  'ups-failure',
  'ups-battery',
  'genset-unready',
  'genset-start-fails',
  'genset-sag',
  'fuel-leak',
  'genset-fire',
  'agent-leak',
  'mantrap-open',
  'cctv-fault',
  'internet-outage',
  'unknown-card',
  'tailgating',
  'entry-without-ticket',
  'duress',
] as const;
export const drillInput = z.strictObject({
  name: z.enum(drillNames),
  site: z.string().min(1),
  action: z.enum(['start', 'stop']).default('start'),
  /** Loaded run of the drill `load-test`; 4 unless told otherwise. */
  minutes: z.int().min(1).max(240).optional(),
});
export type DrillInput = z.infer<typeof drillInput>;
export const drillView = z.object({ name: z.enum(drillNames), site: z.string(), startedAt: instant });
