import { expect, it } from 'vitest';
import { good } from '../../../core/reading.ts';
import { bindRules } from '../../../config/alarms/bind.ts';
import { createAlarmEngine } from '../../../server/alarms/engine.ts';
import { healthParts } from '../../../server/api/health.ts';
import { silentLog } from '../../support/field.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { pointOf, shippedModel } from '../support/server.ts';

const model = shippedModel();

/** The shipped rules on a clock of their own, and what the health says of the polling. */
function watching() {
  const clock = createFakeClock();
  const alarms = createAlarmEngine({
    bound: bindRules(model),
    clock,
    log: silentLog,
    restored: new Map(),
    onChanges: () => undefined,
  });
  const parts = healthParts({
    deviceDiagnostics: () => [],
    historian: { problem: () => undefined },
    writer: { problem: () => undefined, stats: () => ({ buffered: 0, written: 0, dropped: 0 }) },
    incidents: { problem: () => undefined, openCount: () => 0 },
    notify: { problem: () => undefined },
    isSimulated: false,
    remoteCollectors: { members: () => [] },
    alarms,
    pipeline: { consumers: () => [], ahead: () => [] },
    collect: true,
  });
  return {
    polling: () => parts.map((part) => part()).find(({ part }) => part === 'polling'),
    /** Tells a figure every ten seconds, as a collector does. */
    tell: async (id: string, value: number, seconds: number): Promise<void> => {
      const { index } = pointOf(model, id);
      for (let passed = 0; passed < seconds; passed += 10) {
        await clock.advance(10_000);
        alarms.accept([{ point: index, at: clock.now(), value, quality: good }]);
        alarms.tick();
      }
    },
  };
}

it.each([
  ['its polls are late', 'drc/collector/lateness-p99', 3, 0.2],
  ['it skips polls', 'drc/collector/polls-skipped', 40, 0],
])('polling is behind when for two minutes %s, and well again a minute after', async (_, id, sick, well) => {
  const { polling, tell } = watching();
  await tell(id, sick, 100);
  expect(polling()).toEqual({ part: 'polling', status: 'ok', detail: null });
  await tell(id, sick, 60);
  expect(polling()).toEqual({ part: 'polling', status: 'degraded', detail: 'behind: drc' });
  await tell(id, well, 90);
  expect(polling()).toMatchObject({ status: 'ok' });
});

it('polling is not behind when single minutes are late', async () => {
  const { polling, tell } = watching();
  for (let n = 0; n < 5; n += 1) {
    await tell('dc/collector/lateness-p99', 2, 60);
    await tell('dc/collector/lateness-p99', 0.02, 10);
    expect(polling()).toMatchObject({ status: 'ok' });
  }
});
