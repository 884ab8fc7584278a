import { describe, expect, test } from 'vitest';
import { FieldError, type Driver, type RawValue } from '../../../collectors/drivers/driver.ts';
import { createDevicePoller, type DevicePoller } from '../../../collectors/poller/poller.ts';
import { modbusMeter } from './meters.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { fieldModel, recorder, silentLog } from '../../support/field.ts';

/** `early` gives one value before the others. */
type Answer = (signal: AbortSignal, early: () => void) => Promise<readonly RawValue[]>;
const quickly: Answer = async () => [];
const never: Answer = () => new Promise(() => undefined);
const untilAborted: Answer = (signal) =>
  new Promise((_, reject) =>
    signal.addEventListener('abort', () => reject(new FieldError('timeout', 'aborted'))),
  );
const refuses: Answer = async () => {
  throw new FieldError('refused', 'connection refused');
};

/** Some devices on a fake clock; each answers as its entry says at the moment. */
function bench(answers: Record<string, Answer>) {
  const clock = createFakeClock();
  const model = fieldModel(Object.keys(answers).map((id) => modbusMeter(id)));
  const seen = recorder(model);
  const reads: { device: string; at: number }[] = [];
  const running = new Map<string, number>();
  let overlapped = 0;
  const driver: Driver = {
    open: ({ id }) => ({
      plan: (points) => ({
        async read(signal, _withinMs, early) {
          reads.push({ device: id, at: clock.now() });
          running.set(id, (running.get(id) ?? 0) + 1);
          if ((running.get(id) ?? 0) > 1) overlapped += 1;
          try {
            await answers[id]?.(signal, () =>
              early?.(points.slice(0, 1).map((point) => ({ point, raw: 5 }))),
            );
            return points.map((point) => ({ point, raw: 7 }));
          } finally {
            running.set(id, (running.get(id) ?? 0) - 1);
          }
        },
      }),
      close: () => undefined,
    }),
  };
  const abort = new AbortController();
  const pollers = new Map<string, DevicePoller>(
    model.devices.map((device) => [
      device.id,
      createDevicePoller(device, driver, { clock, sink: seen.sink, log: silentLog, random: () => 0.5 }),
    ]),
  );
  const ended = Promise.all([...pollers.values()].map((poller) => poller.run(abort.signal)));
  return {
    clock,
    seen,
    answers,
    overlapped: () => overlapped,
    health: (id: string) => pollers.get(id)?.diagnostics(),
    nudge: (id: string) => pollers.get(id)?.nudge(),
    reads: (id: string) => reads.filter(({ device }) => device === id),
    async stop() {
      abort.abort();
      await ended;
    },
  };
}

describe('an hour of polling', () => {
  test('asks at every slot and in each interval, and never twice at once', async () => {
    const field = bench({ a: quickly, b: quickly });
    await field.clock.advance(3_600_000);
    // Fast points every 2 s, slow ones every 60 s.
    expect(field.reads('a').length).toBeGreaterThanOrEqual(1_859);
    expect(field.reads('a').length).toBeLessThanOrEqual(1_863);
    expect(field.health('a')).toMatchObject({ state: 'ok', late: 0, skipped: 0, timeouts: 0 });
    expect(field.overlapped()).toBe(0);
    await field.stop();
  });

  test('leaves the others on time when one device hangs', async () => {
    const field = bench({ good: quickly, hangs: untilAborted });
    await field.clock.advance(3_600_000);
    expect(field.reads('good').length).toBeGreaterThanOrEqual(1_859);
    expect(field.health('good')).toMatchObject({ late: 0, skipped: 0 });
    expect(field.health('hangs')).toMatchObject({ state: 'lost', lastAnswerAt: undefined });
    await field.stop();
  });

  test('never overlaps itself when a driver ignores its deadline', async () => {
    const field = bench({ deaf: never });
    await field.clock.advance(600_000);
    expect(field.reads('deaf')).toHaveLength(1);
    expect(field.overlapped()).toBe(0);
    expect(field.health('deaf')).toMatchObject({ state: 'lost' });
    await field.stop();
  });
});

describe('a device that stops answering', () => {
  test('is lost after three polls, its values are left alone, its link goes on saying 0', async () => {
    const field = bench({ a: quickly });
    await field.clock.advance(10_000);
    expect(field.seen.picture()).toEqual({ 'a/power': '7', 'a/energy': '7', 'a/link': 'ok' });
    const before = field.seen.last('t/a/power')?.at;
    field.answers['a'] = refuses;
    await field.clock.advance(4_000);
    expect(field.seen.last('t/a/link')?.value).toBe(1);
    await field.clock.advance(60_000);
    expect(field.health('a')).toMatchObject({ state: 'lost', lastError: 'connection refused' });
    expect(field.seen.last('t/a/power')?.at).toBeLessThan((before ?? 0) + 4_000);
    expect(field.seen.last('t/a/link')).toMatchObject({ value: 0, quality: 'good' });
    expect(field.clock.now() - (field.seen.last('t/a/link')?.at ?? 0)).toBeLessThanOrEqual(2_000);
    await field.stop();
  });

  test('is asked ever more rarely, at most 30 s apart, and is back at its first answer', async () => {
    const field = bench({ a: refuses });
    await field.clock.advance(600_000);
    const asked = field.reads('a').length;
    expect(asked).toBeGreaterThan(20);
    expect(asked).toBeLessThan(60);
    field.answers['a'] = quickly;
    await field.clock.advance(36_000);
    expect(field.health('a')).toMatchObject({ state: 'ok' });
    expect(field.seen.last('t/a/link')?.value).toBe(1);
    await field.stop();
  });

  test('keeps two lost polls to itself when the third is answered', async () => {
    const field = bench({ a: quickly });
    await field.clock.advance(10_000);
    field.answers['a'] = refuses;
    const asked = field.reads('a').length;
    while (field.reads('a').length < asked + 2) await field.clock.advance(100);
    field.answers['a'] = quickly;
    await field.clock.advance(10_000);
    expect(field.seen.readings.some(({ value }) => value === 0)).toBe(false);
    await field.stop();
  });
});

