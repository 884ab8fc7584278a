/**
 * A reading: the value of a point at a time, with its quality. A code combines quality and reason
 * together; it is stored and sent as one byte, so the order of this table never changes: append only.
 */
const table = [
  { quality: 'good' },
  { quality: 'uncertain', reason: 'substituted' },
  { quality: 'uncertain', reason: 'partial' },
  { quality: 'bad', reason: 'timeout' },
  { quality: 'bad', reason: 'no-value' },
  { quality: 'bad', reason: 'out-of-range' },
  { quality: 'bad', reason: 'decode' },
  { quality: 'bad', reason: 'stale' },
  { quality: 'bad', reason: 'disconnected' },
  { quality: 'bad', reason: 'never-read' },
  { quality: 'uncertain', reason: 'implausible' },
] as const;

export type Quality = (typeof table)[number]['quality'];
export type Reason = Extract<(typeof table)[number], { reason: string }>['reason'];

const usable: readonly boolean[] = table.map(({ quality }) => quality !== 'bad');

/** 0 … 10, an index into the table of qualities. */
export type QualityCode = number;

export const good: QualityCode = 0;

export function qualityCode(reason: Reason): QualityCode {
  return table.findIndex((row) => 'reason' in row && row.reason === reason);
}

interface Description {
  readonly quality: Quality;
  readonly reason: Reason | null;
}
const described: readonly Description[] = table.map((row) => ({
  quality: row.quality,
  reason: 'reason' in row ? row.reason : null,
}));
const undecoded: Description = { quality: 'bad', reason: 'decode' };

export function describeQuality(code: QualityCode): Description {
  return described[code] ?? undecoded;
}

export function isQualityCode(code: number): boolean {
  return table[code] !== undefined;
}

/** Good or uncertain: there is a number, and a rule may judge it. */
export function isUsable(code: QualityCode): boolean {
  return usable[code] ?? false;
}

export interface Reading {
  /** Dense index of the point in the model. */
  readonly point: number;
  /** When the source measured it, epoch ms. */
  readonly at: number;
  /** In the point's canonical unit; NaN when the quality is bad, but `stale` keeps the last value. */
  readonly value: number;
  readonly quality: QualityCode;
}

/** A reading outside the process that made it: by point id, since indices change with the configuration. */
export interface NamedReading extends Omit<Reading, 'point'> {
  readonly point: string;
}

/** What the collectors hand readings to: the pipeline in process, or the delivery to a server elsewhere. */
export type ReadingSink = (readings: readonly Reading[]) => void;
