import type { ReadValue } from '../server/contracts/commissioning.ts';

/**
 * The line of the device's entry that would correct a value: a factor between what the device sends and what it shows. Undefined where either
 * is no number, the value is a state, or it agrees.
 */
export function correction(
  { part, quantity, unit, raw, value }: ReadValue,
  shown: string,
): string | undefined {
  if (unit === 'state') return undefined;
  const [sent, meant] = [Number(raw), Number(shown.replace(',', '.'))];
  if (raw === null || raw === '' || shown.trim() === '' || value === null || value === meant)
    return undefined;
  if (!Number.isFinite(sent) || !Number.isFinite(meant) || sent === 0 || meant === 0) return undefined;
  const scale = Number((meant / sent).toPrecision(3));
  return `override: { ${part === null ? '' : `${part}/`}${quantity}: { scale: ${scale} } }`;
}
