import type { Model, Point } from '../../config/model.ts';
import type { Label } from '../../config/schema/common.ts';
import type { Carrier, Consequence, Reading, Situation } from '../../domain/wording/situation.ts';
import { consequenceOrder } from '../../domain/wording/title.ts';
import type { BoundAlarm } from '../../config/alarms/bind.ts';
import { isBeyond, measured } from '../alarms/evaluate.ts';
import type { OccurrenceRow } from '../alarms/journal.ts';
import type { Cause, Member } from './grouping.ts';
import type { Names } from '../../config/names.ts';
import { supplyReach } from './reach.ts';
import { seatOf } from './seat.ts';
import { createTrends } from './trend.ts';

/** A point's value at present; null when it cannot be believed. */
export type ReadNow = (point: Point) => number | null;

/** An incident's active alarms, by what they are to it. */
export interface Standing {
  readonly site: string;
  /** The alarm that names the incident. */
  readonly leading: Member;
  readonly causes: readonly Cause[];
  readonly members: readonly Member[];
  readonly occurrenceOf: (key: string) => OccurrenceRow | undefined;
}

/** Gathers what an incident's title is made of. */
export function createSituations(options: {
  readonly model: Model;
  /** Every alarm there can be: how many of how many. */
  readonly alarms: readonly BoundAlarm[];
  readonly names: Names;
  readonly readNow: ReadNow;
  readonly monotonic: () => number;
}): (standing: Standing) => Situation {
  const { model, names, readNow } = options;
  const { topology } = model;
  const trends = createTrends(options.monotonic);
  const totals = new Map<string, Set<string>>();
  for (const alarm of options.alarms)
    for (const key of [countKey(alarm, alarm.point.room), countKey(alarm, null)]) {
      const seats = totals.get(key) ?? new Set();
      totals.set(key, seats.add(seatOf(alarm)));
    }
  const gensets = new Map<string, Point[]>();
  for (const { site, kind, points } of model.devices)
    if (kind === 'genset') {
      const state = points.find(({ quantity }) => quantity === 'engine-state');
      if (state !== undefined) gensets.set(site, [...(gensets.get(site) ?? []), state]);
    }
  const autonomies = new Map(
    model.points.flatMap((point) =>
      point.quantity === 'autonomy' && point.part === undefined && point.device !== undefined
        ? [[`${point.site}/${point.device}`, point] as const]
        : [],
    ),
  );
  const grids = new Map<string, number>();
  for (const { site, kind, key } of topology.nodes)
    if (kind === 'grid' && topology.outOf(key, 'supplies').length > 0)
      grids.set(site, (grids.get(site) ?? 0) + 1);

  return ({ site, leading, causes, members, occurrenceOf }) => {
    const { rule } = leading.alarm;
    const inferred = causes.filter((cause) => cause.inferred);
    const alike = members.filter(({ alarm, because }) => because === null && isAlike(alarm, leading.alarm));
    const rooms = new Set(alike.map(({ alarm }) => alarm.point.room ?? null));
    const room = rooms.size === 1 ? names.room(leading.alarm.point) : undefined;
    const isInferred = inferred.length > 0 && inferred.length === causes.length;
    return {
      site: names.site(site),
      room: isInferred ? null : (room ?? null),
      name: rule.name,
      title: rule.title ?? null,
      things: isInferred
        ? inferred.map(({ node }) => names.node(node))
        : rule.lifeSafety
          ? []
          : alike.map(({ alarm, seat }) => nameOf(alarm, seat)),
      of:
        totals.get(countKey(leading.alarm, room === undefined ? null : leading.alarm.point.room))?.size ??
        null,
      noun: isInferred ? names.nodeNoun(inferred[0]?.node ?? '') : names.noun(leading.alarm.point),
      reading: readingOf(alike, occurrenceOf),
      inferred: isInferred ? (inferred[0]?.effect ?? null) : null,
      consequences: consequencesOf(site, causes, members),
      left: shortestLeft(alike),
      carrier: carrierOf(site, { causes, members }),
      isOver: false,
    };
  };

  function nameOf({ point }: BoundAlarm, seat: string): Label {
    const kind = topology.node(seat)?.kind;
    const isPlace = kind !== undefined && kind !== 'device' && kind !== 'site';
    return isPlace || point.source.from === 'link' ? names.node(seat) : names.owner(point);
  }

  function readingOf(alike: readonly Member[], occurrenceOf: Standing['occurrenceOf']): Reading | null {
    let furthest: (Reading & { readonly distance: number }) | null = null;
    for (const { alarm } of alike) {
      const { test, point } = alarm;
      if (!('limit' in test)) continue;
      const now = valueNow(alarm);
      const worst = occurrenceOf(alarm.key)?.worst ?? now;
      if (worst === null) continue;
      const distance = Math.abs((now ?? worst) - test.limit);
      if (furthest !== null && furthest.distance >= distance) continue;
      const trend = now === null ? null : trends(point.index, now, Math.abs(test.limit));
      furthest = { now, worst, limit: test.limit, unit: point.unit, trend, distance };
    }
    if (furthest === null) return null;
    const { distance: _distance, ...reading } = furthest;
    return reading;
  }

  /** As the alarm compares it with its limit; null when it is not known. */
  function valueNow({ test, point }: BoundAlarm): number | null {
    const read = readNow(point);
    const other = (index: number): number | undefined => {
      const from = model.points[index];
      return from === undefined ? undefined : (readNow(from) ?? undefined);
    };
    return read === null ? null : (measured(test, read, other) ?? null);
  }

  function consequencesOf(site: string, causes: readonly Cause[], members: readonly Member[]): Consequence[] {
    const counted = new Map<
      Consequence['effect'],
      { seats: Set<string>; value?: number; alarm: BoundAlarm }
    >();
    for (const { alarm, seat, because } of members) {
      if (because === null || alarm.rule.lifeSafety) continue;
      const effect = alarm.rule.effect ?? 'other';
      const known = counted.get(effect) ?? { seats: new Set<string>(), alarm };
      known.seats.add(seat);
      const value = valueOf(effect, alarm.point);
      if (value !== null)
        known.value =
          effect === 'battery-low'
            ? Math.min(known.value ?? value, value)
            : Math.max(known.value ?? value, value);
      counted.set(effect, known);
    }
    const list = [...counted].map(([effect, { seats, value, alarm }]): Consequence => ({
      effect: effect === 'too-hot' && value === undefined ? 'other' : effect,
      count: seats.size,
      of: effect === 'other' ? null : (totals.get(countKey(alarm, null))?.size ?? null),
      ...(value === undefined ? {} : { value }),
    }));
    return [...list, ...racksWithoutFeed(site, causes)].sort(
      (a, b) => consequenceOrder.indexOf(a.effect) - consequenceOrder.indexOf(b.effect),
    );
  }

  /** Of UPSs whose batteries are nearly empty, s. */
  function shortestLeft(alike: readonly Member[]): number | null {
    const left = alike.flatMap(({ alarm: { rule, point } }) =>
      rule.effect === 'battery-low' ? (valueOf(rule.effect, point) ?? []) : [],
    );
    return left.length === 0 ? null : Math.min(...left);
  }

  function valueOf(effect: Consequence['effect'], point: Point): number | null {
    if (effect === 'too-hot') return readNow(point);
    const left = effect === 'battery-low' ? autonomies.get(`${point.site}/${point.device ?? ''}`) : undefined;
    return left === undefined ? null : readNow(left);
  }

  /** Racks that lost one feed, and those that lost all, when what failed gives no output. */
  function racksWithoutFeed(site: string, causes: readonly Cause[]): Consequence[] {
    const failed = new Set(causes.filter(({ effect }) => effect === 'output-lost').map(({ node }) => node));
    if (failed.size === 0) return [];
    const reach = supplyReach(topology, failed);
    let one = 0;
    let dark = 0;
    const racks = model.racks.filter((rack) => rack.site === site);
    for (const { key } of racks) {
      const suppliers = topology.into(key, 'supplies').map(({ from }) => from);
      const down = suppliers.filter((from) => reach.isDown(from)).length;
      if (down > 0 && down === suppliers.length) dark += 1;
      else if (down > 0) one += 1;
    }
    const of = racks.length;
    return [
      ...(dark > 0 ? [{ effect: 'dark' as const, count: dark, of }] : []),
      ...(one > 0 ? [{ effect: 'feed-lost' as const, count: one, of }] : []),
    ];
  }

  /** Only while every source of the site is away. */
  function carrierOf(
    site: string,
    { causes, members }: { readonly causes: readonly Cause[]; readonly members: readonly Member[] },
  ): Carrier | null {
    const lost = causes.filter(({ effect }) => effect === 'supply-lost');
    if (lost.length === 0 || lost.length < (grids.get(site) ?? 1)) return null;
    const engines = gensets.get(site) ?? [];
    const running = engines.filter((point) => point.states?.get(readNow(point) ?? Number.NaN) === 'running');
    if (running.length > 0) return { by: 'gensets', running: running.length, of: engines.length };
    const back = lost.filter(({ node }) => isBack(members.filter(({ seat }) => seat === node)));
    if (back.length === 0) return { by: 'batteries' };
    return {
      by: 'grid',
      back: back.length === lost.length ? null : back.map(({ node }) => names.node(node)),
    };
  }

  /** A source whose alarms are held although their readings are right again. */
  function isBack(members: readonly Member[]): boolean {
    const lost = members.filter(({ alarm }) => alarm.rule.effect === 'supply-lost');
    return (
      lost.length > 0 &&
      lost.every(({ alarm }) => {
        const now = valueNow(alarm);
        return now !== null && !isBeyond(alarm.test, now, true);
      })
    );
  }
}

function isAlike(a: BoundAlarm, b: BoundAlarm): boolean {
  return a.rule.effect === undefined ? a.rule === b.rule : a.rule.effect === b.rule.effect;
}

/** What counts together: the same kind of thing with the same effect (or rule), in one room or the whole site. */
function countKey({ rule, point }: BoundAlarm, room: string | null | undefined): string {
  return `${rule.effect ?? rule.rule} ${point.kind ?? ''} ${point.site} ${room ?? ''}`;
}
