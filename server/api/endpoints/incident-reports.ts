import { z } from 'zod';
import type { Model } from '../../../config/model.ts';
import type { Clock } from '../../../core/clock.ts';
import { instant } from '../../contracts/common.ts';
import { reportsView, reportView, type ReportView } from '../../contracts/handling.ts';
import { incidentView } from '../../contracts/incidents.ts';
import { decideDisaster } from '../../incidents/disaster.ts';
import type { Reports } from '../../incidents/reports.ts';
import type { IncidentService } from '../../incidents/service.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { rightsGuard } from '../rights.ts';
import { FileAnswer, fileOutput } from '../../http/file.ts';
import { badInput, notFound } from '../../http/problem.ts';
import { found, refused } from './incident-refusals.ts';

const id = z.string().min(1).max(100);
const params = z.strictObject({ id });
const reportParams = z.strictObject({ id, kind: id });
/** `knownAt`: when it became known; when the incident was opened, unless told. */
const openInput = z.strictObject({ kind: id, knownAt: instant.optional() });
const saveInput = z.strictObject({ fields: z.record(id, z.string().max(20_000)), version: z.int() });
const sendInput = z.strictObject({ receipt: z.string().trim().min(1).max(200).nullable() });
const decisionInput = z.strictObject({
  decision: z.enum(['declare', 'reject']),
  reason: z.string().trim().min(1).max(500),
});

interface Services {
  readonly model: Model;
  readonly clock: Pick<Clock, 'now'>;
  readonly incidents: Pick<IncidentService, 'get' | 'handling'>;
  readonly reports: Reports;
}

/** What only authorised persons do: declaring a *Bencana TIK*, and reporting an incident as the law asks. */
export function incidentReportEndpoints({ model, clock, incidents, reports }: Services): Endpoint[] {
  const mustHold = rightsGuard(model);
  function known(kind: string, report: ReportView | undefined): ReportView {
    if (report === undefined) throw notFound(`this incident has no report ${kind}`);
    return report;
  }
  const find = async (incident: string, kind: string): Promise<ReportView> =>
    known(kind, (await reports.list(incident)).find((each) => each.kind === kind));

  return [
    endpoint({
      method: 'post',
      path: '/incidents/:id/disaster',
      role: 'operator',
      summary: 'Declare an incident a Bencana TIK, or reject it, with a reason; for authorised persons',
      input: { params, body: decisionInput },
      output: incidentView,
      async handler({ params: { id: incident }, body, user }) {
        mustHold(user, 'declare-disaster');
        const rules = { resolve: model.standard.priorities.resolve, calendars: model.calendars };
        const context = { id: incident, rules, now: clock.now() };
        const decision = { ...body, actor: user.name };
        return found(incident, await refused(decideDisaster(incidents.handling, context, decision)));
      },
    }),
    endpoint({
      method: 'get',
      path: '/incidents/:id/reports',
      role: 'operator',
      summary: 'Reports that the law asks for, with their running times, and those that can be opened',
      input: { params },
      output: reportsView,
      async handler({ params: { id: incident } }) {
        const list = await reports.list(incident);
        const open = new Set(list.map(({ kind }) => kind));
        return {
          reports: list,
          possible: reports.kinds
            .filter(({ report }) => !open.has(report))
            .map(({ report, name, clause, within }) => ({ kind: report, name, clause, withinMs: within })),
        };
      },
    }),
    endpoint({
      method: 'post',
      path: '/incidents/:id/reports',
      role: 'operator',
      summary: 'Open a report on an incident, filled in as far as the incident tells; for authorised persons',
      input: { params, body: openInput },
      output: reportView,
      status: 201,
      async handler({ params: { id: incident }, body: { kind, knownAt }, user }) {
        mustHold(user, 'statutory-reports');
        const view = found(incident, await incidents.get(incident));
        const at = Date.parse(knownAt ?? view.openedAt);
        if (at > clock.now()) throw badInput('body.knownAt', 'a time that has been');
        if (!reports.kinds.some(({ report }) => report === kind))
          throw badInput('body.kind', `one of ${reports.kinds.map(({ report }) => report).join(', ')}`);
        return refused(reports.open(view, { kind, actor: user.name, knownAt: at }));
      },
    }),
    endpoint({
      method: 'post',
      path: '/incidents/:id/reports/:kind/save',
      role: 'operator',
      summary: 'Save the fields of a draft; 409 when somebody else has saved it meanwhile',
      input: { params: reportParams, body: saveInput },
      output: reportView,
      async handler({ params: { id: incident, kind }, body: { fields, version }, user }) {
        mustHold(user, 'statutory-reports');
        const names = new Set((await find(incident, kind)).fields.map(({ field }) => field));
        const foreign = Object.keys(fields).find((name) => !names.has(name));
        if (foreign !== undefined) throw badInput(`body.fields.${foreign}`, `one of ${[...names].join(', ')}`);
        const by = { kind, actor: user.name, texts: fields, version };
        return known(kind, await refused(reports.save(incident, by)));
      },
    }),
    endpoint({
      method: 'post',
      path: '/incidents/:id/reports/:kind/send',
      role: 'operator',
      summary: 'Record that a report was sent, with the number of its receipt; nothing of it changes afterwards',
      input: { params: reportParams, body: sendInput },
      output: reportView,
      async handler({ params: { id: incident, kind }, body: { receipt }, user }) {
        mustHold(user, 'statutory-reports');
        return known(kind, await refused(reports.send(incident, { kind, actor: user.name, receipt })));
      },
    }),
    endpoint({
      method: 'get',
      path: '/incidents/:id/reports/:kind/file',
      role: 'operator',
      summary: 'One report as a file of JSON',
      input: { params: reportParams },
      output: fileOutput,
      file: 'application/json',
      async handler({ params: { id: incident, kind } }) {
        const report = await find(incident, kind);
        const body = JSON.stringify({ incident, ...report }, undefined, 2);
        return new FileAnswer({ type: 'application/json', name: `${kind}-${incident}.json`, body });
      },
    }),
  ];
} // prettier-ignore
