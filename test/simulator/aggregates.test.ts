import { describe, expect, it } from 'vitest';
import type { Model, Point } from '../../config/model.ts';
import { isUsable, qualityCode, type Reading } from '../../core/reading.ts';
import { createPipeline, type Pipeline } from '../../server/pipeline/pipeline.ts';
import { formulaInputs } from '../../server/pipeline/formula.ts';
import type { DrillName } from '../../simulator/drills/drills.ts';
import type { Field } from '../../simulator/field.ts';
import { hash } from '../../simulator/physics/noise.ts';
import type { SiteState } from '../../simulator/physics/site.ts';
import { silentLog } from '../support/field.ts';
import { minute, morning, second, shippedModel, startField } from './support.ts';

const model = shippedModel();
/** A device that does not answer is known to be lost after its retries. */
const givesUpAfterMs = 3 * second;

/**
 * One site, each meter read in its own turn as the pollers do, a step of the physics a second. Collects what is published of
 * the site's own points.
 */
function watchSite(field: Field, site: string) {
  let now = morning;
  let pipeline: Pipeline;
  const published: { id: string; at: number; reading: Reading }[] = [];
  const stored = new Map<string, { at: number; value: number }>();
  const physics: { at: number; state: SiteState }[] = [];
  const inputs = measuredInputs(model, site).map((point) => {
    const device = model.deviceById.get(`${site}/${point.device ?? ''}`);
    if (device === undefined) throw new Error(`${point.id} has no device`);
    const phase = hash(device.key, 3) % point.intervalMs;
    return { point, device, phase, read: field.reader(device, point), silentSince: 0 };
  });

  function collect(readings: readonly Reading[]): void {
    for (const reading of readings) {
      const point = model.points[reading.point];
      if (point === undefined) continue;
      if (isUsable(reading.quality)) stored.set(point.id, { at: reading.at, value: reading.value });
      if (point.source.from !== 'formula' || point.owner.kind === 'device') continue;
      published.push({ id: point.id, at: now, reading });
    }
  }
  function start(): void {
    pipeline = createPipeline({
      model,
      clock: {
        now: () => now,
        monotonic: () => now,
        after: () => () => undefined,
        sleep: () => Promise.resolve(),
      },
      log: silentLog,
    });
    pipeline.subscribe('store', { keep: collect });
    pipeline.restore(stored);
  }
  start();

  return {
    published,
    restart: start,
    now: () => now,
    current: (id: string) => {
      const index = model.pointById.get(`${site}/${id}`)?.index ?? -1;
      const { value, quality, wholeValue, wholeAt } = pipeline.current;
      return {
        value: value[index] ?? Number.NaN,
        quality: quality[index],
        whole: wholeValue[index] ?? Number.NaN,
        wholeAt: wholeAt[index] ?? 0,
      };
    },
    run(forMs: number): void {
      for (const end = now + forMs; now < end;) {
        now += second;
        field.advance(now);
        physics.push({ at: now, state: field.stateOf(site) });
        for (const input of inputs) {
          const { point, device, phase, read } = input;
          const silent = field.isSilent(device);
          input.silentSince = silent ? input.silentSince || now : 0;
          if (
            Math.floor((now + phase) / point.intervalMs) ===
            Math.floor((now - second + phase) / point.intervalMs)
          )
            continue;
          const base = { point: point.index, at: now };
          if (!silent) {
            const answer = read();
            const value = 'value' in answer && typeof answer.value === 'number' ? answer.value : Number.NaN;
            pipeline.accept([{ ...base, value, quality: 0 }]);
          } else if (now - input.silentSince >= givesUpAfterMs)
            pipeline.accept([{ ...base, value: Number.NaN, quality: qualityCode('timeout') }]);
        }
        pipeline.tick();
      }
    },
    /** What the physics had of something within the time that a sum may look back. */
    range(at: number, of: (state: SiteState) => number): [number, number] {
      const recent = physics.filter((each) => each.at <= at && each.at > at - 45 * second);
      const values = recent.map(({ state }) => of(state));
      return [Math.min(...values), Math.max(...values)];
    },
  };
}

