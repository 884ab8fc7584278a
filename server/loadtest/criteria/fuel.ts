import { atLeast, atMost, exactly, onlyWith } from '../verdict.ts';
import { found, unseen, type Finding, type Input } from './finding.ts';

export function endurance({ figures: { fuel }, standard }: Input): Finding {
  const limit = { value: standard.endurance.hours, sense: 'least' as const };
  const value = fuel.endurance;
  if (value === null) return unseen({ unit: 'h', limit });
  return found({ verdict: atLeast(value, limit.value), unit: 'h', value, limit, open: 'sampling' });
}

export function fuelBalance({ figures: { fuel }, profile }: Input): Finding {
  const limit = { value: profile.criteria['fuel-balance'].within, sense: 'most' as const };
  const { used, expected } = fuel;
  if (used === null) return unseen({ unit: '%', limit });
  if (expected === null || expected.most <= 0) return unseen({ unit: '%', limit }, 'no-curve');
  const share = (litres: number, of: number): number => (litres / of - 1) * 100;
  const value = {
    value: share(used.value, expected.value > 0 ? expected.value : expected.most),
    least: share(used.least, expected.most),
    most: expected.least > 0 ? share(used.most, expected.least) : Infinity,
  };
  return found({ verdict: atMost(value, limit.value), unit: '%', value, limit, open: 'sampling' });
}

export function redundancy({ roles, figures: { kw, kwIsCovered }, standard }: Input): Finding {
  const rated = roles.gensets.map(({ ratedKw }) => ratedKw).sort((a, b) => (a ?? 0) - (b ?? 0));
  const unnamed = roles.gensets.filter(({ ratedKw }) => ratedKw === undefined).map(({ id }) => id);
  if (rated.length === 0 || unnamed.length > 0)
    return unseen({ unit: 'kW', things: unnamed }, 'no-nameplate');
  // The largest set out, or the larger half of them.
  const left = standard.gensets.redundancy === 'N+1' ? rated.length - 1 : Math.floor(rated.length / 2);
  const capacity = rated.slice(0, left).reduce((sum: number, each) => sum + (each ?? 0), 0);
  const limit = { value: capacity, sense: 'most' as const };
  if (kw === null) return unseen({ unit: 'kW', limit });
  const value = exactly(kw.max);
  const verdict = onlyWith(kwIsCovered, atMost(value, capacity));
  return found({ verdict, unit: 'kW', value, limit, open: 'gaps' });
}
