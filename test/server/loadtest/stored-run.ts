import type { LoadTestContent } from '../../../server/contracts/load-tests.ts';
import type { NewRun } from '../../../server/loadtest/repository.ts';

const minute = 60_000;

function content(id: string, from: number): LoadTestContent {
  const at = (ms: number): string => new Date(from + ms).toISOString();
  return {
    id, site: 'dc', label: 'test', why: 'planned', verdict: 'fail', from: at(0), to: at(40 * minute),
    profile: 'sc-11-2023 1', madeAt: at(41 * minute),
    criteria: [{
      name: 'loaded-run', title: { id: 'Berbeban terus-menerus', en: 'Continuous loaded run' }, verdict: 'fail', reference: false, source: 'NFPA 110 §8.4.2',
      unit: 'min', value: 20, least: 20, most: 20, limit: 30, sense: 'least', why: 'limit', things: ['genset-1'],
    }],
    phases: [{ phase: 'grid-off', thing: null, from: at(0), to: at(30 * minute), fromDoubtMs: 2_000, toDoubtMs: 2_000, seen: 'seen' }],
    identity: {
      siteName: 'DC', building: 'Gedung Syafrudin Prawiranegara I', names: { 'genset-1': { id: 'Genset 1', en: 'Genset 1' }, 'ats-a': { id: 'ATS A', en: 'ATS A' } },
      gensets: [], redundancy: 'N+1', duty: 'prime', clause: 'BAB IV.1.6',
    },
    conditions: [], sets: [], transfers: [{ ats: 'ats-a', transfer: { value: 12, least: 10.5, most: 14 }, retransfer: null, verdict: 'fail', why: 'limit' }],
    upss: [], kwMax: 900, kwMean: 850, fuelUsed: 100, fuelRate: 200, enduranceHours: 20, coverage: 100, missing: [], clocks: [], frozen: [],
    curves: [], sha256: 'a'.repeat(64),
  };
} // prettier-ignore

/** A completed test of 40 minutes as it is on record; what its report shows besides is gathered by the server. */
export function storedRun(id: string, from: number): NewRun {
  return {
    id, site: 'dc', from_at: from, to_at: from + 40 * minute, label: 'test', why: 'planned', verdict: 'fail', completed: 1, made_at: from + 41 * minute,
    content: JSON.stringify(content(id, from)),
  };
} // prettier-ignore
