import { z } from 'zod';
import { describeQuality } from '../../../core/reading.ts';
import { iso } from '../../../core/time.ts';
import type { Model, Point } from '../../../config/model.ts';
import {
  historiesView,
  historyColumnsView,
  historyView,
  type BucketItem,
  type HistoryView,
  type RawItem,
} from '../../contracts/points.ts';
import { joinedWidth } from '../../historian/coarser.ts';
import { createHistoryCsv, csvDialects } from '../../historian/csv.ts';
import { bucketMs, type Bucket, type Range, type Sample } from '../../historian/historian.ts';
import {
  readHistories,
  readWholeHistories,
  type PointHistory,
  type ReadOptions,
} from '../../historian/read.ts';
import { samplesIn } from '../../historian/sample-columns.ts';
import { chooseResolution, defaultRetention, type Resolution } from '../../historian/tiers.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { badInput } from '../../http/problem.ts';
import { fromStore, fromStoreEach } from '../../http/store.ts';
import { StreamedList, StreamedValue } from '../../http/stream.ts';
import { queryInstant } from '../../http/time.ts';
import type { Role } from '../../contracts/common.ts';
import { checkKept, checkRawSpan, findPoints, findZone, queryPoints, rangeOf } from '../history-request.ts';
import { historyColumnsOf, statesView } from '../views/history-columns.ts';
import { findPoint, type PointServices } from './points.ts';

/** Items of a point in one answer. */
const cap = 10_000;

export type HistoryServices = Pick<PointServices, 'model' | 'historian' | 'clock'>;

const query = {
  from: queryInstant.optional(),
  to: queryInstant.optional(),
  resolution: z.enum(['raw', '1m', '1h', '1d', 'auto']).default('auto'),
  /** At most so many buckets, joined from stored ones; raw readings are not joined. */
  buckets: z.coerce.number().int().min(2).max(cap).optional(),
};

export function historyEndpoints(services: HistoryServices): Endpoint[] {
  const { model, historian } = services;
  return [
    endpoint({
      method: 'get',
      path: '/points/:id/history',
      role: 'wall',
      summary: 'What a point was; the last hour unless told otherwise',
      input: { params: z.object({ id: z.string() }), query: z.strictObject(query) },
      output: historyView,
      csv: true,
      heavy: true,
      nextParameter: 'from',
      async handler({ params, query: asked, user, signal }) {
        const point = findPoint(model, params.id);
        const plan = planOf(asked, { services, points: 1, role: user.role });
        const options: ReadOptions = { ...plan, points: [point.id], limit: cap, signal };
        const first = await fromStore(readHistories(historian, options).next());
        if (first.done === true) throw new TypeError('a point without an answer');
        return historyOf(point, first.value, plan);
      },
    }),
    endpoint({
      method: 'get',
      path: '/history',
      role: 'wall',
      summary: 'What several points were, streamed: points=a,b,c; the number of points is limited by role',
      input: {
        query: z.strictObject({
          points: queryPoints,
          ...query,
          /** Of the times in CSV; Asia/Jakarta unless given. */
          zone: z.string().max(60).optional(),
          /** Of CSV: `excel` for Excel with Indonesian settings. */
          dialect: z.enum(csvDialects).default('standard'),
        }),
      },
      output: historiesView,
      csv: true,
      heavy: true,
      handler({ query: asked, user, signal }) {
        const points = findPoints(model, asked.points, user.role);
        const time = findZone(asked.zone);
        const plan = planOf(asked, { services, points: points.length, role: user.role });
        const kind = plan.resolution === 'raw' ? 'raw' : 'buckets';
        const sheet = createHistoryCsv({ kind, dialect: asked.dialect, time });
        const ids = points.map(({ id }) => id);
        const options: ReadOptions = { ...plan, points: ids, limit: cap, signal };
        return new StreamedList({
          head: { ...headOf(plan), next: null },
          items: itemsOf(model, readHistories(historian, options), plan),
          // Rows are not cut: what one part leaves over follows in the next.
          csv: csvOf(model, readWholeHistories(historian, options), sheet),
        });
      },
    }),
    endpoint({
      method: 'get',
      path: '/history/columns',
      role: 'wall',
      summary: 'The same in columns, a third of the size: for who draws many points again and again',
      input: { query: z.strictObject({ points: queryPoints, ...query }) },
      output: historyColumnsView,
      heavy: true,
      handler({ query: asked, user, signal }) {
        const points = findPoints(model, asked.points, user.role);
        const plan = planOf(asked, { services, points: points.length, role: user.role });
        const options: ReadOptions = { ...plan, points: points.map(({ id }) => id), limit: cap, signal };
        return new StreamedValue(columnsText(model, readHistories(historian, options), plan));
      },
    }),
  ];
}

