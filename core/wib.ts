/** Western Indonesia Time: UTC+7, no daylight saving, so that a day is always 24 hours. */
export const dayMs = 86_400_000;
const offsetMs = 7 * 3_600_000;
const offset = '+07:00';

/** A time whose UTC fields are those of WIB. */
export function inWib(at: number): Date {
  return new Date(at + offsetMs);
}

/** Days since the epoch, WIB. */
export function wibDay(at: number): number {
  return Math.floor((at + offsetMs) / dayMs);
}

/** The beginning of the day that holds `at`, epoch ms. */
export function wibMidnight(at: number): number {
  return wibDay(at) * dayMs - offsetMs;
}

/** Epoch ms of a day (`2026-01-05`) and a time of day (`08:00`) in WIB. */
export function wibStart(day: string, time: string): number {
  return Date.parse(`${day}T${time}:00${offset}`);
}

/** Minutes after midnight of a time of day. */
export function minutesOfDay(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}
