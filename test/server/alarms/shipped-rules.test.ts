import { describe, expect, it } from 'vitest';
import type { Point } from '../../../config/model.ts';
import { good, qualityCode, type QualityCode, type Reading } from '../../../core/reading.ts';
import { bindRules, type BoundAlarm } from '../../../config/alarms/bind.ts';
import { isActive, stateName } from '../../../server/alarms/facts.ts';
import { createAlarmEngine } from '../../../server/alarms/engine.ts';
import { createPipeline } from '../../../server/pipeline/pipeline.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { shippedModel } from '../../simulator/support.ts';
import { silentLog } from '../../support/field.ts';
import { carried, derived, rackLoads, ready, upsOf, type Said } from './derived-cases.ts';

const model = shippedModel();
const bound = bindRules(model);

/** The shipped rules on what is said of the DC's points (ids without the site), through the product's pipeline and engine. */
function watch() {
  const clock = createFakeClock(Date.UTC(2026, 10, 23, 3));
  const engine = createAlarmEngine({
    bound,
    clock,
    log: silentLog,
    restored: new Map(),
    onChanges: () => undefined,
  });
  const pipeline = createPipeline({ model, clock, log: silentLog });
  pipeline.subscribe('alarms', { readings: engine.accept });
  return {
    /** Says it every ten seconds for so long, every minute where that is long. */
    async say(said: Said, minutes: number, quality: QualityCode = good): Promise<void> {
      const stepMs = minutes > 4 ? 60_000 : 10_000;
      for (let passed = 0; passed < minutes * 60_000; passed += stepMs) {
        const readings = Object.entries(said).map(([id, value]): Reading => {
          const point = pointAt(id);
          return { point: point.index, at: clock.now(), value: codeOf(point, value), quality };
        });
        pipeline.accept(readings);
        pipeline.tick();
        engine.tick();
        await clock.advance(stepMs);
      }
    },
    active: () =>
      engine
        .active()
        .filter(({ facts }) => isActive(facts))
        .map(({ alarm }) => alarm.key),
    /** The state's name, with what hides it. */
    standing(key: string): string | undefined {
      const found = engine.find(key);
      return found === undefined ? undefined : stateName(found.facts);
    },
  };
}

function pointAt(id: string): Point {
  const point = model.pointById.get(`dc/${id}`);
  if (point === undefined) throw new Error(`no point dc/${id}`);
  return point;
}

function codeOf({ id, states }: Point, value: number | string): number {
  if (typeof value === 'number') return value;
  const code = [...(states ?? [])].find(([, name]) => name === value)?.[0];
  if (code === undefined) throw new Error(`${id} has no state ${value}`);
  return code;
}

/** By rule and point: one reading that is well and one that is not, as the rule itself says. */
function readingsOf({ rule, test, point }: BoundAlarm): { well: number; ill: number } {
  if (test.kind === 'states') {
    const well = [...(point.states ?? [])].find(([code]) => !test.codes.has(code))?.[0];
    const [ill] = test.codes;
    if (well === undefined || ill === undefined)
      throw new Error(`${rule.rule} allows no state of ${point.id}`);
    return { well, ill };
  }
  if (!('limit' in test)) throw new Error(`${rule.rule} has no limit`);
  const beyond = Math.max(1, test.deadband);
  return test.kind === 'above'
    ? { well: test.limit - test.deadband - beyond, ill: test.limit + beyond }
    : { well: test.limit + test.deadband + beyond, ill: test.limit - beyond };
}

/** Rule, a point of the DC that it counts, and what its alarm is on. */
const byKind: readonly [string, string, string][] = [
  ['power-values-unusable', 'ups-a1/autonomy', 'ups-a/ups'],
  ['pac-values-unusable', 'pac-01/supply-temperature', 'hall-1/pac'],
  ['fire-values-unusable', 'vesda-hall-1-a/alarm-level', 'hall-1/vesda'],
  ['leak-values-unusable', 'leak-hall-1/zone-1/leak', 'hall-1/leak'],
  ['access-values-unusable', 'door-hall-1/door-1/door-state', 'hall-1/door'],
];

const isDerived = ({ point }: BoundAlarm): boolean => point.source.from === 'formula';

