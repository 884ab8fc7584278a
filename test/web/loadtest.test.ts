import { describe, expect, it } from 'vitest';
import { createFormat } from '../../domain/format/format.ts';
import { loadTestTexts } from '../../domain/wording/load-test.ts';
import { labelReasons } from '../../server/loadtest/label.ts';
import { phaseNames } from '../../server/loadtest/phases.ts';
import type { LoadTestView } from '../../server/contracts/load-test-document.ts';
import { boundsOf, limitOf, reasonOf, valueOf } from '../../web/loadtest/criterion.ts';

const [id, en] = [createFormat('id'), createFormat('en')];
const run: LoadTestView['criteria'][number] = {
  name: 'loaded-run', title: { id: 'Berbeban', en: 'Loaded' }, verdict: 'fail', reference: false, source: 'NFPA 110', unit: 'min',
  value: 4, least: 3.9, most: 4.1, limit: 30, sense: 'least', why: 'limit', things: ['genset-1'],
}; // prettier-ignore

const of = {
  site: 'dc',
  identity: {
    siteName: 'DC', building: '', gensets: [], redundancy: 'N+1', duty: 'prime', clause: 'BAB IV.1.6',
    names: { 'genset-1': { id: 'Genset 1', en: 'Genset 1' } },
  },
}; // prettier-ignore

describe('a criterion of a load test', () => {
  it('is written with its unit in the language of the page', () => {
    expect([valueOf(run, id), valueOf(run, en)]).toEqual(['4,0 mnt', '4.0 min']);
    expect(limitOf(run, id)).toBe('≥ 30,0 mnt');
  });
  it('has bounds only where they differ', () => {
    expect(boundsOf(run, en)).toBe('3.9 min – 4.1 min');
    expect(boundsOf({ ...run, least: 4, most: 4 }, en)).toBeNull();
    expect(boundsOf({ ...run, most: null }, en)).toBeNull();
  });
  it('is a dash where nothing was measured and nothing is asked for', () => {
    const none = { ...run, value: null, limit: null };
    expect([valueOf(none, id), limitOf(none, id)]).toEqual(['–', '–']);
  });
  it('says why and because of which devices', () => {
    expect(reasonOf(of, { ...run, things: ['genset-1', 'genset-1/l1/voltage'] }, 'id')).toBe(
      'di luar batas: Genset 1; Genset 1 L1, tegangan',
    );
    expect(reasonOf(of, { ...run, why: null }, 'id')).toBeNull();
  });
  it('has the ids of devices where the run was stored before names were kept', () => {
    expect(reasonOf({ site: 'dc', identity: null }, run, 'id')).toBe('di luar batas: genset-1');
  });
});

describe('the words of a load test', () => {
  it('name every reason and phase in both languages', () => {
    for (const language of ['id', 'en'] as const) {
      expect(Object.keys(loadTestTexts[language].reasons)).toEqual(expect.arrayContaining([...labelReasons]));
      expect(Object.keys(loadTestTexts[language].phases)).toEqual(expect.arrayContaining([...phaseNames]));
    }
  });
});
