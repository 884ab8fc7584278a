import { pointsOf, type RolePoint, type SiteRoles } from './roles.ts';
import { type Edge, shifted, spansOf } from './signal.ts';
import { type SiteSignals, siteSignals, type Settings, type Traces } from './things.ts';

/** A device whose clock differs from that of the transfer switches and UPSs: by so much it was put right. */
export interface ClockOffset {
  readonly device: string;
  /** Added to its times, ms. */
  readonly offsetMs: number;
  /** The true offset is at most so much more or less, ms. */
  readonly doubtMs: number;
}

/** Less than this may be how the plant behaves, and is left as it is. */
const leastOffsetMs = 10_000;
/** Events further apart are not the same event. */
const mostOffsetMs = 15 * 60_000;
const mostApartMs = 30_000;

/**
 * Devices that stamp their own readings may have clocks minutes apart. What happens at one moment shows it: a genset loses its load when
 * the last switch goes back to PLN, an incomer its voltage when the UPSs lose theirs. Times are put on the clock of switches and UPSs.
 */
export function aligned(
  roles: SiteRoles,
  traces: Traces,
  { settings, until }: { readonly settings: Settings; readonly until: number },
): { readonly traces: Traces; readonly clocks: readonly ClockOffset[] } {
  const signals = siteSignals(roles, traces, settings);
  const found = [...gensetOffsets(signals, until), ...incomerOffsets(signals, until)];
  if (found.length === 0) return { traces, clocks: [] };
  const moved = new Map(traces);
  for (const { points, offsetMs } of found)
    for (const { id } of points) {
      const trace = traces.get(id);
      if (trace !== undefined) moved.set(id, shifted(trace, offsetMs));
    }
  return { traces: moved, clocks: found.map(({ device, offsetMs, doubtMs }) => ({ device, offsetMs, doubtMs })) };
} // prettier-ignore

type Found = ClockOffset & { readonly points: readonly RolePoint[] };

function gensetOffsets({ transfers, gensets }: SiteSignals, until: number): Found[] {
  const onEmergency = transfers.flatMap(({ position }) =>
    spansOf(position, (value) => value === 'emergency', until),
  );
  const taken = grouped(onEmergency.flatMap(({ from }) => from ?? []), 'first');
  const returned = grouped(onEmergency.flatMap(({ to }) => to ?? []), 'last');
  return gensets.flatMap(({ genset, loaded }) => {
    const spans = spansOf(loaded, (value) => value, until);
    const falls = spans.flatMap(({ to }) => to ?? []);
    const rises = spans.flatMap(({ from }) => from ?? []);
    return clockOffset(genset.id, agreeing(offsetOf(falls, returned), offsetOf(rises, taken)), pointsOf(genset));
  });
} // prettier-ignore

function incomerOffsets({ incomers, transfers, upss }: SiteSignals, until: number): Found[] {
  const isLost = (value: string): boolean => value === 'lost';
  const seenLost = [...upss.map(({ input }) => input), ...transfers.map(({ source }) => source)];
  const lost = grouped(seenLost.flatMap((signal) => spansOf(signal, isLost, until).flatMap(({ from }) => from ?? [])), 'first');
  const back = grouped(
    transfers.flatMap(({ source }) => spansOf(source, isLost, until).flatMap(({ to }) => to ?? [])),
    'first',
  );
  return incomers.flatMap(({ incomer, source }) => {
    const spans = spansOf(source, isLost, until);
    const offset = offsetOf(spans.flatMap(({ from }) => from ?? []), lost);
    const other = offsetOf(spans.flatMap(({ to }) => to ?? []), back);
    return clockOffset(incomer.id, agreeing(offset, other), pointsOf(incomer));
  });
} // prettier-ignore

/** Bounds of an offset, ms. */
interface Bounds {
  readonly low: number;
  readonly high: number;
}

function offsetOf(own: readonly Edge[], reference: readonly Edge[]): Bounds | undefined {
  const pairs = own.flatMap((edge, place) => {
    const other = own.length === reference.length ? reference[place] : nearest(reference, edge);
    if (other === undefined || Math.abs(other.at - edge.at) > mostOffsetMs) return [];
    if (!Number.isFinite(other.after) || !Number.isFinite(edge.after)) return [];
    return [{ low: other.after - edge.at, high: other.at - edge.after }];
  });
  const [first, ...others] = pairs;
  if (first === undefined) return undefined;
  return others.reduce((bounds, next) => narrowed(bounds, next), first);
}

/** Both, where they can be true together. */
function narrowed(one: Bounds, other: Bounds | undefined): Bounds {
  if (other === undefined) return one;
  const both = { low: Math.max(one.low, other.low), high: Math.min(one.high, other.high) };
  return both.low <= both.high ? both : one;
}

/**
 * A clock is off by the same amount at the beginning and at the end. Where it is not, something else happened: a set lost its load long
 * before the switches went back, or took it long after they had moved. Only when both are far off the beginning shows the clock. A set
 * that joins later takes its load some seconds after the first switch has moved.
 */
function agreeing(end: Bounds | undefined, begin: Bounds | undefined): Bounds | undefined {
  if (end === undefined || begin === undefined) return undefined;
  const apartMs = Math.abs(end.low + end.high - begin.low - begin.high) / 2;
  if (apartMs <= mostApartMs) return narrowed(end, begin);
  const isNear = ({ low, high }: Bounds): boolean => low < mostApartMs && high > -mostApartMs;
  return isNear(end) || isNear(begin) ? undefined : begin;
}

function clockOffset(device: string, bounds: Bounds | undefined, points: readonly RolePoint[]): Found[] {
  if (bounds === undefined) return [];
  const { low, high } = bounds;
  if (low < leastOffsetMs && high > -leastOffsetMs) return [];
  return [{ device, points, offsetMs: Math.round((low + high) / 2), doubtMs: Math.ceil((high - low) / 2) }];
}

/** Edges of one event, which come within a minute: its first or its last. */
function grouped(edges: readonly Edge[], which: 'first' | 'last'): Edge[] {
  const groups: Edge[][] = [];
  for (const edge of [...edges].sort((a, b) => a.at - b.at)) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (group !== undefined && last !== undefined && edge.at - last.at <= 60_000) group.push(edge);
    else groups.push([edge]);
  }
  return groups.flatMap((group) => (which === 'first' ? group[0] : group.at(-1)) ?? []);
}

function nearest(edges: readonly Edge[], to: Edge): Edge | undefined {
  return edges.reduce<Edge | undefined>(
    (best, edge) => (best === undefined || Math.abs(edge.at - to.at) < Math.abs(best.at - to.at) ? edge : best),
    undefined,
  );
} // prettier-ignore
