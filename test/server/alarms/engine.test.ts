import { pino } from 'pino';
import { expect, it } from 'vitest';
import { good } from '../../../core/reading.ts';
import { bindRules, type BoundAlarm, type BoundAlarms } from '../../../config/alarms/bind.ts';
import { createAlarmEngine, type AlarmChange } from '../../../server/alarms/engine.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { smallModel, type RuleInput } from './small-model.ts';

const hour = 3_600_000;
const high = (name: string, onDelay = '0s'): RuleInput => ({
  rule: name,
  name: { id: name, en: name },
  discipline: 'cooling',
  points: { quantity: ['temperature'] },
  when: { above: { value: 27, source: 'test' } },
  onDelay,
  urgency: 'sedang',
});
const model = smallModel({
  rules: [high('first'), high('second'), high('delayed', '5s')],
  points: [
    { id: 'dc/env-1/temperature', quantity: 'temperature' },
    { id: 'dc/env-2/temperature', quantity: 'temperature' },
  ],
});

/** `broken`: keys of alarms whose rule throws while its flag is up. */
function engineWith(broken: readonly string[] = []) {
  const clock = createFakeClock();
  const lines: string[] = [];
  const changes: AlarmChange[] = [];
  let isBroken = true;
  const bound = bindRules(model);
  const sabotage = (alarm: BoundAlarm): BoundAlarm =>
    broken.includes(alarm.key)
      ? {
          ...alarm,
          get test() {
            if (isBroken) throw new TypeError('no such limit');
            return alarm.test;
          },
        }
      : alarm;
  const alarms = bound.alarms.map(sabotage);
  const sabotaged: BoundAlarms = {
    ...bound,
    alarms,
    byPoint: bound.byPoint.map((list) => list?.map(({ index }) => alarms[index]).filter((alarm) => alarm !== undefined)),
    byKey: new Map(alarms.map((alarm) => [alarm.key, alarm])),
  }; // prettier-ignore
  const engine = createAlarmEngine({
    bound: sabotaged,
    clock,
    log: pino({}, { write: (line: string) => void lines.push(line) }),
    restored: new Map(),
    onChanges: (batch) => changes.push(...batch),
  });
  return {
    clock, engine, changes, lines,
    mend: () => { isBroken = false; },
    read: (value: number, at = clock.now()) =>
      engine.accept([0, 1].map((point) => ({ point, at, value, quality: good }))),
  }; // prettier-ignore
}

it('a rule that throws costs no other rule, and no other point, its reading', () => {
  const { engine, read, changes, lines } = engineWith(['first@dc/env-1/temperature']);
  read(30);
  read(30);
  expect(changes.map(({ key, why }) => `${key} ${why}`)).toEqual([
    'second@dc/env-1/temperature raise',
    'first@dc/env-2/temperature raise',
    'second@dc/env-2/temperature raise',
  ]);
  expect(engine.failing()).toEqual([
    { key: 'first@dc/env-1/temperature', reason: 'no such limit', times: 2 },
  ]);
  expect(lines).toHaveLength(1);
});

it('a rule that threw judges again once it can, and the edge is logged', () => {
  const { engine, read, mend, changes, lines } = engineWith(['first@dc/env-1/temperature']);
  read(30);
  mend();
  read(30);
  expect(changes.map(({ key }) => key)).toContain('first@dc/env-1/temperature');
  expect(engine.failing()).toEqual([]);
  expect(lines).toHaveLength(2);
});

it('readings are judged after the clock was set back, also those of a source that lags behind', async () => {
  const { clock, engine, read } = engineWith();
  read(20);
  clock.step(-hour);
  read(30, clock.now() - 2_000);
  await clock.advance(1_000);
  read(30, clock.now() - 2_000);
  expect(engine.active()).toHaveLength(4);
  clock.step(-1_000);
  read(20, clock.now() - 2_000);
  expect(engine.active()).toEqual([]);
});

it('a delay runs out by the monotonic clock, whatever the wall clock does', async () => {
  const { clock, engine, read } = engineWith();
  read(30);
  clock.step(-hour);
  await clock.advance(6_000);
  engine.tick();
  expect(engine.active().map(({ alarm }) => alarm.rule.rule)).toContain('delayed');
});
