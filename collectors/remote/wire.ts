import { z } from 'zod';

/**
 * The protocol between a collector and the server: one POST with a message, one answer. Times are epoch ms by the clock of
 * the sender. The server validates every message against these shapes, the collector every answer.
 */

/** Readings in one batch at most; more are sent in several. */
const maxBatchReadings = 20_000;
/** Size of a message after decompression; the server refuses larger ones (413). */
export const maxMessageBytes = 4 * 1_024 * 1_024;

const time = z.number().min(-8.64e15).max(8.64e15);
const count = z.int().min(0);
const text = z.string().max(500);

const batch = z.strictObject({
  /** The process run that first sent it. With `sequence` it identifies the batch, however often it is sent. */
  run: z.string().regex(/^[0-9a-z]{8,40}$/),
  sequence: z.int().min(1),
  /** Batches of this run with a lower number were answered or given up and will not be sent again. */
  settled: z.int().min(1),
  /** False: from the spool. Stored with its own time; neither shown as current nor judged. */
  live: z.boolean(),
  /** Point ids; `point` below holds indices into this list. */
  points: z.array(z.string().min(1).max(200)).max(maxBatchReadings),
  /** Columns of equal length. */
  point: z.array(count).max(maxBatchReadings),
  at: z.array(time).max(maxBatchReadings),
  /** null: no number, the quality says why. */
  value: z.array(z.number().nullable()).max(maxBatchReadings),
  /** Codes of `collectors/reading`. */
  quality: z.array(z.int().min(0).max(255)).max(maxBatchReadings),
});
export type WireBatch = z.infer<typeof batch>;

/** How one device answers its collector; see `DeviceDiagnostics`. */
const deviceDiagnostics = z.object({
  /** `site/device`. */
  device: z.string().max(200),
  state: z.enum(['unknown', 'ok', 'lost']),
  lastAnswerAt: time.nullable(),
  latencyMs: z.number().nullable(),
  polls: count,
  timeouts: count,
  decodeErrors: count,
  late: count,
  skipped: count,
  malformed: count,
  wrongSource: count,
  // Collectors of an earlier version know neither.
  stretch: z.number().min(1).default(1),
  clockOffsetMs: z.number().nullable().default(null),
  lastError: z.string().max(2_000).nullable(),
});
export type WireDeviceDiagnostics = z.infer<typeof deviceDiagnostics>;

const span = { from: time.nullable(), to: time.nullable() };
/** Counters since the spool was created; `from` and `to` are the times of the first and last reading concerned. */
const spoolState = z.strictObject({
  /** Waiting for delivery. */
  readings: count,
  oldestAt: time.nullable(),
  bytes: count,
  limitBytes: count,
  /** Lost because the spool was full, the disk refused writes, or the file was damaged. */
  lost: z.strictObject({ readings: count, ...span }),
  /** Refused by the server for good and set aside. */
  refused: z.strictObject({ readings: count, reason: text.nullable() }),
  problem: text.nullable(),
});

const report = z.strictObject({
  version: text,
  sites: z.array(z.string().max(100)).max(100),
  startedAt: time,
  /** Collector's clock minus the server's, as last measured. */
  skewMs: z.number().nullable(),
  roundTripMs: z.number().min(0).nullable(),
  spool: spoolState,
  /** Rows that changed; all rows after the server has started. */
  devices: z.array(deviceDiagnostics).max(5_000),
});
export type CollectorReport = z.infer<typeof report>;

/** Field events of one message at most. */
export const maxBatchEvents = 200;
const eventAttribute = z.union([z.string().max(1_000), z.number(), z.boolean(), z.null()]);
/** See `core/field-event`. Bounded by the collector when it reads the event. */
const wireEvent = z.strictObject({
  id: z.string().regex(/^[^\p{Cc}]{1,600}$/u),
  source: z.string().max(200),
  at: time,
  kind: z.string().regex(/^[a-z0-9-]{1,100}$/),
  attributes: z.record(z.string().max(100), eventAttribute),
});

const eventsAnswer = z.object({
  /** Ids of those that are durably in the store, now or since an earlier message. */
  stored: z.array(z.string()),
  /** Refused for good. */
  refused: z.array(z.object({ id: z.string(), reason: z.enum(['other-site', 'unknown-device', 'id']) })),
});
export type EventsAnswer = z.infer<typeof eventsAnswer>;

export const ingestInput = z.strictObject({
  sentAt: time,
  report: report.optional(),
  batch: batch.optional(),
  /** Identified by their ids: a message with events may be sent any number of times. */
  events: z.array(wireEvent).max(maxBatchEvents).optional(),
});
export type IngestInput = z.infer<typeof ingestInput>;

const refusalReasons = ['unknown-point', 'other-site', 'time', 'quality'] as const;
const refusal = z.object({
  reason: z.enum(refusalReasons),
  readings: count,
  /** Some of the points concerned. */
  points: z.array(z.string()),
});
export type Refusal = z.infer<typeof refusal>;

export const ingestOutput = z.object({
  /** By the server's clock: when the message arrived and when the answer left. */
  receivedAt: time,
  answeredAt: time,
  /** Changes when the server restarts: it then has neither diagnostics nor current values. */
  serverStartedAt: time,
  batch: z
    .object({
      sequence: z.int(),
      /** Durably in the store, now or when the batch came first. */
      stored: count,
      /** The batch had been taken before; nothing was stored again. */
      repeat: z.boolean(),
      /** Refused for good, counted by reason; the other readings are stored. */
      refused: z.array(refusal),
    })
    .nullable(),
  /** Absent: the message held none, or the server knows none. */
  events: eventsAnswer.optional(),
});
export type IngestOutput = z.infer<typeof ingestOutput>;
