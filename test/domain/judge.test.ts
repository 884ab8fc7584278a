import { describe, expect, it } from 'vitest';
import { placeInBand, positionOnBar, scaleAround, strength } from '../../domain/band.ts';
import { readChain } from '../../domain/chain.ts';
import { layerOf, planOf, planPoints } from '../../domain/plan.ts';
import { byDue, byUrgency, leftMs, severityOf, withIncident, worstIncident } from '../../domain/severity.ts';
import { readTiles, type TileStatus } from '../../domain/tiles.ts';
import { exampleSite, incident, rack, values } from '../web/support.ts';

const site = exampleSite();

describe('band', () => {
  it('holds its own limits', () => {
    const band = { min: 18, max: 27 };
    expect([18, 27].map((value) => placeInBand(value, band).side)).toEqual(['in', 'in']);
    expect(placeInBand(27.5, band)).toEqual({ side: 'above', excess: 0.5 });
    expect(placeInBand(17, band)).toEqual({ side: 'below', excess: 1 });
  });
  it('is open on the side without a limit', () => {
    expect(placeInBand(-5, { max: 5 }).side).toBe('in');
  });
  it('shows the band in the middle half of its bar, and values beyond at its ends', () => {
    const scale = scaleAround({ min: 18, max: 27 });
    expect(positionOnBar(18, scale)).toBeCloseTo(0.25);
    expect(positionOnBar(27, scale)).toBeCloseTo(0.75);
    expect([positionOnBar(-40, scale), positionOnBar(90, scale), positionOnBar(Number.NaN, scale)]).toEqual([
      0, 1, 0,
    ]);
  });
  it('colours nothing inside and half as soon as it is out', () => {
    expect(strength(0, 3)).toBe(0);
    expect(strength(0.01, 3)).toBeGreaterThan(0.5);
    expect(strength(30, 3)).toBe(1);
  });
});

describe('severity', () => {
  it('sorts by priority, then by what is due first', () => {
    const late = incident('late', { dueAt: '2026-11-22T09:00:00Z' });
    const soon = incident('soon', { dueAt: '2026-11-22T07:00:00Z' });
    const grave = incident('grave', { priority: 'P1', dueAt: '2026-11-23T00:00:00Z' });
    expect([late, soon, grave].sort(byUrgency).map(({ id }) => id)).toEqual(['grave', 'soon', 'late']);
  });
  it('sorts by what is due next, with what is over at the end', () => {
    const { sla } = incident('x');
    const over = incident('over', { dueAt: '2026-11-22T01:00:00Z', sla: { ...sla, state: 'stopped' } });
    const late = incident('late', { dueAt: '2026-11-22T09:00:00Z', priority: 'P1' });
    const soon = incident('soon', { dueAt: '2026-11-22T07:00:00Z' });
    expect([late, over, soon].sort(byDue).map(({ id }) => id)).toEqual(['soon', 'late', 'over']);
  });
  it('leaves as much as before while the clock does not count', () => {
    const { sla } = incident('x');
    const at = Date.parse('2026-11-22T02:00:00Z');
    expect(leftMs({ sla }, at)).toBe(sla.remainingMs - 7_200_000);
    expect(leftMs({ sla: { ...sla, state: 'waiting' } }, at)).toBe(sla.remainingMs);
  });
  it('draws P4 and P5 alike', () => {
    expect(severityOf('P5')).toBe(severityOf('P4'));
  });
  it('takes a resolved incident out of the open ones', () => {
    expect(withIncident([incident('a')], incident('a', { state: 'resolved' }))).toEqual([]);
  });
  it('replaces an open incident that changed, and adds a new one', () => {
    const list = withIncident([incident('a')], incident('a', { priority: 'P1' }));
    expect(list.map(({ priority }) => priority)).toEqual(['P1']);
    expect(withIncident(list, incident('b'))).toHaveLength(2);
  });
  it('has no worst when none is open', () => {
    expect(worstIncident([incident('a', { state: 'resolved' })])).toBeUndefined();
  });
  it('leaves less than nothing when it is overdue', () => {
    expect(leftMs(incident('a'), Date.parse('2026-11-22T09:00:00Z'))).toBe(-3_600_000);
  });
});

