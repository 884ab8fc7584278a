import type { Model } from './model.ts';

/** The same model, points and all, with only the devices of some sites to poll. */
export function withDevicesOf(model: Model, sites: readonly string[]): Model {
  return { ...model, devices: model.devices.filter(({ site }) => sites.includes(site)) };
}
