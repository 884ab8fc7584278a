import { describe, expect, it } from 'vitest';
import type { AuditEntryView, LogVerificationView } from '../../server/contracts/audit.ts';
import { AuditPage } from '../../web/audit/AuditPage.tsx';
import { EntryProof } from '../../web/audit/EntryProof.tsx';
import { auditRequest, type EntryProof as Proof } from '../../web/audit/queries.ts';
import { render, textOf } from './support.tsx';

const entry: AuditEntryView = {
  id: 'a1', at: '2026-11-22T06:00:00Z', actor: 'sari', role: 'manager', address: '10.1.1.7', method: 'POST', path: '/tickets/:id/approve',
  subject: 't-9', status: 409, input: '{"escort":"Rudi"}', problem: 'rack A-01 would lose both feeds',
}; // prettier-ignore
const log = {
  size: 1_204, key: 'k', problem: null,
  checkpoint: { number: 7, size: 1_200, root: 'cm9vdA==', at: '2026-11-22T06:59:00Z', note: '' },
  witnesses: [{ name: 'kolektor-drc', key: 'w', number: 6, size: 1_190, at: '2026-11-22T06:58:00Z' }],
}; // prettier-ignore
const verification: LogVerificationView = {
  running: { actor: 'sari', startedAt: '2026-11-22T06:59:30Z', done: 600, of: 1_204 },
  last: {
    actor: 'ana', startedAt: '2026-11-21T06:00:00Z', endedAt: '2026-11-21T06:01:10Z',
    result: { state: 'verified', entries: 1_100, root: 'r', checkpoints: 5, erased: 2, problems: 1, findings: [{ what: 'edited', sequence: 3, message: 'entry 3 (audit_entry "x")' }] },
  },
}; // prettier-ignore
const answers = (query: string) =>
  [
    [['audit', query, ''], { items: [entry], next: 'c2' }],
    [['log'], log],
    [['log', 'verification'], verification],
  ] as const;

describe('the audit page', () => {
  it('shows who did what with its outcome, the checkpoint, the witnesses and the verification, in both languages', () => {
    const text = textOf(render(<AuditPage />, { role: 'manager', answers: answers('') }));
    expect(text).toMatch(/sari Manajer · 10\.1\.1\.7 POST \/tickets\/:id\/approve t-9 .*ditolak \(409\) rack A-01 would lose both feeds/); // prettier-ignore
    expect(text).toContain('1.200 entri; sekarang ada 1.204');
    expect(text).toMatch(/kolektor-drc menandatangani titik periksa 6 pada 22 Nov 13\.58/);
    expect(text).toContain('600 dari 1.204 entri');
    expect(text).toMatch(/1 masalah ditemukan\. .* Diubah entry 3 /);
    const english = textOf(render(<AuditPage />, { role: 'manager', language: 'en', answers: answers('') }));
    expect(english).toMatch(/refused \(409\)/);
    expect(english).toContain('1 problems were found.');
  });

  it('asks what its address says, days in WIB and the last one as a whole, and gives the same as CSV', () => {
    const search = 'siapa=sari&apa=%2Ftickets&hasil=refused&dari=2026-11-01&sampai=2026-11-22';
    const query = auditRequest(new URLSearchParams(search));
    expect([...new URLSearchParams(query)]).toEqual([
      ['actor', 'sari'], ['path', '/tickets'], ['outcome', 'refused'],
      ['from', '2026-10-31T17:00:00.000Z'], ['to', '2026-11-22T17:00:00.000Z'],
    ]); // prettier-ignore
    const page = render(<AuditPage />, {
      role: 'manager',
      path: `/audit?${search}`,
      answers: answers(query),
    });
    expect(page).toContain(`/api/v1/audit?format=csv&amp;limit=5000&amp;${query.replaceAll('&', '&amp;')}`);
    expect(textOf(page)).toContain('t-9');
  });

  it('says whether one entry is proven, and of which log', () => {
    const proof: Proof = {
      state: 'included', sequence: 41, leaf: 'bGVhZg==', checkpoint: { number: 7, size: 1_200, root: 'cm9vdA==' }, hashes: ['a', 'b'],
      file: '/api/v1/log/proof?size=1200&sequence=41',
    }; // prettier-ignore
    const shown = (data: Proof) => textOf(render(<EntryProof id="a1" />, { answers: [[['audit', 'proof', 'a1'], data]] })); // prettier-ignore
    expect(shown(proof)).toMatch(
      /ada dalam log yang ditandatangani; .* 41 .* bGVhZg== .*1200 entri cm9vdA== .*Unduh 2 hash/,
    );
    expect(shown({ ...proof, state: 'not-included' })).toContain('tidak cocok');
    expect(shown({ state: 'unsigned', sequence: 41 })).toContain('lebih baru daripada titik periksa');
  });
});
