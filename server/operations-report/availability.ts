import { createSelection } from '../../config/alarms/bind.ts';
import type { Model, Point, Rack } from '../../config/model.ts';
import { grouped } from '../../core/grouped.ts';
import { isUsable } from '../../core/reading.ts';
import type { Availability } from '../contracts/operations.ts';
import { factsOfPoint } from '../historian/facts.ts';
import { bucketMs, type Bucket, type Historian, type Range, type Sample } from '../historian/historian.ts';
import { addHeld, shareOf, type Held } from '../compliance/verdict.ts';

const hourMs = bucketMs['1h'];
const hoursAtOnce = 6_000;
const darkShown = 20;
const samplesPerHour = 20_000;

interface RackTime extends Held {
  readonly rack: Rack;
  readonly isUsed: boolean;
}

/**
 * The share of rack time in which at least one feed delivered. A feed delivers while its meter shows power; a rack is dark while both meters
 * show none. Where one shows none and the other does not answer, nothing is known: a dead feed takes its meter with it.
 */
export async function rackAvailability(
  { model, historian }: { readonly model: Model; readonly historian: Historian },
  { site, range, signal, onProgress }: {
    readonly site: string;
    readonly range: Range;
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: ((racks: number) => void) | undefined;
  },
): Promise<Availability> {
  const feeds = feedPoints(model, site);
  const racks = model.racks.filter((rack) => rack.site === site);
  const hours = Math.max(1, Math.ceil((range.to - range.from) / hourMs));
  const group = Math.max(1, Math.floor(hoursAtOnce / hours / 2));
  const times: RackTime[] = [];
  for (let first = 0; first < racks.length && range.from < range.to; first += group) {
    signal?.throwIfAborted();
    const together = racks.slice(first, first + group);
    const points = together.flatMap((rack) => feeds.get(rack.id) ?? []);
    const found = await historian.buckets(points.map(({ id }) => id), { from: range.from - hourMs, to: range.to }, '1h', signal);
    for (const rack of together) times.push(await rackTime(historian, rack, { feeds: feeds.get(rack.id) ?? [], found, range }));
    onProgress?.(together.length);
  }
  const used = times.filter(({ isUsed }) => isUsed);
  const share = shareOf(addHeld(used));
  return {
    racks: racks.length,
    unused: times.length - used.length,
    supplied: share.held,
    coverage: share.coverage,
    dark: used
      .filter(({ brokenMs }) => brokenMs > 0)
      .sort((a, b) => b.brokenMs - a.brokenMs)
      .slice(0, darkShown)
      .map(({ rack, brokenMs }) => ({ rack: rack.label, ms: brokenMs })),
  };
} // prettier-ignore

/** By rack: the points that measure the power of one feed each. */
function feedPoints(model: Model, site: string): ReadonlyMap<string, readonly Point[]> {
  const selected = createSelection(model)({
    quantity: ['power'],
    kind: ['pdu', 'meter'],
    rackFeed: true,
    site: [site],
  });
  return grouped(
    selected.map(({ point }) => point),
    ({ rack }) => rack ?? '',
  );
}

async function rackTime(
  historian: Historian,
  rack: Rack,
  { feeds, found, range }: { readonly feeds: readonly Point[]; readonly found: ReadonlyMap<string, readonly Bucket[]>; readonly range: Range },
): Promise<RackTime> {
  const series = feeds.map((point) => ({ point, hours: new Map((found.get(point.id) ?? []).map((bucket) => [bucket.at, bucket])) }));
  let heldMs = 0;
  let brokenMs = 0;
  let isUsed = false;
  for (let at = range.from; at < range.to; at += hourMs) {
    const states = series.map(({ hours }) => hourState(hours.get(at), hours.get(at - hourMs)));
    isUsed ||= series.some(({ hours }) => (hours.get(at)?.max ?? 0) > 0);
    if (states.includes('on')) heldMs += hourMs;
    else if (states.length > 0 && states.every((state) => state === 'off')) brokenMs += hourMs;
    else if (states.includes('mixed')) {
      const told = await suppliedTime(historian, feeds, { from: at, to: at + hourMs });
      heldMs += told.heldMs;
      brokenMs += told.brokenMs;
    }
  }
  return { rack, isUsed, heldMs, brokenMs, totalMs: range.to - range.from };
} // prettier-ignore

/** What a whole hour was, where it was one thing from its beginning to its end. */
function hourState(
  bucket: Bucket | undefined,
  before: Bucket | undefined,
): 'on' | 'off' | 'mixed' | 'unknown' {
  if (bucket === undefined || bucket.min === null || bucket.max === null) return 'unknown';
  const held = before?.last ?? bucket.min;
  if (bucket.coveredMs < hourMs) return 'mixed';
  if (bucket.min > 0 && held > 0) return 'on';
  return bucket.max <= 0 && held <= 0 ? 'off' : 'mixed';
}

async function suppliedTime(historian: Historian, feeds: readonly Point[], range: Range): Promise<Held> {
  const spans = await Promise.all(
    feeds.map(async (point) => {
      const { holdMs } = factsOfPoint(point);
      const samples = await historian.raw(
        point.id,
        { from: range.from - holdMs, to: range.to },
        samplesPerHour,
      );
      return spansOf(samples, { range, holdMs });
    }),
  );
  return supplied(spans, range);
}

interface Span extends Range {
  readonly isOn: boolean;
}

/** Times for which a reading holds. */
function spansOf(
  samples: readonly Sample[],
  { range, holdMs }: { readonly range: Range; readonly holdMs: number },
): Span[] {
  return samples.flatMap((sample, place) => {
    if (!isUsable(sample.quality)) return [];
    const from = Math.max(sample.at, range.from);
    const to = Math.min(samples[place + 1]?.at ?? Infinity, sample.at + holdMs, range.to);
    return to > from ? [{ from, to, isOn: sample.value > 0 }] : [];
  });
}

/** On where any feed is, dark where all of them are known to be off; the rest is not known. Pure. */
function supplied(feeds: readonly (readonly Span[])[], range: Range): Held {
  const edges = [
    ...new Set([range.from, range.to, ...feeds.flat().flatMap(({ from, to }) => [from, to])]),
  ].sort((a, b) => a - b);
  const places = feeds.map(() => 0);
  let heldMs = 0;
  let brokenMs = 0;
  edges.slice(0, -1).forEach((from, index) => {
    const to = edges[index + 1] ?? from;
    const states = feeds.map((spans, feed) => {
      let place = places[feed] ?? 0;
      while ((spans[place]?.to ?? Infinity) <= from) place += 1;
      places[feed] = place;
      const span = spans[place];
      return span !== undefined && span.from <= from ? span.isOn : undefined;
    });
    if (states.includes(true)) heldMs += to - from;
    else if (states.length > 0 && states.every((state) => state === false)) brokenMs += to - from;
  });
  return { heldMs, brokenMs, totalMs: range.to - range.from };
}
