import { DateTime } from 'luxon';
import { describe, expect, test } from 'vitest';
import { parseTime, type TimeFormat } from '../../../collectors/drivers/json/time.ts';

const wib = 'Asia/Jakarta';
const moment = Date.UTC(2026, 10, 23, 3, 28, 32);

describe('a source time', () => {
  test.each<[TimeFormat, unknown, number]>([
    ['iso', '2026-11-23T10:28:32+07:00', moment],
    ['iso', '2026-11-23T03:28:32.250Z', moment + 250],
    ['iso', '2026-01-31T23:59:59Z', Date.UTC(2026, 0, 31, 23, 59, 59)],
    ['iso', '2026-11-23T03:28:32.250999Z', moment + 250],
    ['iso', '2026-W48-1T03:28:32Z', moment],
    ['epoch-ms', moment, moment],
    ['epoch-ms', String(moment), moment],
    ['epoch-s', moment / 1_000, moment],
    ['local', '2026-11-23T10:28:32', moment],
    ['local', '2026-11-23 10:28:32', moment],
    ['abbreviated-zone', '2026-11-23 10:28:32 WIB', moment],
    ['abbreviated-zone', '2026-11-23 12:28:32 WIT', moment],
    ['abbreviated-zone', '2026-11-23 10:28:32 +07', moment],
    ['abbreviated-zone', '2026-11-23 10:28:32 +0700', moment],
    ['abbreviated-zone', '2021-08-10 10:28:32 PDT', Date.UTC(2021, 7, 10, 17, 28, 32)],
  ])('is understood as %s: %s', (format, text, expected) => {
    expect(parseTime(text, format, wib)).toBe(expected);
  });

  test.each<[TimeFormat, unknown]>([
    ['iso', '2026-11-23T10:28:32'],
    ['iso', '2026-02-30T10:28:32Z'],
    ['iso', '2026-11-23T10:60:32+07:00'],
    ['iso', 'yesterday'],
    ['iso', 1],
    ['epoch-ms', 'soon'],
    ['epoch-ms', ''],
    ['epoch-ms', null],
    ['epoch-s', undefined],
    ['local', '10:28 o’clock'],
    ['abbreviated-zone', '2026-11-23 10:28:32'],
    ['abbreviated-zone', '2026-11-23 10:28:32 XYZ'],
    ['abbreviated-zone', '2026-13-23 10:28:32 WIB'],
  ])('is refused as %s: %s', (format, text) => {
    expect(parseTime(text, format, wib)).toBeUndefined();
  });
});

test('every day of a leap year and of another is the one that luxon reads, and no other is a day', () => {
  const two = (number: number): string => String(number).padStart(2, '0');
  for (const year of [2023, 2024])
    for (let month = 0; month <= 13; month += 1)
      for (let day = 0; day <= 32; day += 1) {
        const text = `${year}-${two(month)}-${two(day)}T10:28:32.5+07:00`;
        const expected = DateTime.fromISO(text);
        expect(parseTime(text, 'iso', wib), text).toBe(expected.isValid ? expected.toMillis() : undefined);
      }
});
