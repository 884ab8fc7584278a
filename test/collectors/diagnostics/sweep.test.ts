import { expect, test } from 'vitest';
import { addCollectorPoints } from '../../../config/build/collector.ts';
import { devicePoints, pointList } from '../../../config/build/points.ts';
import type { Device } from '../../../config/model.ts';
import type { DeviceDiagnostics } from '../../../collectors/collectors.ts';
import { FieldError, type Driver } from '../../../collectors/drivers/driver.ts';
import { createDiagnosticsSweep } from '../../../collectors/diagnostics/sweep.ts';
import { createDevicePoller } from '../../../collectors/poller/poller.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { fieldModel, recorder, shippedProfile, silentLog } from '../../support/field.ts';
import { modbusMeter } from '../poller/meters.ts';

type Behaviour = 'answers' | 'slow' | 'refuses' | 'hangs' | 'garbage';

/** Devices of a site `t`, polled by a driver that behaves as told, and the sweep over them. */
function bench(behaviours: Record<string, Behaviour>) {
  const clock = createFakeClock();
  const plain = fieldModel(Object.keys(behaviours).map((id) => modbusMeter(id)));
  const list = pointList();
  for (const point of plain.points) list.add(point);
  addCollectorPoints(list, 't');
  addCollectorPoints(list, 'elsewhere');
  const model = {
    ...plain,
    points: list.points,
    pointById: new Map(list.points.map((point) => [point.id, point])),
  };
  const seen = recorder(model);
  const driver: Driver = {
    open: ({ id }, onFault) => ({
      plan: (points) => ({
        async read(signal) {
          if (behaviours[id] === 'slow') await clock.sleep(700);
          if (behaviours[id] === 'hangs') {
            await clock.sleep(Infinity, signal);
            throw new FieldError('timeout', 'aborted');
          }
          if (behaviours[id] === 'refuses') throw new FieldError('refused', 'connection refused');
          if (behaviours[id] === 'garbage') onFault?.('malformed');
          return points.map((point) => ({ point, raw: behaviours[id] === 'garbage' ? 'what?' : 7 }));
        },
      }),
      close: () => undefined,
    }),
  };
  const sweep = createDiagnosticsSweep({
    model, clock, sink: seen.sink, diagnostics,
    loopDelay: { start: () => undefined, take: () => 250, stop: () => undefined },
  }); // prettier-ignore
  const pollers = model.devices.map((device) =>
    createDevicePoller(device, driver, {
      clock, log: silentLog, random: () => 0.5, sink: (readings) => sweep.took(readings),
      onWake: (lateMs) => sweep.woke(device.site, lateMs),
    }),
  ); // prettier-ignore
  function diagnostics(): DeviceDiagnostics[] {
    return pollers.map((poller) => poller.diagnostics());
  }
  const abort = new AbortController();
  const ended = Promise.all([sweep.run(abort.signal), ...pollers.map((poller) => poller.run(abort.signal))]);
  return {
    clock,
    seen,
    sweep,
    behaviours,
    value: (id: string) => seen.last(`t/${id}`)?.value,
    healthOf: (id: string) => diagnostics().find(({ device }) => device.id === id),
    async stop() {
      abort.abort();
      await ended;
    },
  };
}

test('every device tells its health once a minute, spread over the minute', async () => {
  const ids = Array.from({ length: 50 }, (_, n) => `m${n}`);
  const field = bench(Object.fromEntries(ids.map((id) => [id, 'answers'])));
  await field.clock.advance(60_000);
  field.seen.readings.length = 0;
  await field.clock.advance(600_000);
  const index = new Map(ids.map((id) => [id, field.healthOf(id)?.device.diagnostics[1]?.index]));
  const told = ids.map((id) => field.seen.readings.filter(({ point }) => point === index.get(id)));
  expect(new Set(told.map((readings) => readings.length))).toEqual(new Set([10]));
  expect(new Set(told.flatMap(([first]) => first?.at ?? [])).size).toBeGreaterThan(8);
  await field.stop();
});

