import { z } from 'zod';
import type { Point } from '../../../config/model.ts';
import { mapInSlices } from '../../../core/slices.ts';
import { iso } from '../../../core/time.ts';
import { instant, page } from '../../contracts/common.ts';
import { pointView as pointViewSchema, snapshotColumnsView } from '../../contracts/points.ts';
import { sampleAsOf } from '../../historian/as-of.ts';
import type { Sample } from '../../historian/historian.ts';
import { defaultRetention } from '../../historian/tiers.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { csvOf } from '../../http/send.ts';
import { fromStore } from '../../http/store.ts';
import { JsonText, StreamedList, StreamedValue } from '../../http/stream.ts';
import { queryInstant } from '../../http/time.ts';
import { checkMoment } from '../history-request.ts';
import { checkSiteFilter } from '../known.ts';
import { createPointWriter } from '../views/point-text.ts';
import { createSnapshotColumns } from '../views/snapshot-columns.ts';
import { currentSample, lastWholeOf, pointView, type LastWhole } from '../views/point.ts';
import type { PointServices } from './points.ts';

const query = z.strictObject({ site: z.string().optional(), at: queryInstant.optional() });

export function snapshotEndpoints({ model, current, historian, clock }: PointServices): Endpoint[] {
  const retention = model.history?.retention ?? defaultRetention;
  const columns = createSnapshotColumns();

  /** The points that are asked for, and what each was. */
  async function momentOf(
    { site, at }: z.output<typeof query>,
    signal: AbortSignal,
  ): Promise<{ readonly points: readonly Point[]; readonly head: Head; readonly was: Was }> {
    checkSiteFilter(site, model);
    const points = site === undefined ? model.points : model.points.filter((point) => point.site === site);
    const now = clock.now();
    if (at === undefined) {
      const was: Was = (point) => ({
        sample: currentSample(current, point),
        whole: lastWholeOf(current, point),
      });
      return { points, head: { at: now, complete: true }, was };
    }
    checkMoment(at, { now, retention });
    const only = site === undefined ? undefined : new Set(points.map(({ id }) => id));
    const last = await fromStore(historian.last(at, signal, only));
    return {
      points,
      head: { at, complete: at >= now - retention.raw },
      was: (point) => ({ sample: sampleAsOf(point, last.get(point.id), at) }),
    };
  }

  return [
    endpoint({
      method: 'get',
      path: '/snapshot',
      role: 'wall',
      summary: 'Every point as it is, or as it was at a time',
      input: { query },
      output: page(pointViewSchema).extend({
        at: instant,
        /** False: so long ago that only readings kept as evidence are there. */
        complete: z.boolean(),
      }),
      csv: true,
      heavy: true,
      async handler({ query: asked, signal }) {
        const { points, head, was } = await momentOf(asked, signal);
        return listOf(points, { ...head, at: iso(head.at), next: null }, was);
      },
    }),
    endpoint({
      method: 'get',
      path: '/snapshot/columns',
      role: 'wall',
      summary: 'The same in columns, a fifth of the size: for who asks for the whole estate again and again',
      input: { query },
      output: snapshotColumnsView,
      heavy: true,
      async handler({ query: asked, signal }) {
        const { points, head, was } = await momentOf(asked, signal);
        return new StreamedValue(
          columns.textOf(points, { at: head.at, complete: head.complete, was: (point) => was(point).sample }),
        );
      },
    }),
  ];
}

interface Head {
  readonly at: number;
  readonly complete: boolean;
}

type Was = (point: Point) => { readonly sample: Sample; readonly whole?: LastWhole | undefined };

function listOf(points: readonly Point[], head: Readonly<Record<string, unknown>>, was: Was): StreamedList {
  return new StreamedList({ head, items: new JsonText(textOf(points, was)), csv: tableOf(points, was) });
}

/** Some milliseconds' worth; between two pieces the rest of the process has its turn. */
const pointsPerPiece = 2_500;

async function* textOf(points: readonly Point[], was: Was): AsyncGenerator<string> {
  const write = createPointWriter();
  for (let from = 0; from < points.length; from += pointsPerPiece) {
    const texts = points.slice(from, from + pointsPerPiece).map((point) => {
      const { sample, whole } = was(point);
      return write(point, sample, whole);
    });
    yield texts.join(',');
  }
}

async function* tableOf(points: readonly Point[], was: Was): AsyncGenerator<string> {
  const views = await mapInSlices(points, (point) => {
    const { sample, whole } = was(point);
    return pointView(point, sample, whole);
  });
  yield* csvOf(views);
}