describe('every shipped rule', () => {
  it('raises after its delay and no sooner, holds while nothing can be read, and returns, or is latched', async () => {
    const wrong: string[] = [];
    for (const { rule, onDelay, offDelay, latched } of model.rules) {
      const alarm = bound.alarms.find((each) => each.rule.rule === rule && each.point.site === 'dc');
      // Those on two points are tried below.
      if (alarm === undefined || isDerived(alarm) || alarm.and !== undefined) continue;
      const { well, ill } = readingsOf(alarm);
      const id = alarm.point.id.slice('dc/'.length);
      const watching = watch();
      const isActive = (): boolean => watching.active().includes(alarm.key);
      const expectThat = (is: boolean, what: string): void => void (is || wrong.push(`${rule}: ${what}`));
      await watching.say({ [id]: well }, 0.2);
      expectThat(!isActive(), 'is raised while all is well');
      await watching.say({ [id]: ill }, (onDelay - 10_000) / 60_000);
      expectThat(!isActive() || onDelay === 0, 'is raised before its delay is over');
      await watching.say({ [id]: ill }, 0.6);
      expectThat(isActive(), 'is not raised');
      await watching.say({ [id]: Number.NaN }, 0.2, qualityCode('timeout'));
      expectThat(isActive(), 'returned without a value');
      await watching.say({ [id]: well }, offDelay / 60_000 + 0.4);
      expectThat(isActive() === latched, latched ? 'is not latched' : 'does not return');
    }
    expect(wrong).toEqual([]);
    // A pipeline of all three sites for each of a hundred rules.
  }, 120_000);

  it('says in both languages what follows, what to do first, and by when', () => {
    const mute = model.rules.filter(
      ({ consequence, firstAction, respondWithin }) =>
        consequence === undefined || firstAction === undefined || respondWithin === undefined,
    );
    expect(mute.map(({ rule }) => rule)).toEqual([]);
  });

  it('asks for an answer the sooner the more urgent it is', () => {
    const longest = (urgency: string): number =>
      Math.max(...model.rules.flatMap((rule) => (rule.urgency === urgency ? (rule.respondWithin ?? 0) : [])));
    expect(longest('tinggi')).toBeLessThanOrEqual(3_600_000);
    expect(longest('sedang')).toBeLessThanOrEqual(8 * 3_600_000);
    const soonestOfLow = Math.min(
      ...model.rules.flatMap((rule) => (rule.urgency === 'rendah' ? (rule.respondWithin ?? 0) : [])),
    );
    expect(soonestOfLow).toBeGreaterThanOrEqual(600_000);
  });
});