/** Measured points behind the derived points of a site, its halls and racks. */
function measuredInputs(of: Model, site: string): Point[] {
  const wanted = new Set<number>();
  for (const point of of.points.filter((each) => each.site === site).reverse())
    if (point.source.from === 'formula' && (point.owner.kind !== 'device' || wanted.has(point.index)))
      for (const input of formulaInputs(point.source.formula)) wanted.add(input);
  return of.points.filter(
    (point) => wanted.has(point.index) && point.source.from === 'device' && point.kind !== 'env',
  );
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
const itKw = (state: SiteState): number => sum(state.rackKw.A) + sum(state.rackKw.B);

/** No power of the site that was published lies outside what the physics had, 2 % apart (meters are read within seconds). */
function expectTrue(watching: ReturnType<typeof watchSite>, site: string, from: number): void {
  const wrong = watching.published
    .filter(({ id, at, reading }) => {
      if (id !== `${site}/site/power` && id !== `${site}/site/load-after-loss`) return false;
      if (!isUsable(reading.quality) || at < from) return false;
      const [low, high] = watching.range(at, itKw);
      return reading.value < 0.98 * low || reading.value > 1.02 * high;
    })
    .map(({ id, at, reading }) => `${id} ${reading.value.toFixed(1)} after ${(at - from) / second} s`);
  expect(wrong).toEqual([]);
}

describe.each(['dc', 'smart-dc'])('published power of %s', (site) => {
  it.each<DrillName>(['feed-a-loss', 'network-loss', 'pln-outage'])(
    'is true before, during and after %s',
    (drill) => {
      const field = startField(model);
      const watching = watchSite(field, site);
      watching.run(minute);
      const before = watching.current('site/power');
      expect(before.quality).toBe(0);
      expect(before.value).toBeCloseTo(itKw(field.stateOf(site)), -1);
      const from = watching.now();
      field.startDrill(drill, site, from);
      watching.run(2 * minute);
      const during = watching.current('site/power');
      // Rack PDUs that lost their supply, or the whole network: a part is missing, and the last whole value is kept with its time.
      const missing = drill === 'network-loss' || (drill === 'feed-a-loss' && site === 'dc');
      expect(Number.isNaN(during.value)).toBe(missing);
      expect(during.whole).toBeCloseTo(itKw(field.stateOf(site)), -2);
      expect(during.wholeAt > from + minute).toBe(!missing);
      field.stopDrill(drill, site);
      watching.run(2 * minute);
      expect(watching.current('site/power').quality).toBe(0);
      expectTrue(watching, site, from);
    },
  );

  it('is true after a restart: nothing until every rack was read', () => {
    const field = startField(model);
    const watching = watchSite(field, site);
    watching.run(minute);
    const from = watching.now();
    watching.restart();
    watching.run(minute);
    expect(watching.current('site/power').quality).toBe(0);
    expectTrue(watching, site, from);
  });

  it('never shows a rack more or less than it draws while a feed is lost', () => {
    const field = startField(model);
    const watching = watchSite(field, site);
    watching.run(minute);
    const from = watching.now();
    field.startDrill('feed-a-loss', site, from);
    watching.run(minute);
    field.stopDrill('feed-a-loss', site);
    watching.run(minute);
    const racks = model.racks.filter((rack) => rack.site === site);
    const wrong = watching.published.filter(({ id, at, reading }) => {
      const index = racks.findIndex((rack) => id === `${rack.key}/power`);
      if (index < 0 || at <= from || !isUsable(reading.quality)) return false;
      const [low, high] = watching.range(
        at,
        (state) => (state.rackKw.A[index] ?? 0) + (state.rackKw.B[index] ?? 0),
      );
      return reading.value < 0.9 * low || reading.value > 1.1 * high;
    });
    expect(wrong.map(({ id, reading }) => `${id} ${reading.value}`)).toEqual([]);
  });
});

describe.each(['dc', 'drc'])('fuel endurance of %s', (site) => {
  it('never grows while PLN is lost, the gensets take over, and PLN returns', () => {
    const field = startField(model);
    const watching = watchSite(field, site);
    watching.run(minute);
    const before = watching.current('site/endurance');
    expect(before.quality).toBe(0);
    const from = watching.now();
    field.startDrill('pln-outage', site, from);
    watching.run(3 * minute);
    expect(watching.current('site/endurance').quality).toBe(0);
    field.stopDrill('pln-outage', site);
    watching.run(3 * minute);
    const shown = watching.published.filter(
      ({ id, at, reading }) => id === `${site}/site/endurance` && at > from && isUsable(reading.quality),
    );
    const hours = shown.map(({ reading }) => reading.value / 3_600);
    expect(Math.max(...hours)).toBeLessThan((before.value / 3_600) * 1.1);
    expect(Math.min(...hours)).toBeGreaterThan((before.value / 3_600) * 0.8);
    // Between the supplies it rests on the load that was carried before, and is marked so.
    expect(shown.some(({ reading }) => reading.quality === qualityCode('substituted'))).toBe(true);
  });
});
