import { expect, it } from 'vitest';
import { createSettledTime } from '../../core/settled-time.ts';
import { createFakeClock } from '../support/fake-clock.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const start = Date.UTC(2026, 10, 23);

function setUp() {
  const clock = createFakeClock(start);
  const jumps: string[] = [];
  const time = createSettledTime(clock, {
    onJump: ({ byMs, followed }) => jumps.push(`${byMs / day} ${followed ? 'followed' : 'seen'}`),
  });
  const pass = async (minutes: number): Promise<number> => {
    for (let passed = 0; passed < minutes; passed += 1) {
      await clock.advance(minute);
      time.now();
    }
    return (time.now() - start) / minute;
  };
  return { clock, time, jumps, pass };
}

it('follows a clock that is corrected by seconds at once', async () => {
  const { clock, time, jumps, pass } = setUp();
  clock.step(-40_000);
  expect(time.now()).toBe(start - 40_000);
  clock.step(55_000);
  expect(await pass(1)).toBe(1.25);
  expect(jumps).toEqual([]);
});

it('goes on as before while the clock is a day off, and forgets it when the clock is set right', async () => {
  const { clock, time, jumps, pass } = setUp();
  for (const by of [day, -day]) {
    clock.step(by);
    expect(time.jump()).toBe(by);
    await pass(10);
    clock.step(-by);
    expect(time.jump()).toBeUndefined();
  }
  expect((time.now() - start) / minute).toBe(20);
  expect(time.wasSkipped(start + 60 * minute)).toBe(false);
  expect(jumps).toEqual(['1 seen', '-1 seen']);
});

it('follows a clock that keeps its new time, and says what was skipped until that time comes after all', async () => {
  const { clock, time, jumps, pass } = setUp();
  clock.step(day);
  expect(await pass(14)).toBe(14);
  expect(await pass(2)).toBe(24 * 60 + 16);
  expect(time.jump()).toBeUndefined();
  const noon = start + 12 * 60 * minute;
  expect([time.wasSkipped(start), time.wasSkipped(noon), time.wasSkipped(start + 2 * day)]).toEqual([false, true, false]); // prettier-ignore
  clock.step(-day);
  expect(await pass(17)).toBe(33);
  expect(time.wasSkipped(noon)).toBe(false);
  expect(jumps).toEqual(['1 seen', '1 followed', '-1 seen', '-1 followed']);
});

it('waits again when the clock is set once more', async () => {
  const { clock, pass } = setUp();
  clock.step(day);
  await pass(14);
  clock.step(day);
  expect(await pass(14)).toBe(28);
});