describe('a rule on a derived point', () => {
  it.each(derived)('$rule', async ({ well, ill, minutes, raises }) => {
    const watching = watch();
    await watching.say(well(model), minutes);
    const before = watching.active();
    expect(before.filter((key) => raises.includes(key) && !key.startsWith('interface-down'))).toEqual([]);
    await watching.say(ill(model), minutes);
    expect(watching.active().sort()).toEqual([...raises].sort());
    await watching.say(ill(model), 0.2, qualityCode('timeout'));
    expect(watching.active().sort()).toEqual([...raises].sort());
    await watching.say(well(model), 12);
    expect(watching.active().sort()).toEqual(before.sort());
  });

  it('panel-load-after-loss, panel-overload: beyond what the UPSs of a feed carry together', async () => {
    const watching = watch();
    const raised = (rule: string): number =>
      watching.active().filter((key) => key.startsWith(`${rule}@dc/`)).length;
    await watching.say({ ...rackLoads(model, 2.5), ...upsOf('a', 'normal', 'normal') }, 3);
    expect([raised('panel-load-after-loss'), raised('panel-overload')]).toEqual([0, 0]);
    await watching.say({ ...rackLoads(model, 5.4), ...upsOf('a', 'normal', 'normal') }, 3);
    expect([raised('panel-load-after-loss'), raised('panel-overload')]).toEqual([2, 0]);
    await watching.say(rackLoads(model, 10.7), 3);
    expect([raised('panel-load-after-loss'), raised('panel-overload')]).toEqual([2, 2]);
    await watching.say(rackLoads(model, 2.5), 8);
    expect([raised('panel-load-after-loss'), raised('panel-overload')]).toEqual([0, 0]);
  });

  it('temperature-rise: half a degree a minute in the whole hall, before any sensor is too warm', async () => {
    const watching = watch();
    const hall = (celsius: number): Said =>
      Object.fromEntries(
        model.devices
          .filter(({ site, room, kind }) => site === 'dc' && room === 'hall-1' && kind === 'env')
          .map(({ id }) => [`${id}/temperature`, celsius]),
      );
    for (let minute = 0; minute < 10; minute += 1) await watching.say(hall(20), 1);
    expect(watching.active()).toEqual([]);
    for (let minute = 0; minute < 10; minute += 1) await watching.say(hall(20 + minute / 2), 1);
    expect(watching.active()).toEqual(['temperature-rise@dc/hall-1/temperature-rise']);
    for (let minute = 0; minute < 20; minute += 1) await watching.say(hall(24.5), 1);
    expect(watching.active()).toEqual([]);
  });

  it('climate-values-unusable: a sensor that answers with nonsense, and not one that is silent', async () => {
    const watching = watch();
    const hall = Object.fromEntries(
      model.devices
        .filter(({ site, room, kind }) => site === 'dc' && room === 'hall-1' && kind === 'env')
        .flatMap(({ id }) => [
          [`${id}/temperature`, 22],
          [`${id}/humidity`, 45],
        ]),
    );
    const sensor: Said = { 'env-a01/temperature': Number.NaN };
    await watching.say(hall, 1);
    await watching.say(sensor, 1, qualityCode('timeout'));
    expect(watching.active()).toEqual([]);
    await watching.say(hall, 1);
    await watching.say(sensor, 0.3, qualityCode('out-of-range'));
    expect(watching.active()).toEqual(['climate-values-unusable@dc/hall-1/climate/unusable-values']);
    // While it is silent, nothing says that it is mended.
    await watching.say(sensor, 2, qualityCode('timeout'));
    expect(watching.active()).toEqual(['climate-values-unusable@dc/hall-1/climate/unusable-values']);
    await watching.say(hall, 2);
    expect(watching.active()).toEqual([]);
  });

  it.each(byKind)('%s: a value out of its range, by room and kind', async (rule, point, key) => {
    const watching = watch();
    await watching.say({ [point]: Number.NaN }, 0.5, qualityCode('timeout'));
    expect(watching.active()).toEqual([]);
    await watching.say({ [point]: Number.NaN }, 0.5, qualityCode('out-of-range'));
    expect(watching.active()).toEqual([`${rule}@dc/${key}/unusable-values`]);
  });

  it('fire-values-unusable: a level that a detector leaves out of its answer, which is no fault of other devices', async () => {
    const watching = watch();
    await watching.say({ 'ups-a1/battery-temperature': Number.NaN }, 0.5, qualityCode('no-value'));
    expect(watching.active()).toEqual([]);
    await watching.say({ 'vesda-hall-1-a/alarm-level': Number.NaN }, 0.5, qualityCode('no-value'));
    expect(watching.active()).toEqual(['fire-values-unusable@dc/hall-1/vesda/unusable-values']);
  });

  it('ats-not-returned: on the second source for a quarter of an hour although the first is there', async () => {
    const watching = watch();
    const on = (source1: string): Said => ({ 'ats-a/position': 'source-2', 'ats-a/source-1': source1 });
    await watching.say(on('lost'), 30);
    expect(watching.active()).toEqual([]);
    await watching.say(on('available'), 14);
    expect(watching.active()).toEqual([]);
    await watching.say(on('available'), 2);
    expect(watching.active()).toEqual(['ats-not-returned@dc/ats-a/position']);
    await watching.say({ ...on('available'), 'ats-a/position': 'source-1' }, 1);
    expect(watching.active()).toEqual([]);
  });

  it('pac-off-setpoint: runs and does not reach its set point', async () => {
    const watching = watch();
    const pac = (state: string, supply: number): Said => ({
      'pac-01/system-state': state,
      'pac-01/supply-temperature': supply,
      'pac-01/supply-temperature-setpoint': 18,
    });
    await watching.say(pac('on', 22), 20);
    await watching.say(pac('standby', 26), 20);
    expect(watching.active()).toEqual([]);
    await watching.say(pac('on', 26), 16);
    expect(watching.active()).toEqual(['pac-off-setpoint@dc/pac-01/supply-temperature']);
    await watching.say(pac('on', 21), 6);
    expect(watching.active()).toEqual([]);
  });

  it('ups-autonomy-short: not while the battery is in use, nor in the ten minutes in which it charges again', async () => {
    const watching = watch();
    const ups = (source: string, autonomy: number): Said => ({
      'ups-a1/output-source': source,
      'ups-a1/autonomy': autonomy,
    });
    const isShort = (): boolean => watching.active().some((key) => key.startsWith('ups-autonomy-short'));
    await watching.say(ups('normal', 1_200), 2);
    await watching.say(ups('battery', 60), 3);
    const hidden = watching.standing('ups-autonomy-short@dc/ups-a1/autonomy');
    expect([isShort(), hidden]).toEqual([false, 'unacknowledged+suppressed']);
    await watching.say(ups('normal', 60), 8);
    expect(isShort()).toBe(false);
    await watching.say(ups('normal', 60), 4);
    expect(isShort()).toBe(true);
  });

  it('endurance-short: fuel for less than twelve hours', async () => {
    const watching = watch();
    const tanks = (monthly: number): Said => ({
      ...carried,
      'tank-monthly/level': monthly,
      'tank-day-1/level': 900,
      'tank-day-2/level': 900,
    });
    await watching.say(tanks(10_000), 6);
    expect(watching.active()).toEqual([]);
    await watching.say(tanks(500), 6);
    expect(watching.active()).toEqual(['endurance-short@dc/site/endurance']);
    await watching.say(tanks(10_000), 6);
    expect(watching.active()).toEqual([]);
  });

  it('dew-point-high: within the band of the catalogue, and still a risk of condensation', async () => {
    const watching = watch();
    await watching.say({ 'env-a01/temperature': 22, 'env-a01/humidity': 50 }, 2);
    expect(watching.active()).toEqual([]);
    await watching.say({ 'env-a01/temperature': 26, 'env-a01/humidity': 59 }, 2);
    expect(watching.active()).toEqual(['dew-point-high@dc/env-a01/dew-point']);
    await watching.say({ 'env-a01/temperature': 22, 'env-a01/humidity': 50 }, 3);
    expect(watching.active()).toEqual([]);
  });

  it('is tried here, whatever rule it is', () => {
    const apart = [
      ...byKind.map(([rule]) => rule),
      'panel-load-after-loss',
      'panel-overload',
      'temperature-rise',
      'climate-values-unusable',
      'endurance-short',
      'dew-point-high',
    ];
    const tried = new Set([
      ...apart,
      ...derived.flatMap(({ raises }) => raises.map((key) => key.split('@')[0])),
    ]);
    const rules = new Set(bound.alarms.filter(isDerived).map(({ rule }) => rule.rule));
    expect([...rules].filter((rule) => !tried.has(rule))).toEqual([]);
  });

  it('does not judge frames per second while the recorder is idle', async () => {
    const watching = watch();
    await watching.say({ 'cctv/recording': 'recording', 'cctv/frame-rate': 25 }, 0.5);
    await watching.say({ 'cctv/recording': 'idle', 'cctv/frame-rate': 0 }, 5);
    expect(watching.active()).toEqual([]);
  });

  it('loses no redundancy to a genset that merely does not answer', async () => {
    const watching = watch();
    await watching.say({ ...carried, ...ready(1), ...ready(2), ...ready(3) }, 1);
    const { 'genset-1/control-mode': _silent, ...others } = {
      ...carried,
      ...ready(1),
      ...ready(2),
      ...ready(3),
    };
    await watching.say(others, 5);
    expect(watching.active()).toEqual([]);
    // Nor does it hide that another one is out: with two of three out, one is left whatever the silent one is.
    await watching.say({ ...others, ...ready(2, 'stop'), ...ready(3, 'stop') }, 3);
    expect(watching.active()).toContain('genset-redundancy-lost@dc/site/gensets/units-spare');
  });
});
