import type { Broker, Model } from '../../config/model.ts';

/** The brokers of a site, with their secrets: those that its file names, and those that its devices use. */
export function siteBrokers(
  { devices, brokers = [] }: Pick<Model, 'devices' | 'brokers'>,
  site: string,
): Broker[] {
  const used = devices.flatMap(({ address }) => (address.protocol === 'mqtt' ? address.broker : []));
  const own = [...brokers, ...used].filter(({ key }) => key.startsWith(`${site}/`));
  return [...new Map(own.map((broker) => [broker.key, broker])).values()];
}
