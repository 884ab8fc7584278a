import { z } from 'zod';

/**
 * What a collector and the server say to each other: one POST of a message, one answer. Times are epoch ms by the clock of
 * whoever says them. The server holds every message against these shapes; the collector holds every answer.
 */

/** Readings of one batch at most; more are sent as several. */
const maxBatchReadings = 20_000;
/** Of a message after decompression; the server refuses larger ones (413). */
export const maxMessageBytes = 4 * 1_024 * 1_024;

const time = z.number().min(-8.64e15).max(8.64e15);
const count = z.int().min(0);
const text = z.string().max(500);

const batch = z.strictObject({
  /** The process run that first sent it: with `sequence` the name of the batch for ever, however often it is sent. */
  run: z.string().regex(/^[0-9a-z]{8,40}$/),
  sequence: z.int().min(1),
  /** Of this run: what is below it was answered or given up and will not be sent again. */
  settled: z.int().min(1),
  /** False: from the spool. Stored with its own time, shown and judged nowhere. */
  live: z.boolean(),
  /** Point ids; `point` below holds places in this list. */
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

/** What one collector knows of one device; see `DeviceDiagnostics`. */
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
  lastError: z.string().max(2_000).nullable(),
});
export type WireDeviceDiagnostics = z.infer<typeof deviceDiagnostics>;

const span = { from: time.nullable(), to: time.nullable() };
/** Counters since the spool was made; `from` and `to` are times of the first and last reading concerned. */
const spoolState = z.strictObject({
  /** Waiting for delivery. */
  readings: count,
  oldestAt: time.nullable(),
  bytes: count,
  limitBytes: count,
  /** Lost because the spool was full, the disk took nothing, or what it held was damaged. */
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
  /** Rows that changed; all of them to a server that has not heard of them since its start. */
  devices: z.array(deviceDiagnostics).max(5_000),
});
export type CollectorReport = z.infer<typeof report>;

export const ingestInput = z.strictObject({
  sentAt: time,
  report: report.optional(),
  batch: batch.optional(),
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
  /** By the server's clock; between the two it worked. */
  receivedAt: time,
  answeredAt: time,
  /** Changes when the server starts anew: it then knows no device's health and no current value. */
  serverStartedAt: time,
  batch: z
    .object({
      sequence: z.int(),
      /** Durably in the store, now or when the batch came first. */
      stored: count,
      /** The batch was there already; nothing was stored again. */
      repeat: z.boolean(),
      /** Refused for good, reading by reason; the others are stored. */
      refused: z.array(refusal),
    })
    .nullable(),
});
export type IngestOutput = z.infer<typeof ingestOutput>;
