import { describe, expect, it } from 'vitest';
import { spareUnits } from '../../domain/tiles.ts';
import { largestSize } from '../../web/parts/fit.ts';
import { stageAt, stageMs, stagesOf, troubleOf } from '../../web/wall/stage.ts';
import { exampleSite, incident, values } from './support.ts';

const known = { blind: false, silent: 0 };

describe('stages of the wall', () => {
  const troubles = (dc: number, smart: number, drc: number) =>
    new Map([
      ['dc', dc],
      ['smart-dc', smart],
      ['drc', drc],
    ]);
  const calm = troubleOf('dc', [], known);

  it('takes turns between all sites together and each of them while everything is well', () => {
    const stages = stagesOf(troubles(calm, calm, calm));
    expect(stages).toEqual(['semua', 'dc', 'smart-dc', 'drc']);
    const start = 1_000 * stages.length * stageMs;
    expect([0, 1, 2, 3, 4].map((turn) => stageAt(stages, start + turn * stageMs))).toEqual([...stages, 'semua']); // prettier-ignore
  });
  it('stops at the site where something is wrong', () => {
    const p3 = troubleOf('drc', [incident('a', { site: 'drc', priority: 'P3' })], known);
    expect(stagesOf(troubles(calm, calm, p3))).toEqual(['drc']);
  });
  it('takes turns between those that are equally urgent', () => {
    expect(stagesOf(troubles(1, 3, 1))).toEqual(['dc', 'drc']);
  });
  it('stops at a site that is blind, unless another has a P1', () => {
    const blind = troubleOf('dc', [], { blind: true, silent: 0 });
    expect(stagesOf(troubles(blind, 3, calm))).toEqual(['dc']);
    expect(stagesOf(troubles(blind, 1, calm))).toEqual(['smart-dc']);
  });
  it('puts life safety before every other P1, and a silent device after every incident', () => {
    const fire = troubleOf('dc', [incident('a', { priority: 'P1', lifeSafety: true })], known);
    const dark = troubleOf('dc', [incident('a', { priority: 'P1' })], known);
    const silent = troubleOf('dc', [], { blind: false, silent: 2 });
    const p5 = troubleOf('dc', [incident('a', { priority: 'P5' })], known);
    expect([fire, dark, p5, silent, calm].toSorted((a, b) => a - b)).toEqual([fire, dark, p5, silent, calm]);
    expect(new Set([fire, dark, p5, silent, calm]).size).toBe(5);
  });
});

describe('size of a text', () => {
  it('is the full one when it fits, the largest that fits otherwise, and never below what can be read', () => {
    expect(largestSize(50, 14, () => true)).toBe(50);
    expect(largestSize(50, 14, (px) => px <= 36)).toBe(35);
    expect(largestSize(50, 14, () => false)).toBe(14);
    expect(largestSize(12, 14, () => false)).toBe(12);
  });
});

describe('redundancy of cooling', () => {
  const site = exampleSite();
  const pacs = site.devices.filter(({ kind }) => kind === 'pac');
  const capacity = (unit: number) => `dc/${pacs[unit]?.id}/cooling-capacity`;
  const withCapacity = {
    ...site,
    devices: site.devices.map((device) =>
      device.kind === 'pac'
        ? { ...device, points: [...device.points, { id: `dc/${device.id}/cooling-capacity`, part: null, quantity: 'cooling-capacity', unit: '%', states: null }] }
        : device,
    ),
  }; // prettier-ignore
  it('is what runs or stands by beyond what the load needs', () => {
    expect(spareUnits(withCapacity, values(withCapacity, { [capacity(0)]: 40, [capacity(1)]: 50 }))).toBe(1);
    expect(spareUnits(withCapacity, values(withCapacity, { [capacity(0)]: 60, [capacity(1)]: 50 }))).toBe(0);
  });
  it('is not claimed when a running unit does not report what it gives, or a unit its state', () => {
    expect(spareUnits(withCapacity, values(withCapacity, { [capacity(0)]: undefined }))).toBeUndefined();
    const state = `dc/${pacs[0]?.id}/system-state`;
    expect(spareUnits(withCapacity, values(withCapacity, { [state]: undefined, [capacity(1)]: 10 }))).toBeUndefined(); // prettier-ignore
  });
});
