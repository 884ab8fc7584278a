import { describe, expect, it } from 'vitest';
import { qualityCode } from '../../../core/reading.ts';
import { plant, rule } from './plant.ts';

const value = 'pac-1/return-temperature';
const setpoint = 'pac-1/return-temperature-setpoint';
const state = 'pac-1/system-state';

describe('deviation from another point', () => {
  const deviates = rule('off-setpoint', {
    when: { deviates: { value: 5, source: 'test' }, from: { quantity: ['return-temperature-setpoint'] } },
    deadband: 1,
  });

  it('is judged whichever of the two moves, on either side, and returns by the deadband', () => {
    const { read, news } = plant([deviates]);
    read({ [value]: 24, [setpoint]: 24 });
    expect(news()).toEqual([]);
    read({ [setpoint]: 18 });
    expect(news()).toEqual(['off-setpoint raise']);
    read({ [setpoint]: 19.5 });
    expect(news()).toEqual([]);
    read({ [setpoint]: 20.5 });
    expect(news()).toEqual(['off-setpoint return']);
    read({ [value]: 14 });
    expect(news()).toEqual(['off-setpoint raise']);
  });

  it('keeps how far it was, as value and worst', () => {
    const { read, engine } = plant([deviates]);
    read({ [value]: 30, [setpoint]: 24 });
    read({ [value]: 33 });
    expect(engine.active()[0]?.facts.occurrence).toMatchObject({ value: 6, worst: 9 });
  });

  it('is held while the other point has no usable value, and binds only where there is one', () => {
    const { read, news, engine } = plant([deviates]);
    read({ [value]: 40 });
    read({ [setpoint]: Number.NaN }, qualityCode('no-value'));
    expect(news()).toEqual([]);
    expect(engine.find('off-setpoint@dc/pac-2/return-temperature')).toBeUndefined();
    read({ [setpoint]: 24 });
    expect(news()).toEqual(['off-setpoint raise']);
    read({ [setpoint]: Number.NaN }, qualityCode('no-value'));
    read({ [value]: 24 });
    expect(news()).toEqual([]);
  });
});

describe('discrepancy: a condition that takes another point too', () => {
  const discrepancy = rule('warm-though-on', {
    and: { quantity: ['system-state'], states: ['on'] },
    onDelay: '10s',
  });

  it('holds only while both do', async () => {
    const { read, hold, news } = plant([discrepancy]);
    await hold({ [value]: 30, [state]: 0 }, 20);
    expect(news()).toEqual([]);
    await hold({ [value]: 30, [state]: 1 }, 12);
    expect(news()).toEqual(['warm-though-on raise']);
    read({ [state]: 0 });
    expect(news()).toEqual(['warm-though-on return']);
  });

  it('does not mature while the other point has fallen silent', async () => {
    const { read, pass, news } = plant([discrepancy]);
    read({ [value]: 30, [state]: 1 });
    read({ [state]: Number.NaN }, qualityCode('timeout'));
    await pass(15);
    expect(news()).toEqual([]);
  });
});

describe('a point without a usable value', () => {
  const stale = rule('no-value', { when: { stale: '60s', source: 'test' } });

  it('is an alarm after its time, counted from when the value ceased to be fresh, and returns with a value', async () => {
    const { read, pass, news, changes } = plant([stale]);
    await pass(1);
    read({ [value]: 24, 'pac-2/return-temperature': 24 });
    // Fresh for 30 s, then a minute.
    await pass(89);
    expect(news()).toEqual([]);
    await pass(2);
    const since = changes[0]?.facts.occurrence?.since;
    expect(news()).toEqual(['no-value raise', 'no-value raise']);
    expect(since).toBe(changes[0]?.facts.occurrence?.since ?? since);
    read({ [value]: 24 });
    expect(news()).toEqual(['no-value return']);
  });

  it('is one too when it answers with nonsense, or never answered at all', async () => {
    const { hold, news } = plant([stale]);
    for (let second = 0; second < 70; second += 10) {
      await hold({ 'pac-1/return-temperature': 24 }, 10);
    }
    expect(news()).toEqual(['no-value raise']);
  });

  it('is not judged by a bad value as if it were one', async () => {
    const { read, pass, news } = plant([stale]);
    read({ [value]: 24, 'pac-2/return-temperature': 24 });
    for (let second = 0; second < 92; second += 1) {
      await pass(1);
      read({ [value]: Number.NaN }, qualityCode('out-of-range'));
    }
    expect(news()).toEqual(['no-value raise', 'no-value raise']);
  });
});

describe('selectors', () => {
  it('name a device, a rack and a site', () => {
    const { engine } = plant([
      rule('one', { points: { quantity: ['return-temperature'], device: ['pac-2'] } }),
      rule('none', { points: { quantity: ['return-temperature'], site: ['smart-dc'] } }),
      rule('all', { points: { quantity: ['return-temperature'], site: ['dc'] } }),
      rule('racked', { points: { quantity: ['return-temperature'], rack: ['A-01'] } }),
    ]);
    expect(['one@dc/pac-1', 'one@dc/pac-2', 'none@dc/pac-1', 'all@dc/pac-1', 'racked@dc/pac-1'].map((key) => engine.find(`${key}/return-temperature`) !== undefined)).toEqual([
      false, true, false, true, false,
    ]); // prettier-ignore
  });
});
