import type { Device } from '../model.ts';

const zoneQuantities: ReadonlySet<string> = new Set([
  'fire-alarm',
  'heat-alarm',
  'gas-release',
  'co2-release',
]);

/** What a fire panel reports about what it protects, and not about itself. */
export function isOfZone(quantity: string): boolean {
  return zoneQuantities.has(quantity);
}

/**
 * The room that a device's point is about, by its `protects`, else where the device is. What a fire panel reports without a zone is about
 * the whole site: undefined, and never the room where the panel hangs.
 */
export function roomOf(
  device: Pick<Device, 'kind' | 'room'>,
  { part, quantity }: { readonly part: string | undefined; readonly quantity: string },
  protects: Readonly<Record<string, string>> = {},
): string | undefined {
  const isWholeSite = part === undefined && device.kind === 'fire-panel' && isOfZone(quantity);
  return isWholeSite ? undefined : ((part === undefined ? undefined : protects[part]) ?? device.room);
}
