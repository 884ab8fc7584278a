import type { LoadTestDocument } from '../contracts/load-test-document.ts';
import type { SignatureRow } from './dossier-repository.ts';

/** Who a report is for: a reader with the right `see-identities` gets the names of witnesses and signers, everybody else their initials. */
export interface Reader {
  readonly seesNames: boolean;
}

/** `Budi Santoso` → `B••• S•••`: who knows the person recognises it, and nobody else learns a name. */
function maskedName(name: string): string {
  return name
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => `${Array.from(word)[0] ?? ''}•••`)
    .join(' ');
}

export function documentFor({ seesNames }: Reader, document: LoadTestDocument): LoadTestDocument {
  const { plan } = document;
  if (seesNames || plan === null) return document;
  return { ...document, plan: { ...plan, witnesses: plan.witnesses.map(maskedName) } };
}

export function signaturesFor({ seesNames }: Reader, rows: readonly SignatureRow[]): readonly SignatureRow[] {
  if (seesNames) return rows;
  // What a signer answered names the person as well.
  return rows.map((row) => ({ ...row, signed_by: maskedName(row.signed_by), evidence: null }));
}
