import { z } from 'zod';
import type { Model } from '../../../config/model.ts';
import { siteIds } from '../../../config/lookup.ts';
import { unknownName } from '../../../core/names.ts';
import { page } from '../../contracts/common.ts';
import {
  loadTestDueView,
  loadTestSummary,
  loadTestView,
  type LoadTestView,
} from '../../contracts/load-tests.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { FileAnswer, fileOutput } from '../../http/file.ts';
import { decodeCursor, pageOf, pageQuery } from '../../http/page.ts';
import { badInput, notFound } from '../../http/problem.ts';
import { loadTestPdf } from '../../loadtest/report.ts';
import type { LoadTests } from '../../loadtest/service.ts';

export interface LoadTestServices {
  readonly model: Model;
  /** Absent: the installation has no criteria of load tests. */
  readonly loadTests?: LoadTests | undefined;
}

const params = z.strictObject({ id: z.string().min(1).max(100) });

/** Genset runs: load tests, outages, exercises. */
export function loadTestEndpoints({ model, loadTests }: LoadTestServices): Endpoint[] {
  async function found(id: string): Promise<LoadTestView> {
    const view = await loadTests?.get(id);
    if (view === undefined) throw notFound(`no load test ${id}`);
    return view;
  }
  return [
    endpoint({
      method: 'get',
      path: '/load-tests',
      role: 'viewer',
      summary: 'Genset runs (load tests, outages, exercises) as they were judged, latest first',
      input: { query: z.strictObject({ ...pageQuery, site: z.string().max(100).optional() }) },
      output: page(loadTestSummary),
      csv: true,
      async handler({ query: { site, cursor, limit } }) {
        const sites = siteIds(model);
        if (site !== undefined && !sites.includes(site))
          throw badInput('query.site', unknownName('site', site, sites));
        const [before] = decodeCursor(cursor, z.tuple([z.number()])) ?? [];
        const rows = (await loadTests?.list({ site, before, limit: limit + 1 })) ?? [];
        return pageOf(rows, limit, { view: (row) => row, place: ({ from }) => [Date.parse(from)] });
      },
    }),
    endpoint({
      method: 'get',
      path: '/load-test-calendar',
      role: 'wall',
      summary: 'For every site the last completed load test and when the next one is due (WIB)',
      input: {},
      output: page(loadTestDueView),
      csv: true,
      async handler() {
        return { items: (await loadTests?.due()) ?? [], next: null };
      },
    }),
    endpoint({
      method: 'get',
      path: '/load-tests/:id',
      role: 'viewer',
      summary: 'One run: phases, criteria, curves, coverage',
      input: { params },
      output: loadTestView,
      handler: ({ params: { id } }) => found(id),
    }),
    endpoint({
      method: 'get',
      path: '/load-tests/:id/report.pdf',
      role: 'viewer',
      summary: 'The report of a run to print, A4',
      input: { params, query: z.strictObject({ language: z.enum(['id', 'en']).default('id') }) },
      output: fileOutput,
      file: 'application/pdf',
      heavy: true,
      async handler({ params: { id }, query: { language } }) {
        const view = await found(id);
        const site = model.sites.find((each) => each.id === view.site);
        const body = await loadTestPdf(view, {
          language,
          siteName: site === undefined ? view.site : `${site.name}, ${site.building}`,
          isSimulated: model.field === 'simulated',
        });
        const word = language === 'id' ? 'uji-beban' : 'load-test';
        return new FileAnswer({ type: 'application/pdf', name: `${word}-${view.site}-${view.from.slice(0, 10)}.pdf`, body });
      },
    }),
  ];
} // prettier-ignore
