import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { good, qualityCode, type Reading } from '../../../core/reading.ts';
import { bindRules, type BoundAlarm } from '../../../config/alarms/bind.ts';
import { evaluate, mature, type Moment } from '../../../server/alarms/evaluate.ts';
import { quiet, type AlarmFacts } from '../../../server/alarms/facts.ts';
import { transition } from '../../../server/alarms/transition.ts';
import { fire, smallModel, temperatureHigh, type RuleInput } from './small-model.ts';

const start = Date.UTC(2026, 10, 23, 3);
const second = 1_000;

function bound(rule: RuleInput): BoundAlarm {
  const states = new Map([[0, 'normal'], [5, 'fire-1']]); // prettier-ignore
  const points = [
    { id: 'dc/env-a01/temperature', quantity: 'temperature' },
    { id: 'dc/vesda/alarm-level', quantity: 'alarm-level', unit: 'state' as const, states },
  ];
  const [alarm] = bindRules(smallModel({ rules: [rule], points })).alarms;
  if (alarm === undefined) throw new Error('the rule binds to nothing');
  return alarm;
}

interface Step {
  /** Seconds after the start: source time. */
  readonly at: number;
  readonly value: number;
  readonly quality?: number;
  /** Seconds after the start that it arrives; at once unless given. */
  readonly arrives?: number;
}

/** Both clocks of the server go on together unless a test steps one. */
function momentAt(seconds: number): Omit<Moment, 'facts'> {
  const now = start + seconds * second;
  return { now, monotonic: now, holdMs: 0, valueOf: () => undefined };
}

/** Plays readings and tells every raise and return with the second it happened at. */
function play(
  alarm: BoundAlarm,
  steps: readonly Step[],
  from: AlarmFacts = quiet,
): { facts: AlarmFacts; log: string[] } {
  let facts = from;
  const log: string[] = [];
  for (const { at, value, quality, arrives } of steps) {
    const reading: Reading = { point: 0, at: start + at * second, value, quality: quality ?? good };
    const event = evaluate(alarm, reading, { facts, ...momentAt(arrives ?? at) });
    if (event === undefined) continue;
    facts = transition(facts, event).facts;
    if (event.kind === 'raise' || event.kind === 'return') log.push(`${event.kind} ${arrives ?? at}`);
  }
  return { facts, log };
}

/** The same value every ten seconds, [from, to]. */
function hold(value: number, from: number, to: number, quality: number = good): Step[] {
  return Array.from({ length: (to - from) / 10 + 1 }, (_, step) => ({
    at: from + step * 10,
    value,
    quality,
  }));
}

function arriving({ at, value }: Step, arrives: number): Step {
  return { at, value, arrives };
}

const hot = bound(temperatureHigh);

describe('a limit', () => {
  it('is allowed itself: the alarm needs more', () => {
    expect(play(hot, hold(27, 0, 600)).log).toEqual([]);
    expect(play(hot, hold(27.01, 0, 600)).log).toEqual(['raise 60']);
  });

  it('is left only by the deadband once in alarm', () => {
    const raised = hold(28, 0, 60);
    expect(play(hot, [...raised, ...hold(26.6, 70, 600)]).log).toEqual(['raise 60']);
    expect(play(hot, [...raised, ...hold(26.5, 70, 600)]).log).toEqual(['raise 60', 'return 190']);
  });

  it('below mirrors above', () => {
    const cold = bound({ ...temperatureHigh, when: { below: { standard: 'temperature.min' } } });
    expect(play(cold, hold(18, 0, 600)).log).toEqual([]);
    expect(play(cold, [...hold(17.9, 0, 60), ...hold(18.4, 70, 300)]).log).toEqual(['raise 60']);
    expect(play(cold, [...hold(17.9, 0, 60), ...hold(18.5, 70, 300)]).log).toEqual([
      'raise 60',
      'return 190',
    ]);
  });
});

