import { z } from 'zod';
import type { Model } from '../../../config/model.ts';
import { siteIds } from '../../../config/lookup.ts';
import { unknownName } from '../../../core/names.ts';
import { page } from '../../contracts/common.ts';
import { loadTestDueView, loadTestSummary, loadTestTrendItem } from '../../contracts/load-tests.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { decodeCursor, pageOf, pageQuery } from '../../http/page.ts';
import { badInput } from '../../http/problem.ts';
import type { LoadTests } from '../../loadtest/service.ts';
import { checkSiteFilter, sitesQuery } from '../known.ts';

export interface LoadTestServices {
  readonly model: Model;
  /** Absent: the installation has no criteria of load tests. */
  readonly loadTests?: LoadTests | undefined;
}

/** Genset runs: load tests, outages, exercises. */
export function loadTestEndpoints({ model, loadTests }: LoadTestServices): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/load-tests',
      role: 'viewer',
      summary: 'Genset runs (load tests, outages, exercises) as they were judged, latest first',
      input: { query: z.strictObject({ ...pageQuery, site: sitesQuery }) },
      output: page(loadTestSummary),
      csv: true,
      async handler({ query: { site, cursor, limit } }) {
        checkSiteFilter(site, model);
        const [before] = decodeCursor(cursor, z.tuple([z.number()])) ?? [];
        const rows = (await loadTests?.list({ site, before, limit: limit + 1 })) ?? [];
        return pageOf(rows, limit, { view: (row) => row, place: ({ from }) => [Date.parse(from)] });
      },
    }),
    endpoint({
      method: 'get',
      path: '/load-test-calendar',
      role: 'wall',
      summary: 'For every site the last completed load test, the next planned one and when one is due (WIB)',
      input: {},
      output: page(loadTestDueView),
      csv: true,
      async handler() {
        return { items: (await loadTests?.due()) ?? [], next: null };
      },
    }),
    endpoint({
      method: 'get',
      path: '/load-test-trends',
      role: 'viewer',
      summary: 'Start, voltage, fuel and recovery from test to test of a site, 36 months, earliest first',
      input: { query: z.strictObject({ site: z.string().min(1).max(100) }) },
      output: page(loadTestTrendItem),
      csv: true,
      heavy: true,
      async handler({ query: { site } }) {
        const sites = siteIds(model);
        if (!sites.includes(site)) throw badInput('query.site', unknownName('site', site, sites));
        return { items: (await loadTests?.trends(site)) ?? [], next: null };
      },
    }),
  ];
} // prettier-ignore
