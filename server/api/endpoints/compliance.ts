import { z } from 'zod';
import { siteIds } from '../../../config/lookup.ts';
import type { Model } from '../../../config/model.ts';
import { unknownName } from '../../../core/names.ts';
import { dayMs, wibStart } from '../../../core/wib.ts';
import type { Clock } from '../../../core/clock.ts';
import { FileRefused } from '../../../core/receive-file.ts';
import { page } from '../../contracts/common.ts';
import {
  complianceDocumentInput, complianceDocumentView, complianceProgressView, complianceView, documentKindView, type ComplianceDocumentView,
} from '../../contracts/compliance.ts'; // prettier-ignore
import { documentView } from '../../compliance/document-view.ts';
import {
  DocumentMissing,
  DocumentRefused,
  mostDocumentBytes,
  type DocumentRow,
} from '../../compliance/documents.ts';
import { monthOf, monthPattern } from '../../compliance/months.ts';
import type { ComplianceService, DocumentKind } from '../../compliance/service.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { FileAnswer, fileOutput } from '../../http/file.ts';
import { badInput, conflict, notFound, ProblemError } from '../../http/problem.ts';
import { uploadProblem } from '../../http/upload.ts';
import { paperTypes } from '../../incidents/file-type.ts';
import { fromStore } from '../../http/store.ts';
import { checkFilter } from '../known.ts';

export interface ComplianceServices {
  readonly model: Model;
  readonly clock: Pick<Clock, 'now'>;
  /** Absent: the standard in force has no file in `compliance/`. */
  readonly compliance?: ComplianceService | undefined;
}

export const monthInput = z.string().regex(monthPattern, 'a month such as "2026-10"');
const siteInput = z.string().min(1).max(100);
const idParams = z.strictObject({ id: z.string().min(1).max(100) });

/** BAB IV as a live page: every row, how it is proven, and the documents that prove what no sensor measures. */
export function complianceEndpoints({ model, clock, compliance }: ComplianceServices): Endpoint[] {
  function service(): ComplianceService {
    if (compliance === undefined)
      throw notFound(
        'the standard of pantau.yaml has no file in compliance/: add one that says how its rows are proven',
      );
    return compliance;
  }
  function checkSite(site: string, path: string): void {
    const names = siteIds(model);
    checkFilter(site, { path, kind: 'site', known: () => names });
  }
  function kindOf(site: string, kind: string): DocumentKind | undefined {
    return service()
      .documentKinds()
      .find((each) => each.site.id === site && each.proof.document === kind);
  }
  const viewOf = (row: DocumentRow): ComplianceDocumentView =>
    documentView(row, service().documentKinds(), clock.now());
  /** The page shows at once what the document changes. */
  async function changed(): Promise<void> {
    service().forget();
    await service().monitor.judge();
  }

  return [
    endpoint({
      method: 'get',
      path: '/compliance',
      role: 'viewer',
      summary:
        'BAB IV of one site in a month of WIB (this one unless told otherwise): every row with its rule, verdict, share of the month and worst case; the proofs of each row beside them',
      input: { query: z.strictObject({ site: siteInput, month: monthInput.optional() }) },
      output: complianceView,
      csv: true,
      heavy: true,
      async handler({ query: { site, month = monthOf(clock.now()) } }) {
        checkSite(site, 'query.site');
        if (month > monthOf(clock.now())) throw badInput('query.month', 'has not begun yet');
        return fromStore(service().month(site, month));
      },
    }),
    endpoint({
      method: 'get',
      path: '/compliance/progress',
      role: 'viewer',
      summary: 'Months that are being measured, and how many of their points are done',
      input: {},
      output: complianceProgressView,
      handler: () => ({ items: [...service().progress()], problem: service().monitor.problem() ?? null }),
    }),
    endpoint({
      method: 'get',
      path: '/compliance/document-kinds',
      role: 'viewer',
      summary: 'The documents that rows of BAB IV are proven by, for each site',
      input: {},
      output: page(documentKindView),
      csv: true,
      handler: () => ({
        items: service().documentKinds().map(({ site, row, proof }) => ({
          site: site.id, row: row.row, clause: row.clause, kind: proof.document, name: proof.name, rule: row.rule,
          remindDays: Math.round(proof.remindBeforeMs / dayMs),
        })),
        next: null,
      }),
    }),
    endpoint({
      method: 'get',
      path: '/compliance/documents',
      role: 'viewer',
      summary: 'Documents that were uploaded, the newest first, with what has expired and what was withdrawn',
      input: { query: z.strictObject({ site: siteInput.optional() }) },
      output: page(complianceDocumentView),
      csv: true,
      async handler({ query: { site } }) {
        if (site !== undefined) checkSite(site, 'query.site');
        return { items: (await service().documents.list(site)).map(viewOf), next: null };
      },
    }),
    endpoint({
      method: 'post',
      path: '/compliance/documents',
      role: 'manager',
      summary: 'Upload a document of at most 10 MB: PDF, PNG or JPEG, told by its content; it counts from its first day to its last',
      input: { query: complianceDocumentInput },
      output: complianceDocumentView,
      status: 201,
      upload: { types: paperTypes, mostBytes: mostDocumentBytes },
      heavy: true,
      async handler({ query, incoming, user }) {
        checkSite(query.site, 'query.site');
        if (kindOf(query.site, query.kind) === undefined) {
          const kinds = [...new Set(service().documentKinds().map(({ proof }) => proof.document))];
          throw badInput('query.kind', unknownName('document', query.kind, kinds));
        }
        const row = await refused(service().documents.add({
          site: query.site,
          kind: query.kind,
          name: query.name,
          incoming,
          validFrom: wibStart(query.validFrom, '00:00'),
          expiresAt: wibStart(query.validTo, '00:00') + dayMs,
          note: query.note,
          actor: user.name,
        }));
        await changed();
        return viewOf(row);
      },
    }),
    endpoint({
      method: 'get',
      path: '/compliance/documents/:id/file',
      role: 'viewer',
      summary: 'One document, to be saved',
      input: { params: idParams },
      output: fileOutput,
      file: 'application/octet-stream',
      async handler({ params: { id } }) {
        try {
          const known = await service().documents.read(id);
          if (known === undefined) throw notFound(`there is no document ${id}`);
          return new FileAnswer({ type: known.row.type, name: known.row.name, body: known.bytes });
        } catch (cause) {
          if (cause instanceof DocumentMissing) throw new ProblemError(410, { detail: cause.message, cause });
          throw cause;
        }
      },
    }),
    endpoint({
      method: 'post',
      path: '/compliance/documents/:id/withdraw',
      role: 'manager',
      summary: 'Withdraw a document that was uploaded by mistake, with the reason; it does not count any more and stays to be seen',
      input: { params: idParams, body: z.strictObject({ why: z.string().trim().min(3).max(500) }) },
      output: complianceDocumentView,
      async handler({ params: { id }, body: { why }, user }) {
        try {
          const row = await service().documents.withdraw(id, { actor: user.name, why });
          if (row === undefined) throw notFound(`there is no document ${id}`);
          await changed();
          return viewOf(row);
        } catch (cause) {
          if (cause instanceof DocumentRefused) throw conflict(`document ${id} ${cause.message}`);
          throw cause;
        }
      },
    }),
  ];
} // prettier-ignore

async function refused<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof FileRefused) throw uploadProblem(cause);
    if (cause instanceof DocumentRefused) throw conflict(cause.message);
    throw cause;
  }
}