describe('delays', () => {
  it('raise exactly when the on-delay is over, counted from the flank', () => {
    const { facts, log } = play(hot, [{ at: 0, value: 20 }, { at: 5, value: 28 }, { at: 64.999, value: 29 }, { at: 65, value: 28.5 }]); // prettier-ignore
    expect(log).toEqual(['raise 65']);
    expect(facts.occurrence).toEqual({ since: start + 5 * second, until: null, value: 28.5, worst: 28.5 });
  });

  it('begin again when the value was back in between', () => {
    expect(play(hot, [...hold(28, 0, 50), { at: 55, value: 27 }, ...hold(28, 60, 110)]).log).toEqual([]);
    expect(play(hot, [...hold(28, 0, 50), { at: 55, value: 27 }, ...hold(28, 60, 120)]).log).toEqual([
      'raise 120',
    ]);
  });

  it('return exactly when the off-delay is over, and tell when the condition ended', () => {
    const { facts, log } = play(hot, [...hold(28, 0, 60), ...hold(20, 70, 180), { at: 189.999, value: 20 }, { at: 190, value: 20 }]); // prettier-ignore
    expect(log).toEqual(['raise 60', 'return 190']);
    expect(facts.occurrence?.until).toBe(start + 70 * second);
  });

  it('count in source time when readings arrive together', () => {
    const steps = hold(28, 0, 60).map((step) => arriving(step, 61));
    expect(play(hot, steps).log).toEqual(['raise 61']);
  });

  it('of nothing raise with the first reading', () => {
    expect(
      play(bound(fire), [
        { at: 0, value: 0 },
        { at: 1, value: 5 },
      ]).log,
    ).toEqual(['raise 1']);
  });

  it('take a source clock that is ahead for now', () => {
    const ahead = hold(28, 0, 60).map(({ at, value }) => ({ at: at + 3_600, value, arrives: at }));
    expect(play(hot, ahead).log).toEqual(['raise 60']);
  });
});

describe('readings that say nothing', () => {
  const bad = qualityCode('timeout');

  it('hold a running on-delay over a gap of bad data', () => {
    expect(play(hot, [{ at: 0, value: 28 }, ...hold(Number.NaN, 10, 60, bad), { at: 70, value: 28 }]).log).toEqual(['raise 70']); // prettier-ignore
  });

  it('hold an alarm however long the gap', () => {
    expect(play(hot, [...hold(28, 0, 60), ...hold(20, 70, 900, bad)]).log).toEqual(['raise 60']);
    expect(play(hot, [...hold(28, 0, 60), ...hold(Number.NaN, 70, 900)]).log).toEqual(['raise 60']);
  });

  it('neither raise nor clear when they are stale, although they carry the last number', () => {
    const stale = qualityCode('stale');
    expect(play(hot, hold(40, 0, 300, stale)).log).toEqual([]);
    expect(play(hot, [...hold(28, 0, 60), ...hold(20, 70, 300, stale)]).log).toEqual(['raise 60']);
  });

  it('neither raise nor clear when they come late from a spool', () => {
    const late = hold(40, 0, 300).map((step) => arriving(step, step.at + 90.001));
    expect(play(hot, late).log).toEqual([]);
    const onTime = hold(40, 0, 60).map((step) => arriving(step, step.at + 90));
    expect(play(hot, onTime).log).toEqual(['raise 150']);
  });

  it('may raise but never clear when they are uncertain', () => {
    const partial = qualityCode('partial');
    expect(play(hot, hold(28, 0, 60, partial)).log).toEqual(['raise 60']);
    expect(play(hot, [...hold(28, 0, 60), ...hold(20, 70, 600, partial)]).log).toEqual(['raise 60']);
    expect(play(hot, [...hold(28, 0, 50), { at: 55, value: 20, quality: partial }, { at: 60, value: 28 }]).log).toEqual(['raise 60']); // prettier-ignore
  });
});

describe('a delay that runs out between two readings', () => {
  const pending = play(hot, [{ at: 0, value: 28 }]).facts;
  const at = (seconds: number) => ({ facts: pending, ...momentAt(seconds) });

  it('matures while the value is good', () => {
    expect(mature(hot, 28, at(59.999))).toBeUndefined();
    expect(mature(hot, 28, at(60))).toEqual({ kind: 'raise', since: start, value: 28, latch: false });
  });

  it('waits while nobody sees the value', () => {
    expect(mature(hot, undefined, at(3_600))).toBeUndefined();
  });
});

const anyStep = fc.record({
  gap: fc.integer({ min: 1, max: 90 }),
  value: fc.constantFrom(Number.NaN, 20, 26.6, 27, 27.2, 30, Number.POSITIVE_INFINITY),
  quality: fc.integer({ min: 0, max: 9 }),
});

function sequence(steps: readonly { gap: number; value: number; quality: number }[]): Step[] {
  let at = 0;
  return steps.map(({ gap, value, quality }) => ({ at: (at += gap), value, quality }));
}

describe('for any sequence of readings', () => {
  it('bad ones change nothing', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
        const all = sequence(steps);
        const usable = all.filter(({ quality }) => (quality ?? 0) < 3);
        expect(play(hot, all)).toEqual(play(hot, usable));
      }),
    );
  });

  it('raises and returns alternate, beginning with a raise', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 120 }), (steps) => {
        const kinds = play(hot, sequence(steps)).log.map((line) => line.split(' ')[0]);
        expect(kinds).toEqual(kinds.map((_, place) => (place % 2 === 0 ? 'raise' : 'return')));
      }),
    );
  });
});
