import { describe, expect, it } from 'vitest';
import type { Bucket } from '../../../server/historian/historian.ts';
import {
  documentHeld,
  documentState,
  judgeDocument,
  type DocumentRow,
} from '../../../server/compliance/documents.ts';
import { heldOf } from '../../../server/compliance/journal.ts';
import { frozenTime } from '../../../server/compliance/measure.ts';
import { judgeLoadTests, testPeriod } from '../../../server/compliance/modules.ts';
import { elapsedOf, monthRange } from '../../../server/compliance/months.ts';
import { shareOf, verdictOf, worstShare, worstVerdict } from '../../../server/compliance/verdict.ts';

const hour = 3_600_000;
const day = 24 * hour;
const needed = { coverage: 95, share: 100 };

describe('a verdict', () => {
  it('fails when one proof does, and is open when one is not proven', () => {
    expect(worstVerdict(['holds', 'not-proven', 'fails'])).toBe('fails');
    expect(worstVerdict(['holds', 'not-proven'])).toBe('not-proven');
    expect(worstVerdict(['holds'])).toBe('holds');
    expect(worstVerdict([])).toBe('not-proven');
  });

  it('counts what was not measured as neither held nor broken', () => {
    const held = { heldMs: 60, brokenMs: 20, totalMs: 100 };
    expect(shareOf(held)).toEqual({ held: 75, coverage: 80 });
    expect(verdictOf(held, needed)).toBe('fails');
    expect(verdictOf({ heldMs: 60, brokenMs: 0, totalMs: 100 }, needed)).toBe('not-proven');
    expect(verdictOf({ heldMs: 0, brokenMs: 0, totalMs: 100 }, needed)).toBe('not-proven');
    expect(verdictOf({ heldMs: 96, brokenMs: 0, totalMs: 100 }, needed)).toBe('holds');
  });

  it('does not round a broken second of a month away', () => {
    const month = 31 * day;
    expect(shareOf({ heldMs: month - 1_000, brokenMs: 1_000, totalMs: month }).held).toBe(99.9999);
    expect(verdictOf({ heldMs: month - 1, brokenMs: 1, totalMs: month }, needed)).toBe('fails');
    expect(worstShare([{ held: 100, coverage: 50 }, { held: null, coverage: 0 }])).toEqual({ held: 100, coverage: 0 });
  });
}); // prettier-ignore

describe('a month', () => {
  it('begins and ends at midnight of Jakarta, and runs up to its last full hour', () => {
    const november = monthRange('2026-11');
    expect(new Date(november.from).toISOString()).toBe('2026-10-31T17:00:00.000Z');
    expect(new Date(november.to).toISOString()).toBe('2026-11-30T17:00:00.000Z');
    expect(elapsedOf('2026-11', november.from + 90 * 60_000)).toEqual({ from: november.from, to: november.from + hour });
    expect(elapsedOf('2026-11', november.to + day)).toEqual(november);
    expect(elapsedOf('2026-12', november.to - 1)).toEqual({ from: november.to, to: november.to });
  });
}); // prettier-ignore

describe('verdicts over time', () => {
  const range = { from: 0, to: 10 * hour };

  it('hold from their change on, and are not known while nobody looked', () => {
    const changes = [
      { verdict: 'fails', at: 4 * hour },
      { verdict: 'holds', at: 6 * hour },
    ] as const;
    const watched = [{ from: 0, to: 5 * hour }, { from: 7 * hour, to: 10 * hour }];
    expect(heldOf({ before: { verdict: 'holds' }, changes, watched }, range)).toEqual({ heldMs: 7 * hour, brokenMs: hour, totalMs: 10 * hour });
  });

  it('count a time once that two watches cover after the clock was set back', () => {
    const watched = [{ from: 0, to: 6 * hour }, { from: 4 * hour, to: 10 * hour }];
    expect(heldOf({ before: { verdict: 'holds' }, changes: [], watched }, range).heldMs).toBe(10 * hour);
    expect(heldOf({ before: undefined, changes: [], watched }, range).heldMs).toBe(0);
  });
}); // prettier-ignore

