import { siblings } from '../../../config/lookup.ts';
import { z } from 'zod';
import type { Model, Point } from '../../../config/model.ts';
import { namesOf } from '../../../config/names.ts';
import type { Clock } from '../../../core/clock.ts';
import { page } from '../../contracts/common.ts';
import { namedPointView, pointView as pointViewSchema } from '../../contracts/points.ts';
import type { Historian } from '../../historian/historian.ts';
import type { CurrentValues } from '../../pipeline/current.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { checkFilter, checkSiteFilter, sitesQuery, unknown } from '../known.ts';
import { pageOfArray, pageQuery } from '../../http/page.ts';
import { currentView } from '../views/point.ts';
import { isOfSites } from '../../../core/site-filter.ts';

export interface PointServices {
  readonly model: Model;
  readonly current: CurrentValues;
  readonly historian: Historian;
  readonly clock: Clock;
}

const id = z.object({ id: z.string() });

export function pointEndpoints({ model, current }: PointServices): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/points',
      role: 'wall',
      summary: 'Points with their newest values',
      input: {
        query: z.strictObject({
          ...pageQuery,
          site: sitesQuery,
          device: z.string().optional(),
          quantity: z.string().optional(),
        }),
      },
      output: page(pointViewSchema),
      csv: true,
      heavy: true,
      handler({ query: { site, device, quantity, ...rest } }) {
        checkSiteFilter(site, model);
        const inSite = model.points.filter((point) => isOfSites(site, point.site));
        checkFilter(device, {
          path: 'query.device',
          kind: 'device',
          known: () => inSite.flatMap((point) => point.device ?? []),
        });
        checkFilter(quantity, {
          path: 'query.quantity',
          kind: 'quantity',
          known: () => inSite.map((point) => point.quantity),
        });
        const found = inSite.filter(
          (point) =>
            (device ?? point.device) === point.device && (quantity ?? point.quantity) === point.quantity,
        );
        return pageOfArray(found, rest, (point) => currentView(point, current));
      },
    }),
    endpoint({
      method: 'get',
      path: '/points/:id',
      role: 'wall',
      summary: 'A point with its newest value; the slashes of its id are escaped (%2F)',
      input: { params: id },
      output: namedPointView,
      handler({ params }) {
        const point = findPoint(model, params.id);
        return { ...currentView(point, current), ownerName: namesOf(model).owner(point) };
      },
    }),
  ];
}

export function findPoint(model: Model, pointId: string): Point {
  const point = model.pointById.get(pointId);
  if (point === undefined) throw unknown('point', pointId, siblings(model, pointId));
  return point;
}