test('what comes early is read at once, also of the link, and is dropped after the poll was given up', async () => {
  let giveOne = (): void => undefined;
  const field = bench({
    a: (_signal, early) => {
      giveOne = early;
      return new Promise(() => undefined);
    },
  });
  await field.clock.advance(2_000);
  giveOne();
  const early = (): number => field.seen.readings.filter(({ value }) => value === 5).length;
  expect(early()).toBe(1);
  expect(field.health('a')).toMatchObject({ state: 'ok' });
  await field.clock.advance(10_000);
  giveOne();
  expect(early()).toBe(1);
  await field.stop();
});

test('a poll that overruns is counted, and the slots it covered are skipped', async () => {
  const slowly: Answer = () => new Promise(() => undefined);
  const field = bench({ a: quickly });
  await field.clock.advance(5_000);
  field.answers['a'] = slowly;
  await field.clock.advance(30_000);
  expect(field.health('a')?.timeouts).toBeGreaterThan(0);
  expect(field.health('a')?.skipped).toBeGreaterThan(0);
  await field.stop();
});

test('stopping ends every loop and reads no more', async () => {
  const field = bench({ a: quickly, hangs: untilAborted });
  await field.clock.advance(5_000);
  await field.stop();
  const asked = field.reads('a').length;
  await field.clock.advance(60_000);
  expect(field.reads('a')).toHaveLength(asked);
});

describe('a nudge', () => {
  test('reads all of the device at once, and leaves its grid as it was', async () => {
    const [field, undisturbed] = [bench({ a: quickly }), bench({ a: quickly })];
    for (const each of [field, undisturbed]) await each.clock.advance(100_500);
    const before = field.reads('a').length;
    field.nudge('a');
    await field.clock.advance(0);
    expect(field.reads('a').slice(before).map(({ at }) => at)).toEqual([field.clock.now(), field.clock.now()]); // prettier-ignore
    const planned = undisturbed.reads('a').length;
    for (const each of [field, undisturbed]) await each.clock.advance(300_000);
    expect(field.reads('a').slice(before + 2)).toEqual(undisturbed.reads('a').slice(planned));
    expect(field.health('a')).toMatchObject({ late: 0, skipped: 0 });
    await field.stop();
    await undisturbed.stop();
  });

  test('is one reading when it comes many times, at most once a second without end', async () => {
    const field = bench({ a: quickly });
    await field.clock.advance(100_500);
    const before = field.health('a')?.polls ?? 0;
    for (let i = 0; i < 1_000; i += 1) {
      field.nudge('a');
      await field.clock.advance(10);
    }
    // In 10 s: 5 polls of the fast round, at most one of the slow, and both for each of 11 nudges.
    expect((field.health('a')?.polls ?? 0) - before).toBeLessThanOrEqual(28);
    expect((field.health('a')?.polls ?? 0) - before).toBeGreaterThanOrEqual(27);
    await field.stop();
  });

  test('during a reading is one more reading after it', async () => {
    const field = bench({ a: quickly });
    await field.clock.advance(100_500);
    let finish = (): void => undefined;
    field.answers['a'] = () => new Promise((resolve) => (finish = () => resolve([])));
    await field.clock.advance(2_000);
    const before = field.reads('a').length;
    field.nudge('a');
    field.nudge('a');
    await field.clock.advance(0);
    expect(field.reads('a')).toHaveLength(before);
    field.answers['a'] = quickly;
    finish();
    await field.clock.advance(0);
    expect(field.reads('a')).toHaveLength(before + 2);
    expect(field.overlapped()).toBe(0);
    await field.stop();
  });

  test('brings a lost device back without waiting out its backoff', async () => {
    const field = bench({ a: refuses });
    await field.clock.advance(300_000);
    expect(field.health('a')?.state).toBe('lost');
    field.answers['a'] = quickly;
    field.nudge('a');
    await field.clock.advance(0);
    expect(field.health('a')?.state).toBe('ok');
    const before = field.reads('a').length;
    await field.clock.advance(10_000);
    expect(field.reads('a').length - before).toBeGreaterThanOrEqual(5);
    await field.stop();
  });

  test('leaves a lost device that still does not answer to its backoff', async () => {
    const field = bench({ a: refuses });
    await field.clock.advance(300_000);
    const before = field.reads('a').length;
    field.nudge('a');
    await field.clock.advance(10_000);
    expect(field.reads('a')).toHaveLength(before + 1);
    await field.stop();
  });
});

describe('a wall clock that is set', () => {
  test.each([
    ['an hour back', -3_600_000],
    ['nine days ahead', 9 * 86_400_000],
    ['thirty days back', -30 * 86_400_000],
  ])('leaves the polls at their pace when it steps %s', async (_name, stepMs) => {
    const field = bench({ a: quickly });
    await field.clock.advance(60_000);
    const before = field.reads('a').length;
    field.clock.step(stepMs);
    await field.clock.advance(60_000);
    expect(field.reads('a').length - before).toBeGreaterThanOrEqual(30);
    expect(field.reads('a').length - before).toBeLessThanOrEqual(32);
    expect(field.health('a')).toMatchObject({ state: 'ok', late: 0, skipped: 0, timeouts: 0 });
    expect(field.seen.last('t/a/link')?.at).toBeGreaterThan(field.clock.now() - 10_000);
    await field.stop();
  });
});
