import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../core/clock.ts';
import { createFakeClock } from '../support/fake-clock.ts';

const day = 86_400_000;

describe('The system clock', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] }));
  afterEach(() => void vi.useRealTimers());

  it('waits longer than setTimeout can count', async () => {
    const wake = vi.fn<() => void>();
    systemClock.after(30 * day, wake);
    await vi.advanceTimersByTimeAsync(30 * day - 1);
    expect(wake).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(wake).toHaveBeenCalledOnce();
  });

  it('wakes after its delay when the wall clock is set back', async () => {
    const wake = vi.fn<() => void>();
    systemClock.after(1_000, wake);
    vi.setSystemTime(Date.now() - 30 * day);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(wake).toHaveBeenCalledOnce();
  });

  it('cancels, and ends a sleep when its signal aborts', async () => {
    const wake = vi.fn<() => void>();
    systemClock.after(1_000, wake)();
    const stop = new AbortController();
    const asleep = systemClock.sleep(Infinity, stop.signal);
    stop.abort();
    await asleep;
    await vi.advanceTimersByTimeAsync(day);
    expect(wake).not.toHaveBeenCalled();
  });
});

describe('The test clock', () => {
  it('steps the wall clock alone, either way', async () => {
    const clock = createFakeClock(day);
    const wake = vi.fn<() => void>();
    clock.after(1_000, wake);
    const before = clock.monotonic();
    clock.step(-3_600_000);
    expect([clock.now(), clock.monotonic()]).toEqual([day - 3_600_000, before]);
    clock.step(10 * day);
    expect(wake).not.toHaveBeenCalled();
    await clock.advance(1_000);
    expect(wake).toHaveBeenCalledOnce();
    expect([clock.now(), clock.monotonic()]).toEqual([11 * day - 3_600_000 + 1_000, before + 1_000]);
  });
});
