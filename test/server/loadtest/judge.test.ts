import { describe, expect, it } from 'vitest';
import { criterionNames } from '../../../config/schema/loadtest.ts';
import { changed, criterion, judged, planned, testTraces, theRun, trace, engine } from './support.ts';

const declarations = [planned];
const loaded = 35 * 60;
const whole = testTraces(loaded);
const all = { toS: loaded + 600 };
const result = judged(theRun(whole, { declarations }));

describe('a test of 35 minutes at 40 % with every reading', () => {
  it('passes what it proves, with the value, the limit and the source', () => {
    expect(criterion(result, 'loaded-run')).toMatchObject({
      verdict: 'pass',
      unit: 'min',
      limit: { value: 30, sense: 'least' },
      source: 'NFPA 110 §8.4.2',
    });
    expect(criterion(result, 'loaded-run').value?.value).toBeCloseTo(loaded / 60, 1);
    for (const name of ['completed', 'interval', 'sets-started', 'ride-through', 'battery-time', 'steady-voltage', 'steady-frequency', 'recovery-frequency', 'redundancy'] as const)
      expect([name, criterion(result, name).verdict]).toEqual([name, 'pass']);
    expect(result.criteria.map(({ name }) => name)).toEqual([...criterionNames]);
  }); // prettier-ignore

  it('does not believe that no dip lay between readings two seconds apart', () => {
    expect(criterion(result, 'dip-voltage')).toMatchObject({ verdict: 'not-proven', why: 'too-coarse', reference: true });
  }); // prettier-ignore

  it('times start and transfer between the readings: 14 s seen, 12 to 16 s true', () => {
    expect(criterion(result, 'start-transfer')).toMatchObject({
      verdict: 'fail',
      value: { value: 14, least: 12, most: 16 },
      limit: { value: 10, sense: 'most' },
    });
  });

  it('cannot tell how long the fuel lasts when the tank did not move', () => {
    expect(criterion(result, 'endurance').verdict).toBe('not-proven');
    expect(result.verdict).toBe('not-proven');
  });
});

describe('a gap in the evidence', () => {
  it('makes a pass impossible where it counts, and nowhere else', () => {
    const gap = { ...all, without: [[600, 700]] as const };
    const power = [[-200, 0], [14, 400], [loaded + 14, 0]] as const; // prettier-ignore
    const judgement = judged(
      theRun(changed(whole, { 't/genset-1/power': trace(power, gap) }), { declarations }),
    );
    expect(criterion(judgement, 'loaded-run')).toMatchObject({ verdict: 'not-proven', why: 'gaps' });
    expect(criterion(judgement, 'redundancy')).toMatchObject({ verdict: 'not-proven', why: 'gaps' });
    expect(criterion(judgement, 'steady-voltage').verdict).toBe('pass');
  });

  it('does not save what was seen to fail', () => {
    const sag = { ...all, without: [[600, 700]] as const };
    const hertz = [[-200, 0], [2, 7], [6, 41], [10, 50], [900, 48.9], [960, 50], [loaded + 74, 0]] as const; // prettier-ignore
    const judgement = judged(
      theRun(changed(whole, { 't/genset-1/frequency': trace(hertz, sag) }), { declarations }),
    );
    expect(criterion(judgement, 'steady-frequency')).toMatchObject({ verdict: 'fail', things: ['genset-1'] });
  });

  it('of a few seconds in which PLN went does not make a test one in which it stayed; a loss minutes later does', () => {
    const completed = (pln: ReturnType<typeof trace>) =>
      criterion(judged(theRun(changed(whole, { 't/pln-a/l1/voltage': pln }), { declarations })), 'completed');
    const back = [loaded - 16, 230.1] as const;
    const late = trace([[-200, 230.1], [0, 0], back], { ...all, without: [[-2, 22]] }); // prettier-ignore
    expect(completed(late).verdict).toBe('pass');
    const stayed = trace([[-200, 230.1], [200, 0], back], all); // prettier-ignore
    expect(completed(stayed)).toMatchObject({ verdict: 'fail', why: 'not-islanded' });
  });

  it('of the UPS leaves open whether it carried the load', () => {
    const source = trace([[-200, 1], [0, 2], [14, 1]], { ...all, without: [[2, 40]] }); // prettier-ignore
    const judgement = judged(theRun(changed(whole, { 't/ups-1/output-source': source }), { declarations }));
    expect(criterion(judgement, 'ride-through').verdict).toBe('not-proven');
    expect(criterion(judgement, 'battery-time').verdict).toBe('not-proven');
  });
});

