import { describe, expect, it } from 'vitest';
import { qualityCode } from '../../../core/reading.ts';
import { isActive } from '../../../server/alarms/facts.ts';
import { rule as ruleSchema } from '../../../config/schema/rule.ts';
import { plant, rule } from './plant.ts';

const value = 'pac-1/return-temperature';
const state = 'pac-1/system-state';
const reason = { id: 'PAC mati', en: 'PAC is off' };
const whileOff = rule('warm', {
  suppressedWhen: [{ while: { quantity: ['system-state'], states: ['off'] }, reason, linger: '10s' }],
});

describe('suppression by design', () => {
  it('hides an alarm that the same batch raises, with its reason, and annunciates it with its original time when it ends', async () => {
    const { clock, read, hold, changes, engine } = plant([whileOff]);
    read({ [value]: 30, [state]: 0 });
    const raisedAt = clock.now();
    expect(changes.map(({ why, to }) => [why, to])).toEqual([
      ['design-suppress', 'normal+suppressed'],
      ['raise', 'unacknowledged+suppressed'],
    ]);
    expect(changes[0]?.facts.suppressedBy).toBe('PAC mati (PAC is off)');
    expect(engine.active().map(({ facts }) => isActive(facts))).toEqual([false]);
    changes.splice(0);
    await hold({ [value]: 30, [state]: 1 }, 9);
    expect(changes).toEqual([]);
    await hold({ [value]: 30, [state]: 1 }, 2);
    expect(changes.map(({ why, to }) => [why, to])).toEqual([['design-unsuppress', 'unacknowledged']]);
    expect(changes[0]?.facts.occurrence?.since).toBe(raisedAt);
    expect(engine.active().map(({ facts }) => isActive(facts))).toEqual([true]);
  });

  it('ends a minute after the condition can no longer be read: silence without evidence is a false calm', async () => {
    const { read, hold, news } = plant([whileOff]);
    read({ [value]: 30, [state]: 0 });
    news();
    read({ [state]: Number.NaN }, qualityCode('timeout'));
    await hold({ [value]: 30 }, 65);
    expect(news()).toEqual([]);
    await hold({ [value]: 30 }, 10);
    expect(news()).toEqual(['warm design-unsuppress']);
  });

  it('follows what people declare of the place', async () => {
    let declared = false;
    const during = rule('warm', { suppressedWhen: [{ during: 'permit', reason }] });
    const { read, pass, news } = plant([during], {
      isDeclared: (what, { site, room }) => declared && what === 'permit' && site === 'dc' && room === 'hall',
    });
    read({ [value]: 30, 'pac-2/return-temperature': 20 });
    expect(news()).toEqual(['warm raise']);
    declared = true;
    await pass(1);
    expect(news()).toEqual(['warm design-suppress', 'warm design-suppress']);
    declared = false;
    await pass(1);
    expect(news()).toEqual(['warm design-unsuppress', 'warm design-unsuppress']);
  });

  it('tells nobody, when it ends, of what is over and stands only for its delay, or was over before', async () => {
    let declared = true;
    const during = rule('warm', { offDelay: '60s', suppressedWhen: [{ during: 'load-test', reason }] });
    const { read, hold, pass, changes, engine } = plant([during], { isDeclared: () => declared });
    const [other, soon] = ['pac-2/return-temperature', 'pac-1/return-temperature'];
    read({ [other]: 30, [soon]: 30 });
    await hold({ [other]: 20, [soon]: 30 }, 70);
    await hold({ [soon]: 20 }, 5);
    changes.splice(0);
    declared = false;
    await pass(1);
    expect(changes.map(({ key, why, to }) => [key.slice(8), why, to])).toEqual([
      [soon, 'return', 'returned-unacknowledged+suppressed'],
      [soon, 'design-unsuppress', 'normal'],
      [other, 'design-unsuppress', 'normal'],
    ]);
    expect(engine.active()).toEqual([]);
  });

  it('annunciates, when it ends, what can no longer be read, though it was last read as over', async () => {
    let declared = true;
    const during = rule('warm', { offDelay: '60s', suppressedWhen: [{ during: 'load-test', reason }] });
    const { read, pass, engine } = plant([during], { isDeclared: () => declared });
    read({ [value]: 30 });
    await pass(1);
    read({ [value]: 20 });
    read({ [value]: Number.NaN }, qualityCode('timeout'));
    declared = false;
    await pass(1);
    expect(engine.active().map(({ facts }) => isActive(facts))).toEqual([true]);
  });

  it('outlasts a restart until the values are back', async () => {
    const first = plant([whileOff]);
    first.read({ [value]: 30, [state]: 0 });
    const facts = first.engine.find('warm@dc/pac-1/return-temperature')?.facts;
    expect(facts?.suppressedBy).not.toBeNull();
    const second = plant([whileOff], {
      restored: new Map(facts === undefined ? [] : [['warm@dc/pac-1/return-temperature', facts]]),
    });
    await second.pass(5);
    second.read({ [value]: 30 });
    expect(second.news()).toEqual([]);
    second.read({ [state]: 0 });
    await second.pass(20);
    expect(second.news()).toEqual([]);
  });

  it('is refused for life safety', () => {
    const input = { ...whileOff, lifeSafety: true };
    expect(ruleSchema.safeParse(input).error?.issues.map(({ path }) => path)).toEqual([['suppressedWhen']]);
  });
});

