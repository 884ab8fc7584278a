import { describe, expect, it } from 'vitest';
import { knowledgeOf, partPoints, partsOf } from '../../domain/site-state.ts';
import type { Get, PointValue } from '../../domain/value.ts';
import { exampleSite, rack, values } from '../web/support.ts';

const site = { ...exampleSite(), racks: [rack('A', 1), rack('A', 2)] };
const parts = partsOf(site);
const number = (value: number): PointValue => ({ value, at: 1, quality: 0, stale: false });

/** Everything is read, but for what is named. */
function known(changes: Readonly<Record<string, PointValue | undefined>> = {}): Get {
  const points = values(site);
  return (id) => {
    if (id === null || id === undefined) return undefined;
    return id in changes ? changes[id] : (points(id) ?? number(1));
  };
}

describe('what is known of a site', () => {
  it('is everything when every part has a usable value', () => {
    expect(knowledgeOf(parts, known())).toEqual({ blind: false, silent: 0 });
  });
  it('counts a rack whose value is stale', () => {
    const stale = { ...number(22), stale: true };
    expect(knowledgeOf(parts, known({ 'dc/env-rack-a1/temperature': stale }))).toEqual({
      blind: false,
      silent: 1,
    });
  });
  it('counts a device once, whether its link is lost or its points have no value', () => {
    const changes = {
      'dc/leak-1/link': number(0),
      'dc/leak-1/zone-1/leak': undefined,
      'dc/pac-01/system-state': undefined,
    };
    expect(knowledgeOf(parts, known(changes)).silent).toBe(2);
  });
  it('is never whole while a figure is missing', () => {
    expect(knowledgeOf(parts, known({ 'dc/site/power': undefined })).silent).toBe(1);
  });
  it('is nothing before the first reading', () => {
    expect(knowledgeOf(parts, () => undefined)).toEqual({ blind: true, silent: site.devices.length + 2 });
  });
  it('needs no point twice', () => {
    expect(new Set(partPoints(parts)).size).toBe(partPoints(parts).length);
  });
});
