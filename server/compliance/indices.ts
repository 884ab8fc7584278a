import type { Model } from '../../config/model.ts';
import type { ComplianceCatalogue } from '../../config/schema/compliance.ts';
import { plain } from '../../domain/wording/compliance.ts';
import type { HallIndices } from '../contracts/compliance.ts';
import type { Historian, Range } from '../historian/historian.ts';
import type { PointFigures } from './measure.ts';

/**
 * Rack cooling index (RCI, Herrlin): 100 % less the degrees by which hourly means of inlets were beyond the recommended limit, over
 * those that the allowable limit would have made. Return temperature index (RTI): what the PACs warm up over what the racks do.
 * Null where what it takes is not measured.
 */
export async function hallIndices(
  { model, catalogue, historian }: { readonly model: Model; readonly catalogue: ComplianceCatalogue; readonly historian: Historian },
  { site, range, inlets, signal }: {
    readonly site: string;
    readonly range: Range;
    /** Figures of the temperature sensors at rack inlets, judged by the recommended limits. */
    readonly inlets: readonly PointFigures[];
    readonly signal?: AbortSignal | undefined;
  },
): Promise<HallIndices[]> {
  const { recommended, allowable } = catalogue.inlet;
  const halls: HallIndices[] = [];
  for (const hall of model.rooms.filter((room) => room.site === site && room.kind === 'data-hall')) {
    const own = inlets.filter(({ bound }) => bound.point.room === hall.id);
    const hours = sum(own, (each) => each.hours);
    const isComparable = own.every(({ bound }) => bound.low === recommended.min && bound.high === recommended.max);
    const index = (excess: number, span: number): number | null =>
      hours === 0 || !isComparable ? null : round(100 * (1 - excess / (span * hours)));
    const rti = await returnIndex({ model, historian }, { room: hall.id, site, range, inlets: own, signal });
    halls.push({
      room: hall.id,
      name: hall.name,
      rciHigh: index(sum(own, (each) => each.aboveSum), allowable.max - recommended.max),
      rciLow: index(sum(own, (each) => each.belowSum), recommended.min - allowable.min),
      rti: typeof rti === 'number' ? rti : null,
      notMeasured: typeof rti === 'number' ? null : rti,
      sensors: own.length,
    });
  }
  return halls;
} // prettier-ignore

async function returnIndex(
  { model, historian }: { readonly model: Model; readonly historian: Historian },
  { room, site, range, inlets, signal }: {
    readonly room: string;
    readonly site: string;
    readonly range: Range;
    readonly inlets: readonly PointFigures[];
    readonly signal?: AbortSignal | undefined;
  },
) {
  const here = model.points.filter((point) => point.site === site && point.room === room);
  const ids = (wanted: (point: (typeof here)[number]) => boolean): string[] =>
    here.filter(wanted).map(({ id }) => id);
  const outlets = ids(({ kind, quantity, position, part }) => kind === 'env' && quantity === 'temperature' && part === undefined && (position === 'outlet' || position === 'hot-aisle'));
  if (outlets.length === 0)
    return plain('RTI tidak diukur: tidak ada sensor di lorong panas', 'RTI is not measured: no sensor in a hot aisle');
  const [returns, supplies, hot] = await Promise.all([
    meanOf(historian, ids(({ kind, quantity }) => kind === 'pac' && quantity === 'return-temperature'), { range, signal }),
    meanOf(historian, ids(({ kind, quantity }) => kind === 'pac' && quantity === 'supply-temperature'), { range, signal }),
    meanOf(historian, outlets, { range, signal }),
  ]);
  const hours = sum(inlets, (each) => each.hours);
  const inlet = hours === 0 ? undefined : sum(inlets, (each) => each.meanSum) / hours;
  if (returns === undefined || supplies === undefined || hot === undefined || inlet === undefined || hot <= inlet)
    return plain('RTI tidak diukur: data bulan ini kurang', 'RTI is not measured: too little data in this month');
  return round((100 * (returns - supplies)) / (hot - inlet));
} // prettier-ignore

async function meanOf(
  historian: Historian,
  points: readonly string[],
  { range, signal }: { readonly range: Range; readonly signal: AbortSignal | undefined },
): Promise<number | undefined> {
  const found = await historian.buckets(points, range, '1d', signal);
  const means = [...found.values()]
    .flat()
    .map(({ mean }) => mean)
    .filter((mean) => mean !== null);
  return means.length === 0 ? undefined : sum(means, (mean) => mean) / means.length;
}

function sum<Item>(items: readonly Item[], figure: (item: Item) => number): number {
  return items.reduce((total, item) => total + figure(item), 0);
}

function round(percent: number): number {
  return Math.round(percent * 10) / 10;
}
