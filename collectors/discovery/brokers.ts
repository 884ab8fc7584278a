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

export interface SearchedBroker {
  readonly broker: Broker;
  /** What entries call it. */
  readonly name: string;
  /** It is not in the site's file: the entries need it there. */
  readonly isNew: boolean;
}

/**
 * A broker of the site with its secrets, by its name or address; or one that is given by its address and lets anybody in.
 * @param known of the site
 * @returns undefined for what is neither
 */
export function searchedBroker(
  text: string,
  known: readonly Broker[],
  site: string,
): SearchedBroker | undefined {
  const found = known.find(({ key, url }) => key === `${site}/${text}` || url === text);
  if (found !== undefined) return { broker: found, name: found.key.slice(site.length + 1), isNew: false };
  if (!/^mqtts?:\/\//.test(text)) return undefined;
  const isTaken = (name: string): boolean => known.some(({ key }) => key === `${site}/${name}`);
  const names = ['main', ...known.map((_, at) => `main-${at + 2}`)];
  const name = names.find((each) => !isTaken(each)) ?? 'main';
  return { broker: { key: `${site}/discover`, url: text }, name, isNew: true };
}

/** The lines of the site's file that entries of a new broker need; none where no entry names it. */
export function missingBroker(
  { broker, name, isNew }: SearchedBroker,
  entries: readonly string[],
  site: string,
): string[] {
  if (!isNew || !entries.some((line) => line.endsWith(`broker: ${name}`))) return [];
  return [
    `# For "brokers:" of sites/${site}.yaml, which has none at this address.`,
    'brokers:',
    `  ${name}: { url: '${broker.url}' }`,
    '',
  ];
}
