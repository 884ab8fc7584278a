import { describe, expect, it } from 'vitest';
import { createFormat } from '../../domain/format/format.ts';

const indonesian = createFormat('id');
const english = createFormat('en');
const afternoon = Date.UTC(2026, 10, 22, 7, 32, 7);

describe('numbers', () => {
  it('have a decimal comma in Indonesian and a point in English', () => {
    expect(indonesian.quantity(27.44, '°C')).toBe('27,4 °C');
    expect(english.quantity(27.44, '°C')).toBe('27.4 °C');
  });
  it('group thousands in the way of the language', () => {
    expect(indonesian.quantity(1_320, 'kW')).toBe('1.320 kW');
    expect(english.quantity(1_320, 'kW')).toBe('1,320 kW');
  });
  it('keep a decimal for small loads and drop it for large ones', () => {
    expect(indonesian.figure(3.42, 'kW')).toBe('3,4');
    expect(indonesian.figure(611.3, 'kW')).toBe('611');
  });
  it('round to the same width at the border of the two', () => {
    expect(indonesian.figure(99.96, 'kW')).toBe('100');
  });
  it('show no minus before a nought', () => {
    expect(indonesian.figure(-0.04, '°C')).toBe('0,0');
  });
  it('carry no unit where it is a count or a ratio', () => {
    expect(indonesian.quantity(3, 'count')).toBe('3');
    expect(indonesian.quantity(0.953, 'ratio')).toBe('0,95');
  });
});

describe('times', () => {
  it('are WIB whatever the zone of the machine', () => {
    expect(indonesian.time(afternoon)).toBe('14.32.07');
    expect(english.time(afternoon)).toBe('14:32:07');
    expect(indonesian.clock(afternoon)).toBe('14.32');
  });
  it('name the day in WIB when it is still yesterday in UTC', () => {
    expect(indonesian.date(Date.UTC(2026, 10, 21, 18))).toBe('Minggu, 22 November 2026');
    expect(english.date(Date.UTC(2026, 10, 21, 18))).toMatch(/Sunday.*22 November 2026/);
    expect(indonesian.weekday(Date.UTC(2026, 10, 21, 18))).toBe('Minggu');
    expect(english.fullDay(Date.UTC(2026, 10, 21, 18))).toBe('22 November 2026');
  });
});

describe('durations', () => {
  it('are told in the two largest units, rounded down', () => {
    expect(indonesian.duration((7 * 3_600 + 41 * 60 + 59) * 1_000)).toBe('7 jam 41 mnt');
    expect(english.duration((2 * 86_400 + 3 * 3_600) * 1_000)).toBe('2 d 3 h');
  });
  it('leave out an empty second unit', () => {
    expect(indonesian.duration(3_600_000)).toBe('1 jam');
  });
  it('are nought rather than negative when a clock runs ahead', () => {
    expect(indonesian.age(-5_000)).toBe('0 dtk');
  });
  it('of seconds as a quantity are told as a duration', () => {
    expect(indonesian.quantity(540, 's')).toBe('9 mnt');
    expect(indonesian.quantity(0.0124, 's')).toBe('12 ms');
    expect(indonesian.quantity(2.46, 's')).toBe('2,5 dtk');
    expect(indonesian.quantity(0, 's')).toBe('0 dtk');
  });
});
