import type { Model, Point } from '../../config/model.ts';
import { describeQuality, isQualityCode, type Reading } from '../../core/reading.ts';
import { aheadToleranceMs } from '../pipeline/admit.ts';
import type { Refusal, WireBatch } from '../../collectors/remote/wire.ts';

/** A batch, reading by reading. */
export interface SortedBatch {
  /** To be stored. */
  readonly readings: readonly Reading[];
  /** Of those, what says something about now. */
  readonly live: readonly Reading[];
  readonly refused: readonly Refusal[];
  /** Of `readings`, those that came with a time in the future. */
  readonly ahead: number;
}

const earliest = Date.parse('2000-01-01T00:00:00Z');
/** A time that is further ahead of the very clock that stamped it is nonsense. */
const aheadOfSenderMs = 86_400_000;
const examples = 10;

/** Undefined when the columns do not belong together. Pure. */
export function columnsProblem({ points, point, at, value, quality }: WireBatch): string | undefined {
  const lengths = [point, at, value, quality].map((column) => column.length);
  if (new Set(lengths).size > 1) return `columns of ${lengths.join(', ')} entries`;
  const place = point.find((each) => each >= points.length);
  return place === undefined ? undefined : `point ${place} of a list of ${points.length}`;
}

/**
 * Which readings of a batch are kept, and which speak of now: those of a live batch that were, when it was sent and by
 * the sender's own clock, not older than their point's staleness. A time in the future is corrected by how far the sender's clock
 * is ahead, so that the readings keep their distances, and is never later than now. Pure; `columnsProblem` was asked before.
 */
export function sortBatch(
  batch: WireBatch,
  context: {
    readonly model: Pick<Model, 'pointById'>;
    readonly sites: readonly string[];
    readonly sentAt: number;
    readonly now: number;
  },
): SortedBatch {
  const { model, sites, sentAt, now } = context;
  const known = batch.points.map((id) => judgePoint(id, model.pointById.get(id), sites));
  const refused = new Map<Refusal['reason'], { readings: number; points: Set<string> }>();
  const readings: Reading[] = [];
  const live: Reading[] = [];
  const senderAheadMs = Math.max(0, sentAt - now);
  let ahead = 0;

  function refuse(reason: Refusal['reason'], id: string): void {
    const entry = refused.get(reason) ?? { readings: 0, points: new Set() };
    entry.readings += 1;
    if (entry.points.size < examples) entry.points.add(id);
    refused.set(reason, entry);
  }

  batch.point.forEach((place, index) => {
    const id = batch.points[place] ?? '';
    const point = known[place] ?? 'unknown-point';
    const stampedAt = Math.round(batch.at[index] ?? Number.NaN);
    const quality = batch.quality[index] ?? -1;
    if (typeof point === 'string') return refuse(point, id);
    if (!(stampedAt >= earliest && stampedAt <= Math.max(sentAt, now) + aheadOfSenderMs))
      return refuse('time', id);
    const value = batch.value[index] ?? Number.NaN;
    if (!isQualityCode(quality) || (Number.isNaN(value) && describeQuality(quality).quality !== 'bad'))
      return refuse('quality', id);
    const at = stampedAt <= now ? stampedAt : Math.min(now, stampedAt - senderAheadMs);
    if (stampedAt > now + aheadToleranceMs) ahead += 1;
    const reading = { point: point.index, at, value, quality };
    readings.push(reading);
    if (batch.live && sentAt - stampedAt <= point.staleAfterMs) live.push(reading);
  });
  return {
    readings,
    live,
    ahead,
    refused: [...refused].map(([reason, { readings: count, points }]) => ({
      reason,
      readings: count,
      points: [...points],
    })),
  };
}

/** What a device measures comes from a collector, and how both do; all else the server makes itself. */
function judgePoint(
  id: string,
  point: Point | undefined,
  sites: readonly string[],
): Point | 'unknown-point' | 'other-site' {
  if (!sites.includes(id.split('/')[0] ?? '')) return 'other-site';
  if (point === undefined) return 'unknown-point';
  const { from } = point.source;
  const collected = from === 'collector' || (point.device !== undefined && from !== 'formula');
  return collected ? point : 'unknown-point';
}
