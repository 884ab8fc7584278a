import { z } from 'zod';
import type { Model } from '../../../config/model.ts';
import { siteIds } from '../../../config/lookup.ts';
import { topologyView as topologyViewSchema } from '../../contracts/topology.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { checkSiteFilter } from '../known.ts';
import { topologyView } from '../views/topology.ts';

export function topologyEndpoint({ model }: { readonly model: Model }): Endpoint {
  const views = new Map(siteIds(model).map((site) => [site, topologyView(model, site, 'all')]));
  const plants = new Map(siteIds(model).map((site) => [site, topologyView(model, site, 'plant')]));
  return endpoint({
    method: 'get',
    path: '/topology',
    role: 'wall',
    summary: 'What supplies, cools, carries and contains what at a site',
    input: {
      query: z.strictObject({
        site: z.string(),
        /** `plant` leaves out rows, racks and what stands in them. */
        scope: z.enum(['all', 'plant']).default('all'),
      }),
    },
    output: topologyViewSchema,
    handler({ query: { site, scope } }) {
      checkSiteFilter(site, model);
      return (scope === 'all' ? views : plants).get(site) ?? { site, nodes: [], edges: [] };
    },
  });
}
