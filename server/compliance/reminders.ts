import { formats } from '../../domain/format/format.ts';
import { newDelivery } from '../reports/kept.ts';
import type { ReportRepository } from '../reports/repository.ts';
import { documentState } from './documents.ts';
import type { ComplianceService } from './service.ts';

/** Writes a mail for each document that is about to expire or has expired with nothing in its place, once to each person. */
export async function remindOfDocuments({
  compliance,
  repository,
  recipients,
  clock,
  newId,
}: {
  readonly compliance: Pick<ComplianceService, 'documents' | 'documentKinds'>;
  readonly repository: Pick<ReportRepository, 'hasDelivery' | 'addDeliveries'>;
  readonly recipients: readonly string[];
  readonly clock: { now(): number };
  readonly newId: (at: number) => string;
}): Promise<void> {
  if (recipients.length === 0) return;
  const now = clock.now();
  const rows = (await compliance.documents.list()).filter(({ withdrawn_at: withdrawn }) => withdrawn === null);
  for (const { site, row, proof } of compliance.documentKinds()) {
    const own = rows.filter((each) => each.site === site.id && each.kind === proof.document);
    const latest = own.toSorted((a, b) => b.expires_at - a.expires_at)[0];
    if (latest === undefined) continue;
    const state = documentState(latest, now, proof.remindBeforeMs);
    if (state !== 'expiring' && state !== 'expired') continue;
    const until = formats.id.date(latest.expires_at - 1);
    const word = state === 'expired' ? 'Dokumen kedaluwarsa' : 'Dokumen segera habis';
    const subject = `${word}: ${proof.name.id}, ${site.name} (${until})`;
    const text = `${proof.name.id} ${site.name} (${latest.name}) berlaku sampai ${until}.\n${row.clause}: ${row.rule.id}. Unggah dokumen yang baru di halaman Kepatuhan.`;
    for (const person of recipients) {
      if (await repository.hasDelivery(person, subject)) continue;
      await repository.addDeliveries([newDelivery({ person, subject, text }, { id: newId(now), report: null, at: now })]);
    }
  }
} // prettier-ignore