describe('an alarm that comes and goes', () => {
  const warm = rule('warm', {});

  it('is held once it was raised three times in a minute, and is one occurrence until it is quiet for a minute', async () => {
    const { hold, news, engine } = plant([warm]);
    for (let round = 0; round < 8; round += 1) {
      await hold({ [value]: 30 }, 5);
      await hold({ [value]: 20 }, 5);
    }
    expect(news()).toEqual([
      'warm raise', 'warm return', 'warm raise', 'warm return', 'warm raise', 'warm chatter',
    ]); // prettier-ignore
    expect(engine.active().map(({ facts }) => [facts.occurrences, facts.chattering])).toEqual([[3, true]]);
    await hold({ [value]: 20 }, 54);
    expect(news()).toEqual([]);
    await hold({ [value]: 20 }, 2);
    expect(news()).toEqual(['warm return', 'warm chatter-end']);
  });

  it('is held for ten minutes when it was short three times within ten', async () => {
    const { hold, news } = plant([warm]);
    for (let round = 0; round < 3; round += 1) {
      await hold({ [value]: 30 }, 5);
      await hold({ [value]: 20 }, 120);
    }
    expect(news()).toEqual([
      'warm raise', 'warm return', 'warm raise', 'warm return', 'warm raise', 'warm chatter',
    ]); // prettier-ignore
    await hold({ [value]: 20 }, 479);
    expect(news()).toEqual([]);
    await hold({ [value]: 20 }, 5);
    expect(news()).toEqual(['warm return', 'warm chatter-end']);
  });

  it('is not held when it stands for long each time', async () => {
    const { hold, news } = plant([warm]);
    for (let round = 0; round < 4; round += 1) {
      await hold({ [value]: 30 }, 60);
      await hold({ [value]: 20 }, 60);
    }
    expect(news().filter((text) => text === 'warm return')).toHaveLength(4);
  });
});

describe('re-alarm', () => {
  it('annunciates again what was acknowledged long ago and still stands, by the monotonic clock', async () => {
    const { clock, read, hold, engine, news } = plant([rule('warm', {})], { reAlarmAfterMs: 60_000 });
    read({ [value]: 30 });
    engine.command(['warm@dc/pac-1/return-temperature'], { kind: 'acknowledge' }, { actor: 'ana', reason: null, scope: 'alarm' });
    news();
    clock.step(-3_600_000);
    await hold({ [value]: 30 }, 59);
    expect(news()).toEqual([]);
    await hold({ [value]: 30 }, 2);
    expect(news()).toEqual(['warm re-alarm']);
    expect(engine.active()[0]?.facts).toMatchObject({ acknowledged: false, occurrences: 1 });
    await hold({ [value]: 30 }, 120);
    expect(news()).toEqual([]);
  }); // prettier-ignore

  it('leaves alone what has returned or is hidden', async () => {
    const { read, pass, engine, news } = plant([rule('warm', {})], { reAlarmAfterMs: 60_000 });
    const key = ['warm@dc/pac-1/return-temperature'];
    const order = { actor: 'ana', reason: 'uji', scope: 'alarm' } as const;
    read({ [value]: 30 });
    engine.command(key, { kind: 'acknowledge' }, order);
    engine.command(key, { kind: 'out-of-service' }, order);
    news();
    await pass(90);
    expect(news()).toEqual([]);
  });
});
