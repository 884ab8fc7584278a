import { describe, expect, it } from 'vitest';
import { onBeat, onRoundTrip, onTime, onValues, startLink } from '../../web/live/link.ts';

const beat = (serverTime: number): Parameters<typeof onBeat>[1] => ({
  serverTime,
  latency: { p50: 300, p99: 700 },
  openIncidents: 0,
});

describe('link', () => {
  it('is lost before three seconds of silence are over', () => {
    const live = onBeat(startLink(0), beat(1_000), 0);
    expect(onTime(live, 2_000).phase).toBe('live');
    expect(onTime(live, 3_000).phase).toBe('lost');
  });
  it('is lost when no beat ever came', () => {
    expect(onTime(startLink(0), 3_000).phase).toBe('lost');
  });
  it('lives by values alone when beats are left out', () => {
    const heard = onValues(onBeat(startLink(0), beat(1_000), 0), 2_500);
    expect(onTime(heard, 5_000).phase).toBe('live');
    expect(heard.lastServerTime).toBe(3_500);
  });
  it('learns the clock from the first beat that comes after values', () => {
    expect(onBeat(onValues(startLink(0), 100), beat(-400), 100).offsetMs).toBe(-500);
  });
  it('remembers the time of the last data while it is lost', () => {
    const lost = onTime(onBeat(startLink(0), beat(5_000), 0), 10_000);
    expect(lost.lastServerTime).toBe(5_000);
  });
  it('lives again with the next beat', () => {
    const lost = onTime(onBeat(startLink(0), beat(1_000), 0), 10_000);
    expect(onBeat(lost, beat(11_000), 10_000).phase).toBe('live');
  });
  it('does not change while nothing happens', () => {
    const live = onBeat(startLink(0), beat(1_000), 0);
    expect(onTime(live, 100)).toBe(live);
  });
  it('learns the offset of a wrong client clock', () => {
    expect(onBeat(startLink(0), beat(3_600_000), 0).offsetMs).toBe(3_600_000);
  });
  it('keeps to the beat that was delayed least', () => {
    const first = onBeat(startLink(0), beat(10_000), 0);
    expect(onBeat(first, beat(11_000), 1_400).offsetMs).toBe(9_999);
  });
  it('follows at once when a clock was set', () => {
    const first = onBeat(startLink(0), beat(10_000), 0);
    expect(onBeat(first, beat(11_000), 50_000).offsetMs).toBe(-39_000);
  });
  it('counts half of a round trip as the way here', () => {
    expect(onRoundTrip(startLink(0), 80).networkMs).toBe(40);
  });
});