describe('a fault', () => {
  it('of 4 minutes under load fails the 30 minutes with its value', () => {
    const judgement = judged(theRun(testTraces(240), { declarations }));
    expect(criterion(judgement, 'loaded-run')).toMatchObject({ verdict: 'fail', why: 'limit' });
    expect(criterion(judgement, 'loaded-run').value?.value).toBeCloseTo(4, 1);
    expect(judgement.verdict).toBe('fail');
  });

  it('of a genset that stays down is named', () => {
    const down = changed(whole, {
      't/genset-2/engine-state': trace([[-200, engine.stopped]], all),
      't/genset-2/power': trace([[-200, 0]], all),
      't/genset-2/l1/voltage': trace([[-200, 0]], all),
      't/genset-2/frequency': trace([[-200, 0]], all),
    });
    const judgement = judged(theRun(down, { declarations }));
    expect(criterion(judgement, 'sets-started')).toMatchObject({ verdict: 'fail', why: 'not-started', things: ['genset-2'] });
    expect(criterion(judgement, 'loaded-run').verdict).toBe('pass');
  }); // prettier-ignore

  it('of a UPS that dropped its load fails the ride-through', () => {
    const dropped = trace([[-200, 1], [0, 2], [8, 0], [14, 1]], all); // prettier-ignore
    const judgement = judged(theRun(changed(whole, { 't/ups-1/output-source': dropped }), { declarations }));
    expect(criterion(judgement, 'ride-through')).toMatchObject({ verdict: 'fail', things: ['ups-1'] });
  });

  it('of fuel that leaks stands in the balance, and the endurance is of what is left', () => {
    // 4000 L gone in 35 minutes; the sets use about 130.
    const level = trace(
      Array.from({ length: 36 }, (_, index) => [index * 60, 9_000 - index * 114] as const),
      all,
    );
    const judgement = judged(theRun(changed(whole, { 't/tank/level': level }), { declarations }));
    expect(criterion(judgement, 'fuel-balance')).toMatchObject({ verdict: 'fail', why: 'limit' });
    expect(criterion(judgement, 'endurance')).toMatchObject({ verdict: 'fail' });
    // Had the one set run at full load for as long as it was not read, the fuel would still be too much.
    const gap = trace([[-200, 0], [14, 400], [loaded + 14, 0]], { ...all, without: [[600, 1_200]] }); // prettier-ignore
    const withGap = judged(
      theRun(changed(whole, { 't/tank/level': level, 't/genset-1/power': gap }), { declarations }),
    );
    expect(criterion(withGap, 'fuel-balance')).toMatchObject({ verdict: 'fail', why: 'limit' });
  });

  it('of a starter battery is judged by what holds as the engine starts, however late the server came up', () => {
    const volts = [[-200, 27], [2, 22.5], [6, 28]] as const; // prettier-ignore
    const withBattery = (fromS: number) =>
      criterion(
        judged(
          theRun(changed(whole, { 't/genset-1/battery-voltage': trace(volts, { ...all, fromS }) }), {
            declarations,
          }),
        ),
        'engine-limits',
      );
    expect(withBattery(-20).verdict).toBe('pass');
    expect(withBattery(4)).toMatchObject({ verdict: 'not-proven', things: ['genset-1/battery-voltage'] });
  });
});

describe('an outage', () => {
  it('is judged by the same criteria, without the period of tests', () => {
    const judgement = judged(theRun(whole));
    expect(judgement.criteria.some(({ name }) => name === 'interval')).toBe(false);
    expect(criterion(judgement, 'completed').verdict).toBe('pass');
  });
});
