import { z } from 'zod';
import type { StatutoryReport } from '../../config/schema/statutory.ts';
import type { Clock } from '../../core/clock.ts';
import { iso } from '../../core/time.ts';
import { formats } from '../../domain/format/format.ts';
import type { IncidentView } from '../contracts/incidents.ts';
import type { ReportView } from '../contracts/handling.ts';
import type { Database, Schema } from '../db/schema.ts';
import { HandlingRefused, type Handling } from './handling.ts';

type Row = Schema['incident_report'];
type Texts = Readonly<Record<string, string>>;

/** What the law asks to be told of an incident. Undefined: no such incident or report. Rejects with HandlingRefused. */
export interface Reports {
  readonly kinds: readonly StatutoryReport[];
  list(incident: string): Promise<ReportView[]>;
  /** `knownAt`: when it became known, epoch ms. */
  open(
    incident: IncidentView,
    by: { readonly kind: string; readonly actor: string; readonly knownAt: number },
  ): Promise<ReportView>;
  save(
    incident: string,
    by: { readonly kind: string; readonly actor: string; readonly texts: Texts; readonly version: number },
  ): Promise<ReportView | undefined>;
  send(
    incident: string,
    by: { readonly kind: string; readonly actor: string; readonly receipt: string | null },
  ): Promise<ReportView | undefined>;
}

export function createReports(options: {
  readonly db: Database;
  readonly kinds: readonly StatutoryReport[];
  readonly handling: Pick<Handling, 'amend'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly newId: (at: number) => string;
}): Reports {
  const { db, kinds, handling, clock, newId } = options;
  const byKind = new Map(kinds.map((each) => [each.report, each]));

  const rows = (incident: string): Promise<Row[]> =>
    db.selectFrom('incident_report').selectAll().where('incident', '=', incident).orderBy('id').execute();
  const find = async (incident: string, kind: string): Promise<Row | undefined> =>
    (await rows(incident)).find((row) => row.kind === kind);
  const viewOf = (row: Row): ReportView => reportOf(row, byKind.get(row.kind));

  /** False: somebody else was first. */
  async function replace(row: Row, change: Partial<Row>): Promise<Row> {
    const next = { ...row, ...change, version: row.version + 1 };
    const { numUpdatedRows } = await db
      .updateTable('incident_report')
      .set(next)
      .where('id', '=', row.id)
      .where('version', '=', row.version)
      .executeTakeFirst();
    if (numUpdatedRows !== 1n) throw new HandlingRefused(overtaken);
    return next;
  }

  async function mustBeDraft(incident: string, kind: string): Promise<Row | undefined> {
    const row = await find(incident, kind);
    if (row?.state === 'sent')
      throw new HandlingRefused(`it was sent by ${row.sent_by ?? ''}, and what was sent is not changed`);
    return row;
  }

  return {
    kinds,
    list: async (incident) => (await rows(incident)).map(viewOf),
    async open(incident, { kind, actor, knownAt }) {
      const definition = byKind.get(kind);
      if (definition === undefined) throw new HandlingRefused(`there is no report "${kind}"`);
      if ((await find(incident.id, kind)) !== undefined) throw new HandlingRefused('it is open already');
      const at = clock.now();
      const texts = Object.fromEntries(
        definition.fields.map(({ field, prefill }) => [field, prefill === undefined ? '' : prefilled(incident, prefill)]),
      );
      const row: Row = {
        id: newId(at),
        incident: incident.id,
        kind,
        known_at: knownAt,
        due_at: knownAt + definition.within,
        fields: JSON.stringify(texts),
        state: 'draft',
        opened_at: at,
        opened_by: actor,
        saved_at: null,
        saved_by: null,
        sent_at: null,
        sent_by: null,
        receipt: null,
        version: 1,
      };
      await db.insertInto('incident_report').values(row).execute();
      await handling.amend(incident.id, () => ({
        change: {},
        event: { at, kind: 'report-opened', actor, note: definition.clause },
      }));
      return viewOf(row);
    },
    async save(incident, { kind, actor, texts, version }) {
      const row = await mustBeDraft(incident, kind);
      if (row === undefined) return undefined;
      if (row.version !== version) throw new HandlingRefused(overtaken);
      const fields = JSON.stringify({ ...textsOf(row), ...texts });
      return viewOf(await replace(row, { fields, saved_at: clock.now(), saved_by: actor }));
    },
    async send(incident, { kind, actor, receipt }) {
      const row = await mustBeDraft(incident, kind);
      if (row === undefined) return undefined;
      const view = viewOf(row);
      const missing = view.fields.filter(({ required, text }) => required && text.trim() === '');
      if (missing.length > 0)
        throw new HandlingRefused(`these are empty: ${missing.map(({ name }) => name.en).join(', ')}`);
      const at = clock.now();
      const sent = await replace(row, { state: 'sent', sent_at: at, sent_by: actor, receipt });
      await handling.amend(incident, () => ({
        change: {},
        event: { at, kind: 'report-sent', actor, note: `${view.clause}${receipt === null ? '' : ` (${receipt})`}` },
      }));
      return viewOf(sent);
    },
  };
} // prettier-ignore

