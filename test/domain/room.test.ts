import { describe, expect, it } from 'vitest';
import { climateOf, climateSensors, inRoom, needsALook, openInRoom } from '../../domain/room.ts';
import { knowledgeOf, partsOfRoom } from '../../domain/site-state.ts';
import type { Get, PointValue } from '../../domain/value.ts';
import { exampleSite, incident, rack } from '../web/support.ts';

const site = { ...exampleSite(), racks: [rack('A', 1), rack('A', 2), rack('B', 1, 'hall-2')] };
const number = (value: number, stale = false): PointValue => ({ value, at: 1, quality: 0, stale });
function reading(values: Readonly<Record<string, PointValue>>): Get {
  return (id) => (id === null || id === undefined ? undefined : values[id]);
}
const sensors = climateSensors(inRoom(site, 'hall-1'), 'temperature');
const band = site.limits.temperature;

describe('the climate of a room', () => {
  it('is its worst places, of its own racks only', () => {
    const get = reading({
      'dc/env-rack-a1/temperature': number(22),
      'dc/env-rack-a2/temperature': number(28.5),
      'dc/env-rack-b1/temperature': number(40),
    });
    expect(climateOf(sensors, band, get)).toEqual({
      lowest: { point: 'dc/env-rack-a1/temperature', at: { id: 'A-1', en: 'A-1' }, value: 22 },
      highest: { point: 'dc/env-rack-a2/temperature', at: { id: 'A-2', en: 'A-2' }, value: 28.5 },
      total: 2,
      silent: 0,
      out: 1,
    });
  });
  it('counts a stale sensor as unknown and takes no value from it', () => {
    const get = reading({
      'dc/env-rack-a1/temperature': number(22),
      'dc/env-rack-a2/temperature': number(35, true),
    });
    expect(climateOf(sensors, band, get)).toMatchObject({ highest: { value: 22 }, silent: 1, out: 0 });
    expect(climateOf(sensors, band, reading({}))).toMatchObject({ lowest: null, highest: null, silent: 2 });
  });
});

describe('the state of a room', () => {
  it('is blind when nothing in it is known, and never by what another room lacks', () => {
    const parts = partsOfRoom(site, 'hall-2');
    expect(knowledgeOf(parts, reading({}))).toEqual({ blind: true, silent: 1 });
    expect(knowledgeOf(parts, reading({ 'dc/env-rack-b1/temperature': number(22) }))).toEqual({
      blind: false,
      silent: 0,
    });
  });
  it('has the open incidents of the room of the same site, the most urgent first', () => {
    const incidents = [
      incident('a', { room: 'hall-1' }),
      incident('b', { room: 'hall-1', priority: 'P1' }),
      incident('c', { room: 'hall-2' }),
      incident('d', { room: 'hall-1', site: 'drc' }),
      incident('e', { room: 'hall-1', state: 'resolved' }),
    ];
    expect(openInRoom(incidents, { site: 'dc', room: 'hall-1' }).map(({ id }) => id)).toEqual(['b', 'a']);
  });
});

describe('a rack that is to be looked at', () => {
  const [one] = site.racks;
  if (one === undefined) throw new Error('no rack');
  const well = {
    'dc/env-rack-a1/temperature': number(22),
    'dc/rack-a1/power': number(3),
    'dc/rack-a1/load-after-loss': number(4),
  };
  it('is beyond a limit or without a value', () => {
    expect(needsALook(site, one, reading(well))).toBe(false);
    expect(needsALook(site, one, reading({ ...well, 'dc/rack-a1/power': number(5.1) }))).toBe(true);
    expect(needsALook(site, one, reading({ ...well, 'dc/rack-a1/power': number(3, true) }))).toBe(true);
  });
});
