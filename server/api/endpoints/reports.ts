import { z } from 'zod';
import { siteIds } from '../../../config/lookup.ts';
import type { Model } from '../../../config/model.ts';
import type { Clock } from '../../../core/clock.ts';
import { monthOf, monthPattern, monthRange } from '../../compliance/months.ts';
import { operationsView, type OperationsView } from '../../contracts/operations.ts';
import { reportInput, reportKind, reportsView, reportView } from '../../contracts/reports.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { FileAnswer, fileOutput } from '../../http/file.ts';
import { badInput, conflict, notFound, ProblemError } from '../../http/problem.ts';
import { fromStore } from '../../http/store.ts';
import { ReportDamaged } from '../../reports/kept.ts';
import { ReportRefused, type MonthlyReportService } from '../../reports/service.ts';
import { checkFilter } from '../known.ts';
import { monthInput } from './compliance.ts';

export interface MonthlyReportServices {
  readonly model: Model;
  readonly clock: Pick<Clock, 'now'>;
  readonly monthlyReports: MonthlyReportService;
  readonly operations: (month: string, signal?: AbortSignal) => Promise<OperationsView>;
}

const id = z.string().min(1).max(100);

/** Monthly reports: what was made, its files, and another revision. */
export function reportEndpoints({ model, clock, monthlyReports, operations }: MonthlyReportServices): Endpoint[] {
  const checkSite = (site: string | undefined, path: string): void =>
    checkFilter(site, { path, kind: 'site', known: () => siteIds(model) });

  return [
    endpoint({
      method: 'get',
      path: '/reports',
      role: 'viewer',
      summary: 'Monthly reports that were made, the newest first, with their files and whom they were sent to',
      input: { query: z.strictObject({ kind: reportKind.optional(), site: id.optional(), month: monthInput.optional() }) },
      output: reportsView,
      csv: true,
      async handler({ query }) {
        checkSite(query.site, 'query.site');
        const { schedule } = monthlyReports;
        return { items: await monthlyReports.list(query), next: null, making: schedule.making(), problem: schedule.problem(), unsent: monthlyReports.unsent() };
      },
    }),
    endpoint({
      method: 'post',
      path: '/reports',
      role: 'manager',
      summary: 'Make the report of a month that is over again, with the reason: another revision; the earlier ones stay',
      input: { body: reportInput },
      output: reportView,
      status: 201,
      heavy: true,
      async handler({ body, user }) {
        if (!monthPattern.test(body.month)) throw badInput('body.month', 'a month such as "2026-10"');
        if (clock.now() < monthRange(body.month).to) throw conflict(`${body.month} is not over; GET /compliance shows it as it is now`);
        if (body.kind === 'compliance' && body.site === undefined) throw badInput('body.site', 'name the site: each has its own report');
        if (body.kind === 'operations' && body.site !== undefined) throw badInput('body.site', 'leave it out: the report is of all sites');
        checkSite(body.site, 'body.site');
        try {
          return await monthlyReports.make(body.kind, { site: body.site ?? '', month: body.month, madeBy: user.name, reason: body.reason ?? null });
        } catch (cause) {
          if (cause instanceof ReportRefused) throw conflict(cause.message);
          throw cause;
        }
      },
    }),
    endpoint({
      method: 'get',
      path: '/reports/:id',
      role: 'viewer',
      summary: 'One monthly report',
      input: { params: z.strictObject({ id }) },
      output: reportView,
      async handler({ params }) {
        const found = await monthlyReports.find(params.id);
        if (found === undefined) throw notFound(`there is no report ${params.id}`);
        return found;
      },
    }),
    endpoint({
      method: 'get',
      path: '/reports/:id/files/:name',
      role: 'viewer',
      summary: 'A file of a report, to be saved: PDF or XLSX, as it was made',
      input: { params: z.strictObject({ id, name: z.string().min(1).max(200) }) },
      output: fileOutput,
      file: 'application/octet-stream',
      async handler({ params }) {
        try {
          const found = await monthlyReports.kept.file(params.id, params.name);
          if (found === undefined) throw notFound(`report ${params.id} has no file ${params.name}`);
          return new FileAnswer({ type: found.row.type, name: found.row.name, body: found.bytes });
        } catch (cause) {
          if (cause instanceof ReportDamaged) throw new ProblemError(410, { detail: cause.message, cause });
          throw cause;
        }
      },
    }),
    endpoint({
      method: 'get',
      path: '/operations',
      role: 'viewer',
      summary: 'The operations of all sites in a month of WIB: incidents with their SLA, availability, PUE, fuel, alarm system; this month unless told otherwise',
      input: { query: z.strictObject({ month: monthInput.optional() }) },
      output: operationsView,
      heavy: true,
      async handler({ query: { month: asked = monthOf(clock.now()) }, signal }) {
        if (asked > monthOf(clock.now())) throw badInput('query.month', 'has not begun yet');
        return fromStore(operations(asked, signal));
      },
    }),
  ];
} // prettier-ignore
