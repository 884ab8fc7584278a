import { z } from 'zod';
import { siteIds } from '../../../config/lookup.ts';
import type { Model } from '../../../config/model.ts';
import { unknownName } from '../../../core/names.ts';
import type { AccessService } from '../../access/service.ts';
import { instant, page } from '../../contracts/common.ts';
import {
  loadTestCheckInput,
  loadTestPlanInput,
  loadTestPlanView,
  reasonInput,
} from '../../contracts/load-test-plans.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { badInput, conflict, notFound } from '../../http/problem.ts';
import { PlanRefused, type LoadTestPlans } from '../../loadtest/plans.ts';
import type { LoadTests } from '../../loadtest/service.ts';
import { checkSiteFilter, sitesQuery } from '../known.ts';

export interface LoadTestPlanServices {
  readonly model: Model;
  /** Absent: the installation has no criteria of load tests. */
  readonly loadTests?: Pick<LoadTests, 'plans'> | undefined;
  readonly access: Pick<AccessService, 'get'>;
}

const params = z.strictObject({ id: z.string().min(1).max(100) });

/** Planned load tests: the window declares the test ahead, so that its alarms are expected while it lasts. */
export function loadTestPlanEndpoints({ model, loadTests, access }: LoadTestPlanServices): Endpoint[] {
  function plans(): LoadTestPlans {
    if (loadTests === undefined)
      throw notFound('no criteria of load tests: add loadtest/default.yaml to the configuration');
    return loadTests.plans;
  }
  function checkSite(site: string, path: string): void {
    const sites = siteIds(model);
    if (!sites.includes(site)) throw badInput(path, unknownName('site', site, sites));
  }
  async function done<Result>(id: string, work: Promise<Result | undefined>): Promise<Result> {
    const result = await work.catch(refused);
    if (result === undefined) throw notFound(`no planned load test ${id}`);
    return result;
  }
  return [
    endpoint({
      method: 'get',
      path: '/load-test-plans',
      role: 'viewer',
      summary: 'Planned load tests whose windows touch a time, earliest first',
      input: {
        query: z.strictObject({
          site: sitesQuery,
          from: instant.optional(),
          to: instant.optional(),
        }),
      },
      output: page(loadTestPlanView),
      csv: true,
      async handler({ query: { site, from, to } }) {
        checkSiteFilter(site, model);
        const items = await plans().list({
          site,
          ...(from === undefined ? {} : { from: Date.parse(from) }),
          ...(to === undefined ? {} : { to: Date.parse(to) }),
        });
        return { items, next: null };
      },
    }),
    endpoint({
      method: 'post',
      path: '/load-test-plans',
      role: 'operator',
      summary: 'Plan a load test of a site, for 24 hours at most; its alarms are expected in its window',
      input: { body: loadTestPlanInput },
      output: loadTestPlanView,
      status: 201,
      async handler({ body: { site, from, to, witnesses, ticket, note }, user }) {
        checkSite(site, 'body.site');
        if (ticket !== undefined) {
          const found = await access.get(ticket, 'viewer');
          if (found === undefined) throw badInput('body.ticket', `there is no ticket ${ticket}`);
          if (found.site !== site) throw badInput('body.ticket', `ticket ${ticket} is of ${found.site}`);
        }
        const window = { from: Date.parse(from), to: Date.parse(to) };
        return plans()
          .add({ ...window, site, witnesses, ticket: ticket ?? null, note: note ?? null }, user.name)
          .catch(refused);
      },
    }),
    endpoint({
      method: 'post',
      path: '/load-test-plans/:id/cancel',
      role: 'operator',
      summary: 'Cancel a planned load test; its window is no longer declared',
      input: { params, body: reasonInput },
      output: loadTestPlanView,
      handler: ({ params: { id }, body: { reason }, user }) =>
        done(id, plans().cancel(id, { actor: user.name, reason })),
    }),
    endpoint({
      method: 'post',
      path: '/load-test-plans/:id/checks',
      role: 'operator',
      summary: 'Tick an item of the checklist before the test, or take the tick back',
      input: { params, body: loadTestCheckInput },
      output: loadTestPlanView,
      handler: ({ params: { id }, body, user }) => done(id, plans().check(id, body, user.name)),
    }),
  ];
}

function refused(error: unknown): never {
  if (!(error instanceof PlanRefused)) throw error;
  throw error.field === undefined ? conflict(error.message) : badInput(`body.${error.field}`, error.message);
}
