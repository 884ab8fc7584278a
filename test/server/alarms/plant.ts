import { pino } from 'pino';
import { good } from '../../../core/reading.ts';
import { bindRules } from '../../../config/alarms/bind.ts';
import { createAlarmEngine, type AlarmChange } from '../../../server/alarms/engine.ts';
import type { AlarmFacts } from '../../../server/alarms/facts.ts';
import type { IsDeclared } from '../../../server/alarms/suppression.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { smallModel, type PointSketch, type RuleInput } from './small-model.ts';

/** Points of one PAC, an ATS and a genset that rules on two points at once are tried with. */
const onOff = new Map([[0, 'off'], [1, 'on']]); // prettier-ignore
const points: readonly PointSketch[] = [
  { id: 'dc/pac-1/return-temperature', quantity: 'return-temperature', kind: 'pac' },
  { id: 'dc/pac-1/return-temperature-setpoint', quantity: 'return-temperature-setpoint', kind: 'pac' },
  { id: 'dc/pac-1/system-state', quantity: 'system-state', kind: 'pac', unit: 'state', states: onOff },
  { id: 'dc/pac-2/return-temperature', quantity: 'return-temperature', kind: 'pac' },
];

export const rule = (name: string, more: Partial<RuleInput>): RuleInput => ({
  rule: name,
  name: { id: name, en: name },
  discipline: 'cooling',
  points: { quantity: ['return-temperature'] },
  when: { above: { value: 27, source: 'test' } },
  urgency: 'sedang',
  ...more,
});

/** An engine over rules, and what it reported: `key why`. */
export function plant(
  rules: readonly RuleInput[],
  options: {
    readonly isDeclared?: IsDeclared;
    readonly restored?: ReadonlyMap<string, AlarmFacts>;
    readonly reAlarmAfterMs?: number;
  } = {},
) {
  const model = smallModel({ rules, points });
  const clock = createFakeClock();
  const changes: AlarmChange[] = [];
  const { isDeclared, restored = new Map<string, AlarmFacts>(), reAlarmAfterMs } = options;
  const engine = createAlarmEngine({
    bound: bindRules(model),
    clock,
    log: pino({ level: 'silent' }),
    restored,
    ...(isDeclared === undefined ? {} : { isDeclared }),
    ...(reAlarmAfterMs === undefined ? {} : { reAlarmAfterMs: () => reAlarmAfterMs }),
    onChanges: (batch) => changes.push(...batch),
  });
  const read = (values: Readonly<Record<string, number>>, quality: number = good): void => {
    engine.accept(
      Object.entries(values).map(([id, value]) => {
        const point = model.pointById.get(`dc/${id}`);
        if (point === undefined) throw new RangeError(`no point ${id}`);
        return { point: point.index, at: clock.now(), value, quality };
      }),
    );
  };
  return {
    clock,
    engine,
    changes,
    read,
    /** What was reported since it was last asked. */
    news: () => changes.splice(0).map(({ key, why }) => `${key.slice(0, key.indexOf('@'))} ${why}`),
    /** The same values every second, with the ticks of the server. */
    hold: async (values: Readonly<Record<string, number>>, seconds: number): Promise<void> => {
      for (let second = 0; second < seconds; second += 1) {
        await clock.advance(1_000);
        read(values);
        engine.tick();
      }
    },
    pass: async (seconds: number): Promise<void> => {
      for (let second = 0; second < seconds; second += 1) {
        await clock.advance(1_000);
        engine.tick();
      }
    },
  };
}
