import { describe, expect, it } from 'vitest';
import { drillNames } from '../../server/contracts/system.ts';
import { drills, type DrillName } from '../../simulator/drills/drills.ts';
import { UnknownSiteError } from '../../simulator/field.ts';
import { minute, morning, second, shippedModel, startField } from './support.ts';
import { watch } from './watch.ts';

const model = shippedModel();

describe('a healthy estate', () => {
  it.each([0, 5, 10, 15, 20])('raises nothing from %i o’clock', (hour) => {
    const startAt = Date.UTC(2026, 10, 23, hour - 7);
    const watching = watch(model, startField(model, { at: startAt }), { startAt });
    watching.run(6 * minute, 30 * second);
    expect([...watching.raised]).toEqual([]);
  });
});

/** What each drill must raise within so many minutes, and whether it is over so many minutes after it was stopped. */
const expected: Record<
  DrillName,
  {
    readonly raises: readonly string[];
    readonly within: number;
    readonly back: number;
    readonly latched?: readonly string[];
  }
> = {
  'pln-outage': { raises: ['pln-source-lost', 'ups-on-battery'], within: 2, back: 3 },
  // The gensets run already when PLN goes, and this model's ATS transfers at once: the UPSs stay off their batteries.
  'load-test': { raises: ['pln-source-lost'], within: 2, back: 3 },
  'pac-failure': { raises: ['pac-off', 'temperature-high'], within: 9, back: 20 },
  // Minutes before the first sensor is at its limit, the rise says that the hall has no cooling.
  'cooling-loss': {
    raises: [
      'pac-off',
      'pac-redundancy-lost',
      'temperature-rise',
      'temperature-high',
      'temperature-critical',
      'humidity-low',
    ],
    within: 7,
    back: 60,
  },
  'feed-a-loss': { raises: ['ups-output-off', 'meter-lost'], within: 3, back: 3 },
  smoke: { raises: ['smoke-alert', 'smoke-action', 'fire'], within: 3, back: 4, latched: ['fire'] },
  leak: { raises: ['leak'], within: 1, back: 2 },
  'door-forced': { raises: ['door-forced'], within: 1, back: 1 },
  'sensor-fault': { raises: ['climate-values-unusable'], within: 1, back: 2 },
  'device-dead': { raises: ['climate-device-lost'], within: 1, back: 1 },
  // Everything that stands in a hall, by what each rule watches.
  'network-loss': {
    raises: [
      'access-device-lost',
      'climate-device-lost',
      'fire-device-lost',
      'leak-detector-lost',
      'meter-lost',
    ],
    within: 1,
    back: 1,
  },
  'ups-failure': { raises: ['ups-output-off', 'ups-redundancy-lost'], within: 3, back: 3 },
  'ups-battery': { raises: ['ups-battery-replace', 'ups-battery-hot'], within: 12, back: 20 },
  // Three sets stand at the DC and its load takes one: with one in manual it is still N+1.
  'genset-unready': {
    raises: ['genset-not-auto', 'genset-battery-low', 'genset-heater-failed'],
    within: 22,
    back: 30,
  },
  // Nothing is seen of these before a genset runs, and of a leak before the tank is low.
  'genset-start-fails': { raises: [], within: 1, back: 1 },
  'genset-sag': { raises: [], within: 1, back: 1 },
  'fuel-leak': { raises: [], within: 1, back: 1 },
  'genset-fire': { raises: ['fire', 'co2-release'], within: 1, back: 1, latched: ['fire', 'co2-release'] },
  'agent-leak': { raises: ['agent-pressure-low'], within: 6, back: 4 },
  'mantrap-open': { raises: ['door-held', 'mantrap-both-open'], within: 1, back: 1 },
  'cctv-fault': { raises: ['cctv-frame-rate'], within: 2, back: 2 },
  // Seen from the events of the doors, which are no points.
  'unknown-card': { raises: [], within: 1, back: 1 },
  tailgating: { raises: [], within: 1, back: 1 },
  'entry-without-ticket': { raises: [], within: 1, back: 1 },
  duress: { raises: [], within: 1, back: 1 },
  'internet-outage': { raises: ['interface-down', 'internet-lost'], within: 2, back: 3 },
};