describe('plan', () => {
  it('puts every rack at its number and leaves gaps where none stands', () => {
    const [hall] = planOf([rack('A', 1), rack('A', 3), rack('B', 2)]);
    expect(hall?.columns).toBe(3);
    expect(hall?.rows.map((row) => row.places.map(({ rack: one }) => one?.label ?? null))).toEqual([
      ['A-1', null, 'A-3'],
      [null, 'B-2', null],
    ]);
  });
  it('draws a hall a room', () => {
    expect(planOf([rack('A', 1), rack('C', 1, 'hall-2')]).map((hall) => hall.room)).toEqual([
      'hall-1',
      'hall-2',
    ]);
  });
  it('judges load by the limit of the rack and temperature by that of the site', () => {
    expect(layerOf(site, rack('A', 1), 'loss').band).toEqual({ max: 5 });
    expect(layerOf(site, rack('A', 1), 'temperature').band).toMatchObject({ min: 18, max: 27 });
  });
  it('watches only what is measured', () => {
    expect(planPoints([rack('A', 1)])).toHaveLength(3);
  });
});

describe('power chain', () => {
  it('is normal, with the sum of the loads and the least autonomy, when all is well', () => {
    const [a] = readChain(site, values(site, { 'dc/ups-a1/autonomy': 540 })).feeds;
    expect([a.incomer.state, a.ats.state, a.ups.state]).toEqual(['normal', 'normal', 'normal']);
    expect([a.loadKw, a.autonomyS]).toEqual([200, 100]);
  });
  it('shows a lost source when one phase is dead', () => {
    expect(readChain(site, values(site, { 'dc/pln-a/l2/voltage': 0 })).feeds[0].incomer.state).toBe('lost');
  });
  it('believes the switch when the meter cannot be believed', () => {
    const changes = { 'dc/pln-a/l1/voltage': undefined, 'dc/ats-a/source-1': 'lost' };
    expect(readChain(site, values(site, changes)).feeds[0].incomer.state).toBe('lost');
  });
  it('is not normal when no value is usable', () => {
    const changes = { 'dc/pln-b/l1/voltage': undefined, 'dc/ats-b/source-1': undefined };
    expect(readChain(site, values(site, changes)).feeds[1].incomer.state).toBe('unknown');
  });
  it('shows the worst of a string of UPS', () => {
    expect(readChain(site, values(site, { 'dc/ups-b2/output-source': 'battery' })).feeds[1].ups.state).toBe(
      'battery',
    );
  });
  it('has no load when one UPS of the string is silent: half a sum would be a lie', () => {
    expect(
      readChain(site, values(site, { 'dc/ups-a2/output-power': undefined })).feeds[0].loadKw,
    ).toBeUndefined();
  });
  it('tells an open switch from one that stands on the gensets', () => {
    const get = values(site, { 'dc/ats-a/position': 'off', 'dc/ats-b/position': 'source-2' });
    expect(readChain(site, get).feeds.map((feed) => feed.ats.state)).toEqual(['open', 'genset']);
  });
  it('draws what supplies the feed, whatever feed the devices name', () => {
    const crossed = {
      ...site,
      supply: site.supply.map((edge) => (edge.to === 'ups-a2' ? { ...edge, from: 'ats-b' } : edge)),
    };
    const [a, b] = readChain(crossed, values(site, { 'dc/ats-b/position': 'source-2' })).feeds;
    expect([a.ats.state, b.ats.state]).toEqual(['genset', 'genset']);
    expect(a.incomer.devices.map(({ id }) => id)).toEqual(['pln-a', 'pln-b']);
    expect(b.ups.devices.map(({ id }) => id)).toEqual(['ups-b1', 'ups-b2']);
  });
  it('draws a UPS without a feed in both lines, and leaves out what supplies neither', () => {
    const supply = [
      ...site.supply.filter(({ to, from }) => to !== 'panel:B' && from !== 'genset-2'),
      { from: 'ups-a1', to: 'panel:B' },
    ];
    const chain = readChain({ ...site, supply }, values(site));
    expect(chain.feeds.map((feed) => feed.ups.devices.map(({ id }) => id))).toEqual([
      ['ups-a1', 'ups-a2'],
      ['ups-a1'],
    ]);
    expect(chain.feeds[1].incomer.devices.map(({ id }) => id)).toEqual(['pln-a']);
    expect(chain.gensets.total).toBe(1);
  });
  it('counts the gensets that run', () => {
    expect(readChain(site, values(site, { 'dc/genset-2/engine-state': 'running' })).gensets).toMatchObject({
      state: 'running',
      running: 1,
      total: 2,
    });
  });
});

