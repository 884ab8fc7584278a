import { z } from 'zod';
import type { Model } from '../../../config/model.ts';
import type { Clock } from '../../../core/clock.ts';
import { iso } from '../../../core/time.ts';
import { breachBody, breachFacts, breachLookups, type BreachPeriod } from '../../access/persons/breach.ts';
import { breachLookup, breachView, type BreachView } from '../../contracts/breach.ts';
import { page } from '../../contracts/common.ts';
import type { ReportView } from '../../contracts/handling.ts';
import type { Database } from '../../db/schema.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { FileAnswer, fileOutput } from '../../http/file.ts';
import { pageOfArray, pageQuery } from '../../http/page.ts';
import { badInput, notFound } from '../../http/problem.ts';
import { queryInstant } from '../../http/time.ts';
import type { Reports } from '../../incidents/reports.ts';
import { rightsGuard } from '../rights.ts';

export interface BreachServices {
  readonly model: Model;
  readonly clock: Pick<Clock, 'now'>;
  readonly db: Database;
  readonly reports: Pick<Reports, 'list' | 'kinds'>;
}

const id = z.string().min(1).max(100);
const params = z.strictObject({ id, kind: id });
const period = { from: queryInstant, to: queryInstant };
const longestMs = 366 * 86_400_000;

/** The package that a notice on personal data is written from, beside its report; for authorised persons. */
export function breachEndpoints({ model, clock, db, reports }: BreachServices): Endpoint[] {
  const mustHold = rightsGuard(model);
  async function reportOf(incident: string, kind: string): Promise<ReportView> {
    const report = (await reports.list(incident)).find((each) => each.kind === kind);
    if (report === undefined) throw notFound(`this incident has no report ${kind}`);
    if (!report.personalData) throw notFound(`report ${kind} is not about personal data`);
    return report;
  }
  function checked({ from, to }: BreachPeriod): BreachPeriod {
    if (to <= from) throw badInput('query.to', 'must be after "from"');
    if (to - from > longestMs) throw badInput('query.to', 'at most 366 days after "from"');
    return { from, to };
  }
  async function viewOf(incident: string, report: ReportView, asked: BreachPeriod): Promise<BreachView> {
    const body = breachBody(await breachFacts(db, asked));
    return {
      incident,
      clause: report.clause,
      knownAt: report.knownAt,
      dueAt: report.dueAt,
      sentAt: report.sent?.at ?? null,
      madeAt: iso(clock.now()),
      from: iso(asked.from),
      to: iso(asked.to),
      ...body,
    };
  }

  return [
    endpoint({
      method: 'get',
      path: '/incidents/:id/reports/:kind/breach',
      role: 'operator',
      summary: 'Who saw whose personal data in a period, which fields, and what was held: the package of a notice (right "statutory-reports")',
      input: { params, query: z.strictObject(period) },
      output: breachView,
      heavy: true,
      async handler({ params: { id: incident, kind }, query, user }) {
        mustHold(user, 'statutory-reports');
        return viewOf(incident, await reportOf(incident, kind), checked(query));
      },
    }),
    endpoint({
      method: 'get',
      path: '/incidents/:id/reports/:kind/breach/lookups',
      role: 'operator',
      summary: 'The look-ups of identities of that package, one a row; CSV with format=csv (right "statutory-reports")',
      input: { params, query: z.strictObject({ ...pageQuery, ...period }) },
      output: page(breachLookup),
      csv: true,
      async handler({ params: { id: incident, kind }, query: { from, to, ...paging }, user }) {
        mustHold(user, 'statutory-reports');
        await reportOf(incident, kind);
        return pageOfArray(breachLookups(await breachFacts(db, checked({ from, to }))), paging, (row) => row);
      },
    }),
    endpoint({
      method: 'get',
      path: '/incidents/:id/reports/:kind/breach/file',
      role: 'operator',
      summary: 'That package as a PDF with the time that the law leaves (right "statutory-reports")',
      input: { params, query: z.strictObject({ ...period, language: z.enum(['id', 'en']).default('id') }) },
      output: fileOutput,
      file: 'application/pdf',
      heavy: true,
      async handler({ params: { id: incident, kind }, query: { language, ...asked }, user }) {
        mustHold(user, 'statutory-reports');
        const view = await viewOf(incident, await reportOf(incident, kind), checked(asked));
        const { breachPdf } = await import('../../access/persons/breach-pdf.ts');
        const body = await breachPdf(view, { language, now: clock.now(), isSimulated: model.field === 'simulated' });
        return new FileAnswer({ type: 'application/pdf', name: `paket-${kind}-${incident}.pdf`, body });
      },
    }),
  ];
} // prettier-ignore
