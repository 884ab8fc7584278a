import { siteIds } from '../../../config/lookup.ts';
import { z } from 'zod';
import type { Model } from '../../../config/model.ts';
import { page } from '../../contracts/common.ts';
import { siteSummary, siteView as siteViewSchema } from '../../contracts/sites.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { unknown } from '../known.ts';
import { siteView } from '../views/site.ts';

export function siteEndpoints({ model }: { readonly model: Model }): Endpoint[] {
  const views = new Map(model.sites.map((site) => [site.id, siteView(model, site)]));
  return [
    endpoint({
      method: 'get',
      path: '/sites',
      role: 'wall',
      summary: 'The data centres',
      input: {},
      output: page(siteSummary),
      csv: true,
      handler: () => ({
        items: [...views.values()].map(({ id, name, building, clause, racks }) => ({
          id,
          name,
          building,
          clause,
          racks: racks.length,
        })),
        next: null,
      }),
    }),
    endpoint({
      method: 'get',
      path: '/sites/:id',
      role: 'wall',
      summary: 'A data centre with its limits, rooms, racks and devices',
      input: { params: z.object({ id: z.string() }) },
      output: siteViewSchema,
      handler({ params }) {
        const view = views.get(params.id);
        if (view === undefined) throw unknown('site', params.id, siteIds(model));
        return view;
      },
    }),
  ];
}
