import type { Model } from '../../config/model.ts';
import { qualityCode } from '../../core/reading.ts';
import { iso } from '../../core/time.ts';
import type { LiveValues, PastReply } from '../contracts/live.ts';
import { sampleAsOf } from '../historian/as-of.ts';
import type { Sample } from '../historian/historian.ts';
import { noPoint } from './watch-list.ts';

/** What points were at a time in the past; of a replay. */
export interface Past {
  /** The newest sample of these points at or before a time. */
  last(at: number, points: ReadonlySet<string>): Promise<ReadonlyMap<string, Sample>>;
  /** Before this time only readings kept as evidence are there, epoch ms. */
  completeSince(): number;
  /** Nothing older is kept. */
  oldest(): number;
}

/** What a client's replay shows. */
export interface PastList {
  /** The points in the client's order, as for a watch list. */
  readonly indices: Int32Array;
  readonly ids: ReadonlySet<string>;
}

export function pastList(model: Model, indices: Int32Array): PastList {
  const ids = Array.from(indices, (index) => model.points[index]?.id).filter((id) => id !== undefined);
  return { indices, ids: new Set(ids) };
}

export async function pastValues(
  past: Past,
  { model, list, at, now }: { model: Model; list: PastList; at: number; now: number },
): Promise<PastReply> {
  if (at > now) return { error: `${iso(at)} is in the future; it is ${iso(now)} here` };
  if (at < past.oldest())
    return { error: `${iso(at)} is before what is kept: readings go back to ${iso(past.oldest())}` };
  const last = await past.last(at, list.ids);
  const values = columnsOf(model, { indices: list.indices, last, at });
  return { at, complete: at >= past.completeSince(), values };
}

function columnsOf(
  model: Model,
  { indices, last, at }: { indices: Int32Array; last: ReadonlyMap<string, Sample>; at: number },
): LiveValues {
  const neverRead = { at: 0, value: Number.NaN, quality: qualityCode('never-read') };
  const samples = Array.from(indices, (index) => {
    const point = index === noPoint ? undefined : model.points[index];
    return point === undefined ? neverRead : sampleAsOf(point, last.get(point.id), at);
  });
  return {
    position: samples.map((_sample, place) => place),
    value: samples.map(({ value }) => (Number.isNaN(value) ? null : value)),
    at: samples.map((sample) => sample.at),
    quality: samples.map(({ quality }) => quality),
  };
}