describe('a document', () => {
  const paper = (from: number, to: number, more: Partial<DocumentRow> = {}): DocumentRow => ({
    id: String(from), site: 'dc', kind: 'fuel-contract', name: 'kontrak.pdf', type: 'application/pdf', bytes: 1, sha256: '', note: null,
    valid_from: from, expires_at: to, added_at: 0, added_by: 'ana', withdrawn_at: null, withdrawn_by: null, withdrawn_why: null, ...more,
  }); // prettier-ignore

  it('proves its row while it is valid, with a reminder before it expires', () => {
    expect(judgeDocument([], 0, 30 * day)).toMatchObject({ verdict: 'not-proven', reason: { id: 'Belum ada dokumen' } });
    expect(judgeDocument([paper(0, 100 * day)], 10 * day, 30 * day).verdict).toBe('holds');
    expect(judgeDocument([paper(0, 100 * day)], 80 * day, 30 * day).reason.en).toMatch(/renew it soon/);
    expect(judgeDocument([paper(0, 100 * day)], 100 * day, 30 * day)).toMatchObject({ verdict: 'not-proven', reason: { en: expect.stringMatching(/expired/) } });
    expect(judgeDocument([paper(0, 100 * day, { withdrawn_at: 5 })], 10 * day, 30 * day).verdict).toBe('not-proven');
    expect([10, 80, 100].map((at) => documentState(paper(0, 100 * day), at * day, 30 * day))).toEqual(['valid', 'expiring', 'expired']);
    expect(documentState(paper(day, 2 * day), 0, 0)).toBe('waiting');
  });

  it('counts each day of a month once, and leaves the others open', () => {
    const held = documentHeld([paper(0, 10 * day), paper(5 * day, 12 * day), paper(20 * day, 90 * day, { withdrawn_at: 1 })], { from: 0, to: 30 * day });
    expect(held).toEqual({ heldMs: 12 * day, brokenMs: 0, totalMs: 30 * day });
  });
}); // prettier-ignore

describe('load tests', () => {
  it('are due in periods that begin with January', () => {
    expect(testPeriod('2026-12', 2)).toEqual({ from: monthRange('2026-11').from, to: monthRange('2026-12').to });
    expect(testPeriod('2026-11', 1)).toEqual(monthRange('2026-11'));
  });

  it('prove the row when one was completed, and fail it only once the period is over', () => {
    const period = { from: 0, to: 30 * day };
    expect(judgeLoadTests(undefined, { period, now: 40 * day, watchedFrom: 0 })).toMatchObject({ verdict: 'not-proven', reason: { id: 'Belum ada uji beban tercatat' } });
    expect(judgeLoadTests([], { period, now: 10 * day, watchedFrom: 0 }).verdict).toBe('not-proven');
    expect(judgeLoadTests([], { period, now: 30 * day, watchedFrom: 0 }).verdict).toBe('fails');
    // One before the first day of watching would not be on record.
    expect(judgeLoadTests([], { period, now: 30 * day, watchedFrom: day }).verdict).toBe('not-proven');
    expect(judgeLoadTests([], { period, now: 30 * day, watchedFrom: undefined }).verdict).toBe('not-proven');
    expect(judgeLoadTests([{ id: 'a', at: day, result: 'fail' }], { period, now: 10 * day, watchedFrom: 0 }).verdict).toBe('holds');
  });
}); // prettier-ignore

describe('a frozen sensor', () => {
  const bucket = (at: number, min: number | null, max = min): Bucket => ({
    at: at * hour, min, max, mean: min, last: max, count: min === null ? 0 : 360, good: 360, coveredMs: min === null ? 0 : hour, states: null,
  }); // prettier-ignore

  it('is one whose value did not move for so long, also across a gap', () => {
    const still = Array.from({ length: 24 }, (_, at) => bucket(at, 22));
    expect(frozenTime(still, day)).toBe(24 * hour);
    expect(frozenTime(still.slice(1), day)).toBe(0);
    expect(frozenTime([...still.slice(0, 12), bucket(12, null), ...still.slice(13)], day)).toBe(23 * hour);
    expect(frozenTime([...still.slice(0, 12), bucket(12, 22, 22.1), ...still.slice(13)], day)).toBe(0);
  });
});