const overtaken = 'somebody else has saved it meanwhile; load it again, then save';

/** In the language of the authorities. */
function prefilled(
  { title, openedAt, returnedAt, resolvedAt, timeline, services, resolution }: IncidentView,
  what: NonNullable<StatutoryReport['fields'][number]['prefill']>,
): string {
  const moment = (at: string): string => `${formats.id.moment(Date.parse(at))} WIB`;
  switch (what) {
    case 'title':
      return title.id;
    case 'services':
      return services.map(({ service, name }) => `${service} ${name}`).join('\n');
    case 'resolution':
      return resolution === null ? '' : `${resolution.cause}\n${resolution.remedy}`;
    case 'chronology':
      return [
        `${moment(openedAt)}: ${title.id}`,
        ...timeline.flatMap(({ at, kind, note }) => (kind === 'noted' && note !== null ? [`${moment(at)}: ${note}`] : [])),
        ...(returnedAt === null ? [] : [`${moment(returnedAt)}: kondisi pulih`]),
        ...(resolvedAt === null ? [] : [`${moment(resolvedAt)}: selesai`]),
      ].join('\n');
  }
} // prettier-ignore

const texts = z.record(z.string(), z.string());

function textsOf({ fields }: Pick<Row, 'fields'>): Record<string, string> {
  return texts.parse(JSON.parse(fields));
}

/** A report whose definition has left the library shows its fields by their ids. */
function reportOf(row: Row, definition: StatutoryReport | undefined): ReportView {
  const written = textsOf(row);
  const unnamed = { id: row.kind, en: row.kind };
  const fields =
    definition?.fields ??
    Object.keys(written).map((field) => ({ field, name: { id: field, en: field }, required: false }));
  return {
    kind: row.kind,
    name: definition?.name ?? unnamed,
    clause: definition?.clause ?? row.kind,
    to: definition?.to ?? unnamed,
    personalData: definition?.personalData ?? false,
    fields: fields.map(({ field, name, required, ...more }) => ({
      field,
      name,
      required,
      help: 'help' in more ? (more.help ?? null) : null,
      text: written[field] ?? '',
    })),
    knownAt: iso(row.known_at),
    dueAt: iso(row.due_at),
    state: row.state,
    opened: { at: iso(row.opened_at), by: row.opened_by },
    saved: row.saved_at === null ? null : { at: iso(row.saved_at), by: row.saved_by ?? '' },
    sent: row.sent_at === null ? null : { at: iso(row.sent_at), by: row.sent_by ?? '', receipt: row.receipt },
    version: row.version,
  };
}