interface Plan {
  readonly range: Range;
  readonly resolution: Resolution;
  /** Of joined buckets. */
  readonly widthMs: number | undefined;
}

interface Asked {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly resolution: Resolution | 'auto';
  readonly buckets?: number | undefined;
}

/** What will be read, or why it is refused. */
function planOf(
  asked: Asked,
  {
    services: { model, clock },
    points,
    role,
  }: { readonly services: HistoryServices; readonly points: number; readonly role: Role },
): Plan {
  const now = clock.now();
  const retention = model.history?.retention ?? defaultRetention;
  const range = rangeOf(asked, { now });
  const { buckets } = asked;
  const resolution =
    asked.resolution === 'auto' ? chooseResolution(range, { now, buckets, retention }) : asked.resolution;
  checkKept(range, { resolution, now, retention });
  if (resolution !== 'raw')
    return {
      range,
      resolution,
      widthMs: buckets === undefined ? undefined : joinedWidth(range, resolution, buckets),
    };
  if (buckets !== undefined && asked.resolution === 'raw')
    throw badInput('query.buckets', 'raw readings are not joined; leave it out, or ask resolution=auto');
  checkRawSpan(range, { points, role });
  return { range, resolution, widthMs: undefined };
}

function widthOf({ resolution, widthMs }: Plan): number | null {
  return resolution === 'raw' ? null : (widthMs ?? bucketMs[resolution]);
}

function headOf(plan: Plan) {
  const { from, to } = plan.range;
  return { from: iso(from), to: iso(to), resolution: plan.resolution, widthMs: widthOf(plan) };
}

function historyOf(point: Point, history: PointHistory, plan: Plan): HistoryView {
  return {
    point: point.id,
    unit: point.unit,
    resolution: plan.resolution,
    widthMs: widthOf(plan),
    items:
      history.kind === 'raw' ? samplesIn(history.readings).map(rawItem) : history.buckets.map(bucketItem),
    next: history.nextAt === undefined ? null : iso(history.nextAt),
  };
}

function rawItem(sample: Sample): RawItem {
  const { quality, reason } = describeQuality(sample.quality);
  return { at: iso(sample.at), value: Number.isNaN(sample.value) ? null : sample.value, quality, reason };
}

function bucketItem({ at, states, ...figures }: Bucket): BucketItem {
  return {
    at: iso(at),
    ...figures,
    states: statesView(states),
  };
}

async function* itemsOf(
  model: Model,
  histories: AsyncGenerator<PointHistory>,
  plan: Plan,
): AsyncGenerator<HistoryView> {
  for await (const history of fromStoreEach(histories))
    yield historyOf(findPoint(model, history.point), history, plan);
}

async function* columnsText(
  model: Model,
  histories: AsyncGenerator<PointHistory>,
  plan: Plan,
): AsyncGenerator<string> {
  let before = `${JSON.stringify(headOf(plan)).slice(0, -1)},"items":[`;
  for await (const history of fromStoreEach(histories)) {
    const columns = historyColumnsOf(findPoint(model, history.point), history, plan.range.from);
    yield before + JSON.stringify(columns);
    before = ',';
  }
  yield before === ',' ? ']}' : `${before}]}`;
}

async function* csvOf(
  model: Model,
  histories: AsyncGenerator<PointHistory>,
  sheet: ReturnType<typeof createHistoryCsv>,
): AsyncGenerator<string> {
  // With the first rows: what the store refuses at once is still an ordinary problem.
  let before = sheet.header;
  for await (const history of fromStoreEach(histories)) {
    yield before + sheet.rows(findPoint(model, history.point), history);
    before = '';
  }
}
