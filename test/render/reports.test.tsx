import { describe, expect, it } from 'vitest';
import type { Role } from '../../server/contracts/common.ts';
import type { ReportView } from '../../server/contracts/reports.ts';
import { ReportsPage } from '../../web/compliance/ReportsPage.tsx';
import { reportsKey } from '../../web/compliance/queries.ts';
import { render, textOf } from './support.tsx';

const october: ReportView = {
  id: 'r1', kind: 'compliance', site: 'dc', siteName: 'DC', month: '2026-10', revision: 2, reason: 'meter genset diganti',
  madeAt: '2026-11-02T01:00:00.000Z', madeBy: 'sari', sha256: 'a1b2c3d4e5f60718'.repeat(4),
  files: [{ name: 'kepatuhan-dc-2026-10.pdf', type: 'application/pdf', language: 'id', bytes: 90_000, sha256: 'ff' }],
  deliveries: [{ person: 'Sari', state: 'failed', sentAt: null, answer: '550 no such user' }],
}; // prettier-ignore

function shown(role: Role, items: readonly ReportView[] = [october]): string {
  const list = { items, next: null, making: null, problem: null, unsent: null };
  return render(<ReportsPage />, { role, answers: [[reportsKey, list]] });
}

describe('a report that was made', () => {
  it('says its revision and why, whom it did not reach, and leads to its file', () => {
    const html = shown('viewer');
    expect(textOf(html)).toMatch(/DC 2026-10 revisi 2 · .* · sari · meter genset diganti/);
    expect(textOf(html)).toMatch(/SHA-256 a1b2c3d4e5f60718… Sari \(gagal/);
    expect(html).toContain('href="/api/v1/reports/r1/files/kepatuhan-dc-2026-10.pdf"');
  });

  it('is made again by a manager, and only with a reason', () => {
    const html = shown('manager');
    expect(textOf(html)).toContain('Buat ulang');
    expect(html).toMatch(/<button type="button" class="button" disabled="">Buat ulang<\/button>/);
    expect(textOf(shown('operator'))).not.toContain('Buat ulang');
    expect(textOf(shown('viewer'))).not.toContain('Buat ulang');
  });

  it('is awaited in words while there is none', () => {
    expect(textOf(shown('viewer', []))).toContain('Belum ada laporan');
  });
});
