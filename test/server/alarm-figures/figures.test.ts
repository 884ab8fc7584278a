import { describe, expect, it } from 'vitest';
import { isAnnunciation } from '../../../server/alarm-figures/annunciation.ts';
import { watchBehaviour } from '../../../server/alarm-figures/behaviour.ts';
import { createFloodMeter } from '../../../server/alarm-figures/flood.ts';
import { judge, type Evidence } from '../../../server/alarm-figures/judge.ts';
import { standingAlarms } from '../../../server/alarm-figures/standing.ts';
import { createTally } from '../../../server/alarm-figures/tally.ts';
import { shippedAims } from '../../support/aims.ts';
import { day, entry, hour, minute, second, start, type EntrySketch } from './support.ts';

const times = (count: number, everyMs: number, from = start): number[] =>
  Array.from({ length: count }, (_, place) => from + place * everyMs);

function tallyOf(sketches: readonly EntrySketch[], to = start + 30 * day) {
  const tally = createTally();
  for (const sketch of sketches) tally.add(entry(sketch));
  return tally.end(to);
}

describe('an annunciation', () => {
  it.each([
    ['normal', 'unacknowledged', 'raise', true],
    ['normal', 'unacknowledged+shelved', 'raise', false],
    ['normal', 'unacknowledged+suppressed', 'raise', false],
    ['returned-unacknowledged', 'unacknowledged', 'raise', true],
    ['latched-unacknowledged', 'unacknowledged', 'raise', true],
    ['unacknowledged', 'returned-unacknowledged', 'return', false],
    ['unacknowledged+shelved', 'unacknowledged', 'shelf-end', true],
    ['returned-unacknowledged+suppressed', 'returned-unacknowledged', 'unsuppress', true],
    ['acknowledged+shelved', 'acknowledged', 'unshelve', false],
    ['unacknowledged', 'acknowledged', 'acknowledge', false],
  ] as const)('from %s to %s by %s: %s', (from, to, why, expected) => {
    expect(isAnnunciation(entry({ at: start, why, from, to }))).toBe(expected);
  });
});

describe('a flood', () => {
  const floodsOf = (at: readonly number[], to = start + day) => {
    const meter = createFloodMeter();
    for (const each of at) meter.add(each);
    return meter.end(to);
  };

  it('begins with the eleventh alarm in ten minutes, not with the tenth', () => {
    expect(floodsOf(times(10, second))).toEqual([]);
    expect(floodsOf(times(11, second))).toEqual([
      { from: start + 10 * second, to: start + 6 * second + 10 * minute, alarms: 11 },
    ]);
  });

  it('begins wherever ten minutes are cut', () => {
    // Six before and six after a full ten minutes: no fixed period has more than ten.
    const around = [...times(6, second, start + 9 * minute), ...times(6, second, start + 11 * minute)];
    expect(floodsOf(around)).toHaveLength(1);
  });

  it('does not begin when eleven take ten minutes', () => {
    expect(floodsOf(times(11, minute))).toEqual([]);
    expect(floodsOf(times(11, minute - second))).toHaveLength(1);
  });

  it('goes on while five alarms or more come in ten minutes, and ends when the fifth is ten minutes old', () => {
    const calm = times(12, 119 * second, start + 2 * minute);
    const [flood, ...others] = floodsOf([...times(11, second), ...calm]);
    expect(others).toEqual([]);
    // The fifth before the end is the eighth of the calm ones.
    expect(flood).toEqual({
      from: start + 10 * second,
      to: start + 12 * minute + 7 * 119 * second,
      alarms: 23,
    });
  });

  it('is cut at the end of the period', () => {
    expect(floodsOf(times(11, second), start + minute)).toEqual([
      { from: start + 10 * second, to: start + minute, alarms: 11 },
    ]);
  });
});