describe('tiles', () => {
  const read = (changes: Record<string, number | string | undefined>): Record<string, TileStatus> => {
    const get = values(site, changes);
    return readTiles(site, readChain(site, get), get);
  };
  it('names the dark UPS string though the grid is well', () => {
    expect(read({ 'dc/ups-a1/output-source': 'none' })['power']).toMatchObject({
      text: 'ups-off',
      values: { ups: 'A' },
      normal: false,
    });
  });
  it('has no colour for a door that somebody walks through, and one for a door that is forced', () => {
    const door = 'dc/door-1/door-1/door-state';
    expect(read({ [door]: 'open' })['access']).toMatchObject({ text: 'open', normal: false, problem: false });
    expect(read({ [door]: 'forced' })['access']).toMatchObject({ text: 'forced', problem: true });
  });
  it('are normal when every point is normal', () => {
    expect(Object.values(read({})).map(({ text, normal }) => [text, normal])).toEqual([
      ['grid', true], ['cooling', true], ['clear', true], ['dry', true], ['closed', true],
    ]); // prettier-ignore
  });
  it('are not normal when no value is usable', () => {
    const { water } = read({ 'dc/leak-1/zone-1/leak': undefined, 'dc/leak-1/zone-2/leak': undefined });
    expect(water).toMatchObject({ text: 'no-data', normal: false });
  });
  it('say how many they know when some are silent', () => {
    expect(read({ 'dc/leak-1/zone-2/leak': undefined })['water']).toMatchObject({
      text: 'silent',
      unknown: 1,
      values: { unknown: 1 },
      problem: false,
    });
  });
  it('show the worst state before silence', () => {
    const changes = { 'dc/leak-1/zone-1/leak': 'leak', 'dc/leak-1/zone-2/leak': undefined };
    expect(read(changes)['water']).toMatchObject({ text: 'leak', values: { count: 1 } });
  });
  it('count the cooling units that are on; one on standby is no trouble', () => {
    expect(read({ 'dc/pac-02/system-state': 'standby' })['cooling']).toMatchObject({
      values: { on: 1, total: 2 },
      problem: false,
    });
  });
  it.each([
    ['one that is off', { 'dc/pac-02/system-state': 'off' }, 'cooling'],
    ['none that runs', { 'dc/pac-01/system-state': 'off', 'dc/pac-02/system-state': 'off' }, 'cooling-none'],
    [
      'standby only',
      { 'dc/pac-01/system-state': 'standby', 'dc/pac-02/system-state': 'standby' },
      'cooling-none',
    ],
  ])('are in trouble without any incident when of the cooling units there is %s', (_name, changes, text) => {
    expect(read(changes)['cooling']).toMatchObject({ text, normal: false, problem: true });
  });
  it('name the source that is left', () => {
    expect(read({ 'dc/pln-a/l1/voltage': 0 })['power']).toMatchObject({
      text: 'grid',
      values: { feeds: 'B' },
      normal: false,
    });
  });
  it('say that the site runs on gensets', () => {
    const changes = {
      'dc/pln-a/l1/voltage': 0,
      'dc/pln-b/l1/voltage': 0,
      'dc/genset-1/engine-state': 'running',
    };
    expect(read(changes)['power']?.text).toBe('on-genset');
  });
});
