/** Western Indonesia Time: UTC+7, no daylight saving, so that a day is always 24 hours. */
const offset = '+07:00';
export const dayMs = 86_400_000;

/** Epoch ms of a day (`2026-01-05`) and a time of day (`08:00`) in WIB. */
export function wibStart(day: string, time: string): number {
  return Date.parse(`${day}T${time}:00${offset}`);
}

/** Ms after midnight of a time of day. */
export function timeOfDayMs(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return (hours * 60 + minutes) * 60_000;
}
