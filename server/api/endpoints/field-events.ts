import { z } from 'zod';
import type { Model } from '../../../config/model.ts';
import { iso } from '../../../core/time.ts';
import type { FieldEventRepository, FieldEventRow } from '../../access/field-events.ts';
import { page } from '../../contracts/common.ts';
import { fieldEventView, type FieldEventView } from '../../contracts/field-events.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { decodeCursor, pageOf, pageQuery } from '../../http/page.ts';
import { queryInstant } from '../../http/time.ts';
import { checkSiteFilter } from '../known.ts';

export interface FieldEventServices {
  readonly fieldEvents: Pick<FieldEventRepository, 'list'>;
  readonly model: Model;
}

const place = z.tuple([z.int(), z.string()]);
const attributes = fieldEventView.shape.attributes;

/** Events hold card numbers, which identify people: for operators. */
export function fieldEventEndpoint({ fieldEvents, model }: FieldEventServices): Endpoint {
  return endpoint({
    method: 'get',
    path: '/field-events',
    role: 'operator',
    summary: 'What happened at devices (badge reads, doors, their own logs), newest first',
    input: {
      query: z.strictObject({
        ...pageQuery,
        site: z.string().optional(),
        device: z.string().optional(),
        kind: z.string().optional(),
        from: queryInstant.optional(),
        to: queryInstant.optional(),
      }),
    },
    output: page(fieldEventView),
    csv: true,
    async handler({ query: { cursor, limit, ...filter } }) {
      checkSiteFilter(filter.site, model);
      const rows = await fieldEvents.list({
        ...filter,
        after: decodeCursor(cursor, place),
        limit: limit + 1,
      });
      return pageOf(rows, limit, { view, place: (row) => [row.at, row.id] });
    },
  });
}

function view(row: FieldEventRow): FieldEventView {
  return {
    id: row.id,
    source: `${row.site}/${row.device}`,
    at: iso(row.at),
    receivedAt: iso(row.received_at),
    kind: row.kind,
    attributes: attributes.parse(JSON.parse(row.attributes)),
  };
}