test('the points say what the poller counted: answers, silence, and what could not be read', async () => {
  const field = bench({ good: 'answers', slow: 'slow', deaf: 'hangs', mad: 'garbage' });
  await field.clock.advance(120_000);
  await field.stop();
  expect(field.value('good/answer-latency')).toBe(0);
  expect(field.value('slow/answer-latency')).toBe(0.7);
  expect(field.value('good/timeouts')).toBe(0);
  expect(field.value('deaf/timeouts')).toBeGreaterThan(3);
  expect(field.value('deaf/timeouts')).toBeLessThanOrEqual(field.healthOf('deaf')?.timeouts ?? 0);
  expect(field.value('deaf/skipped-polls')).toBe(field.healthOf('deaf')?.skipped);
  expect(field.value('mad/decode-errors')).toBeGreaterThan(30);
  expect(field.value('mad/discarded-answers')).toBeGreaterThan(30);
  expect(field.value('good/decode-errors')).toBe(0);
});

test('a device that never answered has no latency, and one that is lost tells none any more', async () => {
  const field = bench({ late: 'answers', never: 'refuses' });
  await field.clock.advance(90_000);
  const before = field.seen.last('t/late/answer-latency')?.at;
  expect(before).toBeGreaterThan(0);
  field.behaviours['late'] = 'refuses';
  await field.clock.advance(20_000);
  const lost = field.seen.last('t/late/answer-latency')?.at;
  await field.clock.advance(600_000);
  expect(field.seen.last('t/late/answer-latency')?.at).toBe(lost);
  expect(field.seen.last('t/late/timeouts')?.at).toBeGreaterThan(lost ?? Infinity);
  expect(field.value('never/answer-latency')).toBeUndefined();
  await field.stop();
});

test('the collector tells its own pace every ten seconds at the sites it reads, and nowhere else', async () => {
  const field = bench({ a: 'answers', b: 'answers', c: 'refuses' });
  await field.clock.advance(180_000);
  await field.stop();
  // Two of them every 2 s and every 60 s; the lost one at most every 30 s.
  expect(field.value('collector/polls-per-second')).toBeGreaterThan(1);
  expect(field.value('collector/polls-per-second')).toBeLessThan(1.2);
  expect(field.value('collector/readings-per-second')).toBeGreaterThan(2);
  expect(field.value('collector/devices-lost')).toBe(1);
  expect(field.value('collector/lateness-p99')).toBe(0);
  expect(field.value('collector/polls-skipped')).toBe(0);
  expect(field.value('collector/loop-delay-p99')).toBe(0.25);
  expect(field.seen.last('elsewhere/collector/devices-lost')).toBeUndefined();
  expect(field.clock.now() - (field.seen.last('t/collector/devices-lost')?.at ?? 0)).toBeLessThanOrEqual(
    15_000,
  );
});

test('a collector that wakes late says so for a minute, and a slow device does not', async () => {
  const field = bench({ a: 'answers', b: 'slow' });
  await field.clock.advance(60_000);
  expect(field.value('collector/lateness-p99')).toBe(0);
  for (let n = 0; n < 5; n += 1) field.sweep.woke('t', 3_000);
  await field.clock.advance(10_000);
  expect(field.value('collector/lateness-p99')).toBeGreaterThan(2.5);
  await field.clock.advance(70_000);
  expect(field.value('collector/lateness-p99')).toBe(0);
  await field.stop();
});

test('a device that speaks by itself has no latency and no polls that could be late', () => {
  const profile = shippedProfile('env/mqtt-climate');
  const list = pointList();
  const place: Omit<Device, 'points' | 'link' | 'diagnostics'> = {
    key: 't/e', id: 'e', site: 't', kind: 'env', profile, room: 'r', rating: {}, interval: profile.interval,
    address: { protocol: 'mqtt', broker: { key: 't/b', url: 'mqtt://127.0.0.1' }, topic: 'e' },
  }; // prettier-ignore
  const intervalsMs = { safety: 1_000, power: 2_000, normal: 10_000, slow: 60_000 };
  const { diagnostics } = devicePoints(list, place, { entry: {}, claims: [], intervalsMs });
  expect(diagnostics.map(({ quantity }) => quantity)).toEqual([
    'timeouts',
    'decode-errors',
    'discarded-answers',
  ]);
});
