import { iso } from '../../core/time.ts';
import type { ComplianceDocumentView } from '../contracts/compliance.ts';
import { documentState, type DocumentRow } from './documents.ts';
import type { DocumentKind } from './service.ts';

/** A document as the page and the reports show it. A kind that the catalogue does not have any more keeps its own name. */
export function documentView(row: DocumentRow, kinds: readonly DocumentKind[], now: number): ComplianceDocumentView {
  const kind = kinds.find((each) => each.site.id === row.site && each.proof.document === row.kind);
  const { withdrawn_at: at, withdrawn_by: by, withdrawn_why: why } = row;
  return {
    id: row.id,
    site: row.site,
    row: kind?.row.row ?? '',
    kind: row.kind,
    kindName: kind?.proof.name ?? { id: row.kind, en: row.kind },
    clause: kind?.row.clause ?? '',
    name: row.name,
    type: row.type,
    bytes: row.bytes,
    sha256: row.sha256,
    note: row.note,
    validFrom: iso(row.valid_from),
    expiresAt: iso(row.expires_at),
    state: documentState(row, now, kind?.proof.remindBeforeMs ?? 0),
    addedAt: iso(row.added_at),
    addedBy: row.added_by,
    withdrawn: at === null ? null : { at: iso(at), by: by ?? '', why: why ?? '' },
  };
} // prettier-ignore
