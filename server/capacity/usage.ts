import { feedNames } from '../../config/topology/graph.ts';
import type { UsageView } from '../contracts/capacity.ts';
import type { Surroundings } from './consequences.ts';
import { derivedPoint, pointOf } from './readings.ts';

/** A rack that draws less holds no machine that runs, kW. */
const usedAboveKw = 0.05;

/** Racks and kW used and free: of the site, its halls, their rows, and what each feed could take alone. */
export function usageOf(inputs: Surroundings): UsageView[] {
  const { model, plan } = inputs;
  const { site } = plan;
  const siteName = model.sites.find(({ id }) => id === site)?.name ?? site;
  const feeds = feedNames.map((feed) => feedUsage(inputs, feed));
  const rooms = model.rooms.filter((room) => room.site === site && room.kind === 'data-hall');
  const cooling = rooms.map((room) => coolingFree(inputs, room.key));
  const of = (
    head: Pick<UsageView, 'key' | 'kind' | 'name'>,
    fits: (rack: number) => boolean,
    limits: Limits,
  ): UsageView => ({ ...head, ...racksOf(inputs, fits, limits) });
  const whole = of({ key: site, kind: 'site', name: { id: siteName, en: siteName } }, () => true, {
    feed: least(feeds.map(({ freeKw }) => freeKw)),
    genset: sourceFree(inputs, 'genset'),
    grid: sourceFree(inputs, 'incomer'),
    cooling: cooling.includes(null) ? null : cooling.reduce<number>((sum, kw) => sum + (kw ?? 0), 0),
  });
  const halls = rooms.flatMap((room, index): UsageView[] => {
    const inRoom = (rack: number): boolean => plan.racks[rack]?.rack.room === room.id;
    const rows = [...new Set(plan.racks.filter((_rack, at) => inRoom(at)).map(({ rack }) => rack.row))];
    return [
      of({ key: room.key, kind: 'room', name: room.name }, inRoom, { cooling: cooling[index] ?? null }),
      ...rows.map((row) =>
        of(
          { key: `${site}/row:${row}`, kind: 'row', name: { id: `Baris ${row}`, en: `Row ${row}` } },
          (rack) => plan.racks[rack]?.rack.row === row,
          {},
        ),
      ),
    ];
  });
  return [whole, ...feeds, ...halls];
}

/** Free kW by each limit; null: not known; undefined: there is no such limit. */
type Limits = Partial<Record<NonNullable<UsageView['strandedBy']>, number | null | undefined>>;

function racksOf(
  { plan, loads }: Surroundings,
  fits: (rack: number) => boolean,
  limits: Limits,
): Omit<UsageView, 'key' | 'kind' | 'name'> {
  const counts = { all: 0, used: 0, unknown: 0 };
  let usedKw = 0;
  let limitKw = 0;
  let freeKw = 0;
  for (const [index, { rack }] of plan.racks.entries()) {
    if (!fits(index)) continue;
    counts.all += 1;
    limitKw += rack.limitKw;
    if (loads.least.isUnknown[0][index] === 1 || loads.least.isUnknown[1][index] === 1) {
      counts.unknown += 1;
      continue;
    }
    const kw = (loads.least.rackKw[0][index] ?? 0) + (loads.least.rackKw[1][index] ?? 0);
    if (kw > usedAboveKw) counts.used += 1;
    usedKw += kw;
    freeKw += Math.max(0, rack.limitKw - kw);
  }
  const isKnown = counts.unknown === 0;
  return {
    racks: counts,
    usedKw: isKnown ? usedKw : null,
    limitKw,
    freeKw: isKnown ? freeKw : null,
    ...stranded(isKnown ? freeKw : null, limits),
  };
}

