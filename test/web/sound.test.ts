import { describe, expect, it } from 'vitest';
import { marked, tabOf } from '../../web/app/tab.ts';
import { createAlarmSound, patterns } from '../../web/wall/sound.ts';
import { incident } from './support.ts';

function speaking(isAllowed = true) {
  const played: number[] = [];
  const timers = new Map<number, () => void>();
  const sound = createAlarmSound(
    { isAllowed: () => isAllowed, allow: () => Promise.resolve(), play: ({ hz }) => played.push(hz) },
    (ms, work) => {
      timers.set(ms, work);
      return () => timers.delete(ms);
    },
  );
  return { played, timers, sound };
}

describe('the sound of the wall', () => {
  it('goes on until nothing waits any more', () => {
    const { played, timers, sound } = speaking();
    sound.set('P1');
    sound.set('P1');
    expect(played).toHaveLength(6);
    timers.get(3_000)?.();
    expect(played).toHaveLength(12);
    sound.set(null);
    expect(timers.size).toBe(0);
  });

  it('follows the most urgent one, and a P4 makes none', () => {
    const { timers, sound } = speaking();
    sound.set('P3');
    sound.set('P1');
    expect([...timers.keys()]).toEqual([patterns.P1?.everyMs]);
    sound.set('P4');
    expect(timers.size).toBe(0);
  });

  it('is not played while the browser forbids it', () => {
    const { played, sound } = speaking(false);
    sound.set('P1');
    sound.test('P1');
    expect(played).toEqual([]);
  });
});

describe('the tab', () => {
  it('carries how many wait and how urgent the worst is', () => {
    const { mark, icon } = tabOf([
      incident('1', { priority: 'P2', unacknowledged: 1 }),
      incident('2', { priority: 'P1', unacknowledged: 1 }),
    ]);
    expect(marked('Gangguan · Pantau DC', mark)).toBe('(2) P1 · Gangguan · Pantau DC');
    expect(marked(marked('Pantau DC', '(9) P3 · '), mark)).toBe('(2) P1 · Pantau DC');
    expect(marked('(2) P1 · Pantau DC', '')).toBe('Pantau DC');
    expect(decodeURIComponent(icon)).toMatch(/fill="#ff4b4b".*>2</);
  });

  it('is plain when all is acknowledged', () => {
    const seen = incident('1', { unacknowledged: 0, acknowledgedAt: '2026-11-23T03:00:00+07:00' });
    expect(tabOf([seen])).toEqual({ mark: '', icon: '/favicon.svg' });
  });
});
