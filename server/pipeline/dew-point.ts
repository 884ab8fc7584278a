/**
 * Dew point in °C from °C and %RH: Magnus formula with the coefficients of Sonntag (1990), valid −45 … 60 °C. The
 * band of BAB IV.4 alone misses condensation: 27 °C at 60 %RH has 18.6 °C.
 */
export function dewPoint(temperature: number, humidity: number): number {
  const a = 17.62;
  const b = 243.12;
  if (!(humidity > 0 && humidity <= 100)) return Number.NaN;
  const gamma = Math.log(humidity / 100) + (a * temperature) / (b + temperature);
  return (b * gamma) / (a - gamma);
}