/** Of the power that is free in racks, what the tightest of the limits above them does not let through. One that is not known might be tighter. */
function stranded(freeKw: number | null, limits: Limits): Pick<UsageView, 'strandedKw' | 'strandedBy'> {
  const known = (['feed', 'cooling', 'genset', 'grid'] as const).flatMap((by) => {
    const kw = limits[by];
    return kw === undefined ? [] : [{ by, kw }];
  });
  if (freeKw === null || known.length === 0) return { strandedKw: null, strandedBy: null };
  let tightest: { readonly by: UsageView['strandedBy']; readonly kw: number } = { by: null, kw: freeKw };
  for (const { by, kw } of known) {
    if (kw === null) return { strandedKw: null, strandedBy: null };
    if (kw < tightest.kw) tightest = { by, kw: Math.max(0, kw) };
  }
  return { strandedKw: freeKw - tightest.kw, strandedBy: tightest.by };
}

/** A feed has to carry every rack behind it alone, with the largest of its UPSs lost where it has several. */
function feedUsage({ plan, loads }: Surroundings, feed: (typeof feedNames)[number]): UsageView {
  const panel = plan.indexOf.get(`${plan.site}/panel:${feed}`);
  const ups = (plan.nodes[panel ?? -1]?.suppliers ?? []).filter((node) => plan.nodes[node]?.kind === 'ups');
  const rated = ups.map((node) => plan.nodes[node]?.ratedKw);
  const isRated = rated.length > 0 && !rated.includes(undefined);
  const all = rated.map((kw) => kw ?? 0);
  const limitKw = isRated ? sum(all) - (all.length > 1 ? Math.max(...all) : 0) : null;
  const behind = plan.racks.flatMap(({ feeds }, rack) =>
    feeds.some((each) => each.feed === feed && each.suppliers.length > 0) ? [rack] : [],
  );
  const isKnown = behind.every(
    (rack) => loads.least.isUnknown[0][rack] !== 1 && loads.least.isUnknown[1][rack] !== 1,
  );
  const usedKw = isKnown
    ? sum(behind.map((rack) => (loads.least.rackKw[0][rack] ?? 0) + (loads.least.rackKw[1][rack] ?? 0)))
    : null;
  return {
    key: `${plan.site}/panel:${feed}`,
    kind: 'feed',
    name: { id: `Jalur ${feed}`, en: `Feed ${feed}` },
    racks: null,
    usedKw,
    limitKw,
    freeKw: limitKw === null || usedKw === null ? null : limitKw - usedKw,
    strandedKw: null,
    strandedBy: null,
  };
}

/** What the sources could carry more in the racks with the largest of them lost: the site draws more than its racks, in the proportion of now. */
function sourceFree(
  { plan, loads, points, readings }: Surroundings,
  kind: 'genset' | 'incomer',
): number | null | undefined {
  const rated = plan.nodes.filter((node) => node.kind === kind).map(({ ratedKw }) => ratedKw);
  if (rated.length === 0) return undefined;
  const facilityKw = readings.value(points.facilityPower);
  const itKw = sum([...loads.least.rackKw[0], ...loads.least.rackKw[1]]);
  if (rated.includes(undefined) || facilityKw === undefined || itKw <= 0 || loads.missingOf.size > 0)
    return null;
  const all = rated.map((kw) => kw ?? 0);
  return ((sum(all) - Math.max(...all) - facilityKw) * itKw) / facilityKw;
}

/** What the PACs of a hall could take more with one of them lost, from what they use of their capacity now. */
function coolingFree({ model, plan, halls, readings }: Surroundings, room: string): number | null {
  const hall = halls.find((each) => each.hall === room);
  const heatKw = readings.value(derivedPoint(model, `${room}/power`));
  if (hall === undefined || heatKw === undefined) return null;
  let usedPercent = 0;
  for (const pac of hall.pacs) {
    const used = readings.value(pointOf(plan.nodes[pac]?.device, 'cooling-capacity'));
    if (used === undefined) return null;
    usedPercent += used;
  }
  if (usedPercent <= 0) return null;
  const eachKw = (heatKw * 100) / usedPercent;
  return eachKw * (hall.pacs.length - 1) - heatKw;
}

function least(values: readonly (number | null)[]): number | null {
  return values.includes(null) ? null : Math.min(...values.map((value) => value ?? 0));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