describe('what one alarm does', () => {
  const behaviourOf = (sketches: readonly EntrySketch[]) => {
    const watch = watchBehaviour('hot@dc/env-1/temperature', 'dc');
    for (const sketch of sketches) watch.add(entry(sketch));
    return watch.behaviour;
  };
  const blinks = (count: number, everyMs: number): EntrySketch[] =>
    times(count, everyMs).flatMap((at) => [
      { at, why: 'raise' },
      { at: at + 2 * second, why: 'return' },
    ]);

  it('is chattering when it comes three times within a minute, each episode once', () => {
    expect(behaviourOf(blinks(2, 5 * second)).chattering).toBe(0);
    expect(behaviourOf(blinks(3, 30 * second)).chattering).toBe(1);
    expect(behaviourOf(blinks(3, 31 * second)).chattering).toBe(0);
    expect(behaviourOf(blinks(20, 5 * second)).chattering).toBe(1);
    const again = blinks(3, 5 * second).map((each) => ({ ...each, at: each.at + hour }));
    expect(behaviourOf([...blinks(3, 5 * second), ...again]).chattering).toBe(2);
  });

  it('is fleeting when it is gone within a minute and nobody acknowledged it', () => {
    const gone = (afterMs: number, from = 'unacknowledged'): EntrySketch[] => [
      { at: start, why: 'raise' },
      { at: start + afterMs, why: 'return', from },
    ];
    expect(behaviourOf(gone(59 * second)).fleeting).toBe(1);
    expect(behaviourOf(gone(minute)).fleeting).toBe(0);
    expect(behaviourOf(gone(20 * second, 'acknowledged')).fleeting).toBe(0);
  });

  it('counts which delays would have spared it', () => {
    // 2 s each, every 30 s: any on-delay spares all, an off-delay of 30 s joins all but the first.
    const { shorter, rejoined } = behaviourOf(blinks(4, 30 * second));
    expect(shorter).toEqual([4, 4, 4, 4, 4, 4, 4]);
    expect(rejoined).toEqual([0, 0, 3, 3, 3, 3, 3]);
  });

  it('learns nothing of delays from a clock that was set back', () => {
    const back: EntrySketch[] = [
      { at: start, why: 'raise' },
      { at: start - hour, why: 'return' },
    ];
    expect(behaviourOf(back).shorter).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });
});

describe('alarms that stand for more than 24 hours', () => {
  const alarm = 'hot@dc/env-1/temperature';
  const period = { from: start, to: start + 10 * day };

  it('count from their 25th hour on, each day that they touch', () => {
    const standing = standingAlarms([{ alarm, since: start, until: start + 2.5 * day }], [], period);
    expect(standing).toEqual({ worst: 1, atEnd: 0, days: new Map([[alarm, 2]]) });
    expect(standingAlarms([{ alarm, since: start, until: start + day }], [], period).worst).toBe(0);
  });

  it('count from before the period, and at its end while they stand', () => {
    const standing = standingAlarms([{ alarm, since: start - 5 * day, until: null }], [], period);
    expect(standing).toEqual({ worst: 1, atEnd: 1, days: new Map([[alarm, 10]]) });
  });

  it('do not count while they are hidden', () => {
    const changes = [
      { alarm, server_at: start + hour, to_state: 'acknowledged+shelved' },
      { alarm, server_at: start + 2 * hour, to_state: 'acknowledged+shelved+suppressed' },
      { alarm, server_at: start + 8 * day, to_state: 'acknowledged' },
    ];
    const standing = standingAlarms([{ alarm, since: start, until: null }], changes, period);
    expect(standing).toEqual({ worst: 1, atEnd: 1, days: new Map([[alarm, 2]]) });
    const never = standingAlarms([{ alarm, since: start, until: null }], changes.slice(0, 2), period);
    expect(never).toEqual({ worst: 0, atEnd: 0, days: new Map() });
  });
});

