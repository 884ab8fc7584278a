import { z } from 'zod';
import { mapInSlices } from '../../../core/slices.ts';
import { iso } from '../../../core/time.ts';
import { instant, page } from '../../contracts/common.ts';
import { pointView as pointViewSchema } from '../../contracts/points.ts';
import { defaultRetention } from '../../historian/tiers.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { fromStore } from '../../http/store.ts';
import { queryInstant } from '../../http/time.ts';
import { checkMoment } from '../history-request.ts';
import { checkSiteFilter } from '../known.ts';
import { sampleAsOf } from '../../historian/as-of.ts';
import { currentView, pointView } from '../views/point.ts';
import type { PointServices } from './points.ts';

export function snapshotEndpoint({ model, current, historian, clock }: PointServices): Endpoint {
  const retention = model.history?.retention ?? defaultRetention;
  return endpoint({
    method: 'get',
    path: '/snapshot',
    role: 'wall',
    summary: 'Every point as it is, or as it was at a time',
    input: { query: z.strictObject({ site: z.string().optional(), at: queryInstant.optional() }) },
    output: page(pointViewSchema).extend({
      at: instant,
      /** False: so long ago that only readings kept as evidence are there. */
      complete: z.boolean(),
    }),
    csv: true,
    heavy: true,
    async handler({ query: { site, at }, signal }) {
      checkSiteFilter(site, model);
      const points = model.points.filter((point) => (site ?? point.site) === point.site);
      const now = clock.now();
      if (at === undefined) {
        const items = await mapInSlices(points, (point) => currentView(point, current), signal);
        return { at: iso(now), complete: true, items, next: null };
      }
      checkMoment(at, { now, retention });
      const last = await fromStore(historian.last(at, signal));
      return {
        at: iso(at),
        complete: at >= now - retention.raw,
        items: await mapInSlices(
          points,
          (point) => pointView(point, sampleAsOf(point, last.get(point.id), at)),
          signal,
        ),
        next: null,
      };
    },
  });
}
