import { z } from 'zod';
import type { Model } from '../../../config/model.ts';
import { exportTickets, mostExported } from '../../access/export.ts';
import { importTickets } from '../../access/import.ts';
import { UnreadableFile } from '../../access/import-read.ts';
import type { AccessService } from '../../access/service.ts';
import type { TicketRecord } from '../../access/repository.ts';
import { importInput, importReport } from '../../contracts/ticket-import.ts';
import { lookupInput } from '../../contracts/tickets.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { FileAnswer, fileOutput } from '../../http/file.ts';
import { ProblemError, badInput, unprocessable } from '../../http/problem.ts';
import { checkSiteFilter } from '../known.ts';
import { rightsGuard } from '../rights.ts';
import { periodOf, ticketFilter } from './tickets.ts';

const as = z.enum(['csv', 'xlsx']);
const filterSchema = z.object(ticketFilter);
type Filter = z.infer<typeof filterSchema>;
const types = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;
/** Mistakes that a refusal names; a dry run names all. */
const namedInRefusal = 100;

/** Tickets as files, in and out. */
export function ticketFileEndpoints({
  access,
  model,
}: {
  readonly access: AccessService;
  readonly model: Model;
}): Endpoint[] {
  const mustHold = rightsGuard(model);
  async function found({ from, to, ...filter }: Filter): Promise<TicketRecord[]> {
    checkSiteFilter(filter.site, model);
    const tickets = await access.list({ ...filter, ...periodOf({ from, to }), limit: mostExported + 1 });
    if (tickets.length > mostExported)
      throw badInput(
        'query',
        `finds more than ${mostExported} tickets; narrow it, for example by "from" and "to"`,
      );
    return tickets;
  }
  return [
    endpoint({
      method: 'get',
      path: '/tickets/export',
      role: 'viewer',
      summary: 'Tickets as a file, CSV or XLSX, in the columns of an import; identities masked',
      input: { query: z.strictObject({ ...ticketFilter, as: as.default('csv') }) },
      output: fileOutput,
      file: 'application/octet-stream',
      heavy: true,
      async handler({ query: { as: form, ...filter } }) {
        const body = await exportTickets(await found(filter), { model, as: form, withIdentities: false });
        return new FileAnswer({ type: types[form], name: `tiket.${form}`, body });
      },
    }),
    endpoint({
      method: 'post',
      path: '/tickets/export',
      role: 'viewer',
      summary:
        'The same with whole identities; a look-up of each ticket is recorded first (right "see-identities")',
      input: { body: z.strictObject({ ...ticketFilter, as: as.default('csv'), ...lookupInput.shape }) },
      output: fileOutput,
      file: 'application/octet-stream',
      heavy: true,
      async handler({ body: { as: form, reason, ...filter }, user }) {
        mustHold(user, 'see-identities');
        const tickets = await found(filter);
        await access.lookups.record({ tickets: tickets.map(({ id }) => id), user: user.name, reason });
        const body = await exportTickets(tickets, { model, as: form, withIdentities: true });
        return new FileAnswer({ type: types[form], name: `tiket-dengan-identitas.${form}`, body });
      },
    }),
    endpoint({
      method: 'post',
      path: '/tickets/import',
      role: 'operator',
      summary:
        'Import tickets from CSV (UTF-8) or XLSX, at most 10 MB and 2,000 rows. A dry run unless told otherwise; every bad row is named',
      input: { body: importInput },
      output: importReport,
      // Ten megabytes in base64.
      bodyLimit: '14mb',
      heavy: true,
      async handler({ body: { data, dryRun, onlyGood }, user }) {
        try {
          const bytes = Buffer.from(data, 'base64');
          const report = await importTickets({ bytes, dryRun, onlyGood, user: user.name }, { model, access });
          if (!dryRun && !onlyGood && report.bad > 0)
            throw unprocessable(
              report.mistakes.slice(0, namedInRefusal).map(({ row, column, code, message }) => ({
                path: `row ${row}, ${column}`,
                message,
                code,
              })),
            );
          return report;
        } catch (error) {
          if (error instanceof UnreadableFile)
            throw new ProblemError(422, {
              detail: error.message,
              errors: [{ path: 'body.data', message: error.message, code: 'unreadable' }],
              cause: error,
            });
          throw error;
        }
      },
    }),
  ];
}
