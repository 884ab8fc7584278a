import { z } from 'zod';
import { siteIds } from '../../../config/lookup.ts';
import type { Model } from '../../../config/model.ts';
import { unknownName } from '../../../core/names.ts';
import { UnknownElements, type Capacity } from '../../capacity/service.ts';
import { capacityView, predictionsView, trendsView, whatIfView } from '../../contracts/capacity.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { badInput } from '../../http/problem.ts';
import { checkSiteFilter, sitesQuery } from '../known.ts';
import { isOfSites } from '../../../core/site-filter.ts';

export interface CapacityServices {
  readonly model: Model;
  readonly capacity: Capacity;
}

/** More at once is no plan any more. */
const mostElements = 12;
const perPage = 50;
const siteQuery = z.string().min(1).max(100);

/** What is free, what would happen if something failed, and how such predictions held. */
export function capacityEndpoints({ model, capacity }: CapacityServices): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/capacity',
      role: 'viewer',
      summary:
        'Racks and kW used, free and stranded; every single failure and the worst pairs, from the present load',
      input: { query: z.strictObject({ site: sitesQuery }) },
      output: capacityView,
      csv: true,
      handler({ query: { site } }) {
        checkSiteFilter(site, model);
        const items = siteIds(model)
          .filter((id) => isOfSites(site, id))
          .flatMap((id) => capacity.site(id) ?? []);
        return { items, next: null };
      },
    }),
    endpoint({
      method: 'get',
      path: '/capacity/what-if',
      role: 'viewer',
      summary:
        'What happens if these fail together: `fail` takes keys of one site, separated by commas (dc/ups-a1,dc/ats-b)',
      input: { query: z.strictObject({ fail: z.string().min(1).max(1_000) }) },
      output: whatIfView,
      handler({ query: { fail } }) {
        const keys = [
          ...new Set(
            fail
              .split(',')
              .map((key) => key.trim())
              .filter((key) => key !== ''),
          ),
        ];
        const [first] = keys;
        if (first === undefined) throw badInput('query.fail', 'names nothing; give keys such as dc/ups-a1');
        if (keys.length > mostElements)
          throw badInput('query.fail', `names ${keys.length} things; at most ${mostElements}`);
        const [site = ''] = first.split('/');
        if (!siteIds(model).includes(site))
          throw badInput('query.fail', unknownName('site', site, siteIds(model)));
        const foreign = keys.find((key) => !key.startsWith(`${site}/`));
        if (foreign !== undefined)
          throw badInput(
            'query.fail',
            `"${foreign}" is of another site than "${first}"; ask for one site at a time`,
          );
        try {
          return capacity.whatIf(site, keys);
        } catch (cause) {
          if (!(cause instanceof UnknownElements)) throw cause;
          const [key = ''] = cause.keys;
          throw badInput('query.fail', unknownName('element', key, cause.known));
        }
      },
    }),
    endpoint({
      method: 'get',
      path: '/capacity/trends',
      role: 'viewer',
      summary:
        'Daily mean load of a site, its halls and its feeds, with the trend and when it reaches the limit',
      input: { query: z.strictObject({ site: siteQuery }) },
      output: trendsView,
      csv: true,
      heavy: true,
      async handler({ query: { site }, signal }) {
        checkSiteFilter(site, model);
        return { items: await capacity.trends(site, signal), next: null };
      },
    }),
    endpoint({
      method: 'get',
      path: '/capacity/predictions',
      role: 'viewer',
      summary: 'What was predicted for failures that happened, beside what followed; latest first',
      input: {
        query: z.strictObject({ site: sitesQuery, cursor: z.string().min(1).max(100).optional() }),
      },
      output: predictionsView,
      csv: true,
      async handler({ query: { site, cursor } }) {
        checkSiteFilter(site, model);
        const items = await capacity.predictions({ site, before: cursor, limit: perPage });
        const next = items.length < perPage ? null : (items.at(-1)?.id ?? null);
        return { items, next, accuracy: await capacity.accuracy(site) };
      },
    }),
  ];
}
