import { inWib } from '../../core/wib.ts';
import { words, type Language } from './words.ts';

/** The only place where numbers become text. Times are epoch ms and shown in WIB (UTC+7, no daylight saving). */
export interface Format {
  readonly language: Language;
  number(value: number, decimals: number): string;
  /** Number with as many decimals as the unit deserves, without the unit. */
  figure(value: number, unit: string): string;
  /** Number and unit: `27,4 °C`; seconds as `540 ms`, `2,5 dtk` or a duration. */
  quantity(value: number, unit: string): string;
  /** `14.32.07` */
  time(at: number): string;
  /** `14.32` */
  clock(at: number): string;
  /** `Minggu, 22 November 2026` */
  date(at: number): string;
  /** `Minggu` */
  weekday(at: number): string;
  /** `22 November 2026` */
  fullDay(at: number): string;
  /** `22 Nov` */
  day(at: number): string;
  /** `22 Nov 14.32` */
  moment(at: number): string;
  /** `7 jam 41 mnt`: the two largest units, rounded down. */
  duration(ms: number): string;
  /** `12 dtk`: the largest unit. */
  age(ms: number): string;
}

const zone = 'Asia/Jakarta';

/** The unit as people write it; counts, ratios and states have none. */
export function unitText(unit: string): string {
  return unit === 'count' || unit === 'ratio' || unit === 'state' ? '' : unit;
}

function decimalsOf(value: number, unit: string): number {
  switch (unit) {
    case '°C':
    case '°C/h':
    case 'Hz':
    case 'fps':
    case '%/m':
      return 1;
    case 'ratio':
      return 2;
    case 'kW':
    case 'kVA':
    case 'kvar':
    case 'A':
    case '/s':
      return Math.abs(value) < 99.95 ? 1 : 0;
    default:
      return 0;
  }
}

export function createFormat(language: Language): Format {
  const word = words[language];
  const numbers = [0, 1, 2, 3].map(
    (digits) =>
      new Intl.NumberFormat(word.locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }),
  );
  const dateFormat = new Intl.DateTimeFormat(word.locale, {
    weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone: zone,
  }); // prettier-ignore
  const weekdayFormat = new Intl.DateTimeFormat(word.locale, { weekday: 'long', timeZone: zone });
  const fullDayFormat = new Intl.DateTimeFormat(word.locale, {
    day: 'numeric', month: 'long', year: 'numeric', timeZone: zone,
  }); // prettier-ignore
  const dayFormat = new Intl.DateTimeFormat(word.locale, { day: 'numeric', month: 'short', timeZone: zone });

  const number = (value: number, decimals: number): string => {
    const text = (numbers[decimals] ?? new Intl.NumberFormat(word.locale)).format(value);
    return /^-[0.,]+$/.test(text) ? text.slice(1) : text;
  };
  const figure = (value: number, unit: string): string => number(value, decimalsOf(value, unit));
  const quantity = (value: number, unit: string): string => {
    if (unit === 's') return seconds(value);
    return `${figure(value, unit)} ${unitText(unit)}`.trimEnd();
  };
  /** Latencies are short, endurances long: both keep what matters of them. */
  const seconds = (value: number): string => {
    const size = Math.abs(value);
    if (size >= 10 || size === 0) return duration(value * 1_000);
    return size < 0.9995 ? `${number(value * 1_000, 0)} ms` : `${number(value, Number.isInteger(value) ? 0 : 1)} ${word.second}`;
  }; // prettier-ignore
  const clockParts = (at: number): string[] => {
    const wib = inWib(at);
    return [wib.getUTCHours(), wib.getUTCMinutes(), wib.getUTCSeconds()].map((part) =>
      String(part).padStart(2, '0'),
    );
  };
  const time = (at: number): string => clockParts(at).join(word.timeSeparator);
  const clock = (at: number): string => clockParts(at).slice(0, 2).join(word.timeSeparator);
  const largest = (ms: number, count: number): string => {
    const seconds = Math.floor(Math.max(0, ms) / 1_000);
    const parts: [number, string][] = [
      [Math.floor(seconds / 86_400), word.day],
      [Math.floor(seconds / 3_600) % 24, word.hour],
      [Math.floor(seconds / 60) % 60, word.minute],
      [seconds % 60, word.second],
    ];
    const first = parts.findIndex(([amount]) => amount > 0);
    if (first === -1) return `0 ${word.second}`;
    return parts
      .slice(first, first + count)
      .filter(([amount]) => amount > 0)
      .map(([amount, unit]) => `${number(amount, 0)} ${unit}`)
      .join(' ');
  };
  const duration = (ms: number): string => largest(ms, 2);

  return {
    language,
    number,
    figure,
    quantity,
    time,
    clock,
    date: (at) => dateFormat.format(at),
    weekday: (at) => weekdayFormat.format(at),
    fullDay: (at) => fullDayFormat.format(at),
    day: (at) => dayFormat.format(at),
    moment: (at) => `${dayFormat.format(at)} ${clock(at)}`,
    duration,
    age: (ms) => largest(ms, 1),
  };
}

/** Made once: their Intl parts are costly. */
export const formats: Readonly<Record<Language, Format>> = { id: createFormat('id'), en: createFormat('en') };