describe('the figures of a site', () => {
  const dc = { id: 'dc', name: 'DC' };
  const none = { P1: 0, P2: 0, P3: 0, P4: 0, P5: 0, unknown: 0 };
  const calm = { worst: 0, atEnd: 0, days: new Map<string, number>() };
  const figuresOf = (evidence: Partial<Evidence>) =>
    new Map(
      judge(
        dc,
        { tally: tallyOf([]), standing: calm, priorities: none, coveredMs: 30 * day, ...evidence },
        shippedAims(),
      ).map((each) => [each.figure, each]),
    );

  it('are not judged on less than 30 days, but shown', () => {
    const tally = tallyOf(times(11, second).map((at) => ({ at, why: 'raise' })));
    const short = figuresOf({ tally, coveredMs: 30 * day - 1 });
    expect(new Set([...short.values()].map(({ verdict }) => verdict))).toEqual(new Set(['too-short']));
    expect(short.get('maximum')?.value).toBe(11);
    expect(figuresOf({ tally }).get('maximum')).toMatchObject({ verdict: 'missed', aim: 10, value: 11 });
  });

  it('rest on the time there is data for', () => {
    // One alarm an hour for 30 days: one sixth of an alarm in ten minutes.
    const tally = tallyOf(times(720, hour).map((at) => ({ at, why: 'raise' })));
    expect(figuresOf({ tally }).get('average')).toMatchObject({ value: 0.167, verdict: 'met' });
    expect(figuresOf({ tally, coveredMs: 60 * day }).get('average')?.value).toBe(0.083);
  });

  it('count fixed ten minutes of the clock for the fullest and the crowded ones', () => {
    const tally = tallyOf([
      ...times(10, second).map((at) => ({ at, why: 'raise' as const })),
      ...times(11, second, start + hour).map((at) => ({ at, why: 'raise' as const })),
    ]);
    expect(tally.peak).toEqual({ at: start + hour, count: 11 });
    expect(tally.crowded).toBe(1);
    // 1 of 4,320 periods.
    expect(figuresOf({ tally }).get('crowded')).toMatchObject({ value: 0.023, verdict: 'met' });
  });

  it('name the share of the ten most frequent alarms', () => {
    const sketches = times(20, hour).map((at, place): EntrySketch => ({
      at,
      why: 'raise',
      alarm: `hot@dc/env-${place < 5 ? 0 : place}/temperature`,
    }));
    // The one that came five times and nine others, of twenty.
    expect(figuresOf({ tally: tallyOf(sketches) }).get('worst-ten')).toMatchObject({
      value: 70,
      verdict: 'missed',
    });
  });

  it('split priorities as 5, 15 and 80 percent, and judge before they round', () => {
    const figures = figuresOf({ priorities: { ...none, P1: 5, P2: 15, P3: 60, P4: 10, P5: 10, unknown: 900 } }); // prettier-ignore
    expect(['priority-high', 'priority-medium', 'priority-low'].map((name) => [...figures.values()].find(({ figure }) => figure === name)?.verdict)).toEqual(['met', 'met', 'met']); // prettier-ignore
    const over = figuresOf({ priorities: { ...none, P1: 50_001, P3: 949_999 } });
    expect(over.get('priority-high')).toMatchObject({ value: 5, verdict: 'missed' });
  });

  it('have nothing to judge where no alarm came', () => {
    const figures = figuresOf({});
    expect(figures.get('worst-ten')).toMatchObject({ value: null, verdict: 'nothing' });
    expect(figures.get('average')).toMatchObject({ value: 0, verdict: 'met' });
  });

  it('say who acknowledged, and how long it took', () => {
    const tally = tallyOf([
      { at: start, why: 'raise' },
      { at: start + minute, why: 'acknowledge', actor: 'ana' },
      { at: start + hour, why: 'raise', alarm: 'hot@dc/env-2/temperature' },
      { at: start + hour + 3 * minute, why: 'acknowledge', actor: 'ana', alarm: 'hot@dc/env-2/temperature' },
    ]);
    expect(tally.operators).toEqual([{ actor: 'ana', acknowledged: 2, meanMs: 2 * minute }]);
  });

  it('count days as Jakarta does', () => {
    const { perDay } = tallyOf([
      { at: start - 1, why: 'raise' },
      { at: start, why: 'raise' },
    ]);
    expect([...perDay]).toEqual([
      ['2026-11-01', 1],
      ['2026-11-02', 1],
    ]);
  });
});