describe('the drills', () => {
  it('have the names under which the outside starts them', () => {
    expect(Object.keys(drills).sort()).toEqual([...drillNames].sort());
  });

  it.each(drillNames)('%s raises what it should, and only that, and ends', (name) => {
    const { raises, within, back, latched } = expected[name];
    const field = startField(model);
    const watching = watch(model, field, { startAt: morning, sites: ['dc'] });
    watching.run(10 * second, 5 * second);
    field.startDrill(name, 'dc', watching.now());
    watching.run(within * minute, within > 3 ? 20 * second : 5 * second);
    expect([...watching.raised].sort()).toEqual([...raises].sort());
    field.stopDrill(name, 'dc');
    watching.run(back * minute, back > 4 ? 60 * second : 10 * second);
    expect([...watching.standing()]).toEqual(latched ?? []);
  });

  it('genset-start-fails lets the first attempt fail and the second succeed', () => {
    const field = startField(model);
    field.startDrill('genset-start-fails', 'dc', morning);
    field.startDrill('load-test', 'dc', morning, 1);
    const phases: string[][] = [[], []];
    for (let now = morning; now < morning + 40 * second; now += second) {
      field.advance(now);
      const { gensets } = field.stateOf('dc').supply;
      for (const [index, seen] of phases.entries())
        if (seen.at(-1) !== gensets[index]?.phase) seen.push(gensets[index]?.phase ?? '');
    }
    const once = ['stopped', 'pre-start', 'post-run', 'stopped', 'pre-start', 'warming-up', 'running'];
    expect(phases).toEqual([once, ['stopped', 'pre-start', 'warming-up', 'running']]);
  });

  it('genset-sag takes the frequency below its band once the gensets carry the load', () => {
    const field = startField(model);
    field.startDrill('genset-sag', 'dc', morning);
    field.startDrill('load-test', 'dc', morning, 2);
    const hzAt = (s: number): number => {
      field.advance(morning + s * second);
      return (field.stateOf('dc').supply.gensets[0]?.rpm ?? 0) / 30;
    };
    expect(hzAt(28)).toBeCloseTo(50, 1);
    expect(hzAt(80)).toBeLessThan(49);
  });

  it('fuel-leak loses ten litres a minute from one day tank', () => {
    const field = startField(model);
    const litres = (): number => field.stateOf('dc').fuel.tanksL.reduce((sum, each) => sum + each, 0);
    field.advance(morning + second);
    const before = litres();
    field.startDrill('fuel-leak', 'dc', morning + second);
    field.advance(morning + 61 * second);
    expect(before - litres()).toBeCloseTo(10, 0);
  });

  it('load-test runs its whole course and ends by itself', () => {
    const field = startField(model);
    field.startDrill('load-test', 'dc', morning, 1);
    const seen: string[] = [];
    for (let now = morning; now < morning + 5 * minute; now += second) {
      field.advance(now);
      const { supply } = field.stateOf('dc');
      const mark = `${supply.incomers.includes(true) ? 'on' : 'off'} ${supply.position} ${supply.gensets[0]?.phase}`;
      if (seen.at(-1) !== mark) seen.push(mark);
    }
    expect(seen).toEqual([
      'on source-1 stopped', 'on source-1 pre-start', 'on source-1 warming-up', 'on source-1 running',
      'off source-1 running', 'off source-2 running', 'on source-2 running', 'on source-1 running', 'on source-1 cooling-down',
      'on source-1 post-run', 'on source-1 stopped',
    ]); // prettier-ignore
    expect(field.running()).toEqual([]);
  });

  it('touch no other site', () => {
    const field = startField(model);
    field.startDrill('feed-a-loss', 'dc', morning);
    field.advance(morning + 5 * second);
    expect(field.stateOf('dc').live).toEqual({ A: false, B: true });
    expect(field.stateOf('drc').live).toEqual({ A: true, B: true });
  });

  it('start and stop once however often they are asked', () => {
    const field = startField(model);
    field.startDrill('leak', 'dc', morning);
    field.startDrill('leak', 'dc', morning + minute);
    expect(field.running()).toEqual([{ name: 'leak', site: 'dc', startedAt: morning }]);
    field.stopDrill('leak', 'dc');
    field.stopDrill('leak', 'dc');
    expect(field.running()).toEqual([]);
  });

  it('refuse a site that is not there', () => {
    expect(() => startField(model).startDrill('leak', 'surabaya', morning)).toThrow(UnknownSiteError);
  });

  it('let the whole load of a rack move to feed B when feed A is lost', () => {
    const field = startField(model);
    const before = field.stateOf('drc');
    field.startDrill('feed-a-loss', 'drc', morning);
    field.advance(morning + 5 * second);
    const after = field.stateOf('drc');
    expect(Math.max(...after.rackKw.A)).toBe(0);
    expect(after.rackKw.B[0]).toBeCloseTo((before.rackKw.A[0] ?? 0) + (before.rackKw.B[0] ?? 0), 1);
  });

  it('silence the rack PDUs of a dead feed, but no meter with a supply of its own', () => {
    const field = startField(model);
    for (const { id } of model.sites) field.startDrill('feed-a-loss', id, morning);
    field.advance(morning + 5 * second);
    const silent = new Set(
      model.devices
        .filter((device) => field.isSilent(device))
        .map(({ kind, feed }) => `${kind} ${feed ?? ''}`),
    );
    expect([...silent]).toEqual(['pdu A']);
  });
});
