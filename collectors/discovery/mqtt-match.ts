import type { MqttProfile, Profile } from '../../config/schema/profile.ts';
import { parsePointer, valueAt } from '../drivers/json/pointer.ts';
import { decodePayload } from '../drivers/mqtt/sparkplug/payload.ts';
import { type Heard, sparkplugRoot } from './mqtt.ts';

type Topics = Heard['topics'];

export interface MqttMatch {
  readonly profile: MqttProfile;
  /** The device's address: what `{topic}` stands for. */
  readonly address: string;
  /** Group → the parts that were found, of groups that name none by themselves. */
  readonly parts: Readonly<Record<string, readonly string[]>>;
  /** Of a generic profile: its inputs that stand in the messages. */
  readonly inputs: readonly string[];
  /** Values of the profile that stand in what was received, of so many. */
  readonly reads: number;
  readonly of: number;
  /** Whose messages they stand in. */
  readonly topics: ReadonlySet<string>;
}

/** Every wireless sensor sends these: they say nothing about what it is. */
const housekeeping: ReadonlySet<string> = new Set(['battery', 'battery-voltage', 'link-quality', 'tamper']);

/** Most of a profile stands in the messages: it is the device's. Of a generic one, whatever it has. */
export function isLikely({ reads, of, inputs }: MqttMatch): boolean {
  return inputs.length > 0 || 2 * reads >= of;
}

/** Devices by their topics: for each address the profile of which most stands in the messages; equals go to the smaller profile. */
export function matchTopics(profiles: readonly Profile[], { topics }: Pick<Heard, 'topics'>): MqttMatch[] {
  const best = new Map<string, MqttMatch>();
  for (const profile of profiles) {
    if (profile.protocol !== 'mqtt' || profile.payload !== 'json') continue;
    for (const match of matchesOf(profile, topics)) {
      const known = best.get(match.address);
      if (known === undefined || isBetter(match, known)) best.set(match.address, match);
    }
  }
  const matches = [...best.values()].sort((a, b) => (a.address < b.address ? -1 : 1));
  const taken = new Set(matches.filter(isLikely).flatMap((match) => [...match.topics]));
  return matches.filter((match) => isLikely(match) || [...match.topics].some((topic) => !taken.has(topic)));
}

function isBetter(one: MqttMatch, other: MqttMatch): boolean {
  if (isLikely(one) !== isLikely(other)) return isLikely(one);
  return one.reads === other.reads ? one.of < other.of : one.reads > other.reads;
}

/** A place of a value. The pattern's groups are `topic` and, where the part is not known yet, `part`. */
interface Wanted {
  readonly pattern: RegExp;
  readonly group: string | undefined;
  readonly input: string | undefined;
  readonly isTelling: boolean;
  readonly pointer: string | undefined;
  readonly where: readonly (readonly [string, string])[];
}

interface Hits {
  readonly places: Set<string>;
  readonly parts: Map<string, Set<string>>;
  readonly inputs: Set<string>;
  readonly topics: Set<string>;
  isTelling: boolean;
}

function matchesOf(profile: MqttProfile, topics: Topics): MqttMatch[] {
  const wanted = wantedOf(profile);
  const found = new Map<string, Hits>();
  for (const [topic, document] of topics) {
    if (topic.startsWith(sparkplugRoot)) continue;
    for (const [place, each] of wanted.entries()) {
      const { topic: address, part = '' } = each.pattern.exec(topic)?.groups ?? {};
      if (address === undefined || !isThere(document, each, part)) continue;
      const hits = found.get(address) ?? noHits();
      found.set(address, hits);
      hits.places.add(`${place} ${part}`);
      hits.topics.add(topic);
      hits.isTelling ||= each.isTelling;
      if (each.input !== undefined) hits.inputs.add(each.input);
      if (each.group === undefined || part === '') continue;
      const parts = hits.parts.get(each.group) ?? new Set();
      hits.parts.set(each.group, parts.add(part));
    }
  }
  return [...found].flatMap(([address, hits]): MqttMatch[] => {
    if (!hits.isTelling) return [];
    const parts = Object.fromEntries([...hits.parts].map(([group, names]) => [group, [...names].sort()]));
    const of = wanted.reduce((sum, { group }) => sum + (parts[group ?? '']?.length ?? 1), 0);
    const { places, topics: own } = hits;
    return [{ profile, address, parts, inputs: [...hits.inputs], reads: places.size, of, topics: own }];
  });
}

function noHits(): Hits {
  return { places: new Set(), parts: new Map(), inputs: new Set(), topics: new Set(), isTelling: false };
}

/** Places of values that need no more than the device's own topic. */
function wantedOf({ points, groups, inputs }: MqttProfile): Wanted[] {
  type Point = MqttProfile['points'][number] | MqttProfile['groups'][number]['points'][number];
  const plain = points.map((point) => wanted(point, { isTelling: isTelling(point) }));
  const grouped = groups.flatMap(({ group, parts, points: own }) =>
    own.flatMap((point: Point) =>
      parts.length === 0 && point.topic.includes('{part}')
        ? [wanted(point, { group, isTelling: isTelling(point) })]
        : parts.map((part) => wanted(point, { part, isTelling: isTelling(point) })),
    ),
  );
  // An input without a usual meaning proves nothing: /v1 may be anything.
  const generic = Object.entries(inputs).flatMap(([input, read]) =>
    read.usually === undefined ? [] : [wanted(read, { input, isTelling: true })],
  );
  return [...plain, ...grouped, ...generic].flatMap((each) => each ?? []);
}

function isTelling({ quantity }: { readonly quantity: string }): boolean {
  return !housekeeping.has(quantity);
}

function wanted(
  { topic, pointer, where = {} }: MqttProfile['inputs'][string],
  {
    part,
    group,
    input,
    isTelling: telling,
  }: {
    readonly part?: string;
    readonly group?: string;
    readonly input?: string;
    readonly isTelling: boolean;
  },
): Wanted | undefined {
  const fill = (text: string): string => (part === undefined ? text : text.replaceAll('{part}', part));
  const own = fill(topic);
  const places = own.split('{topic}').length - 1;
  // A whole payload without a place in it says nothing about what it is, unless the topic does.
  if (places !== 1 || (pointer === undefined && own.endsWith('{topic}'))) return undefined;
  const source = own
    .replaceAll(/[.*+?^$()|[\]\\]/g, String.raw`\$&`)
    .replace('{topic}', '(?<topic>[^/](?:.*[^/])?)')
    .replace('{part}', '(?<part>[a-z0-9]+(?:-[a-z0-9]+)*)')
    .replaceAll('{part}', String.raw`\k<part>`);
  return {
    pattern: new RegExp(`^${source}$`),
    group,
    input,
    isTelling: telling,
    pointer: pointer === undefined ? undefined : fill(pointer),
    where: Object.entries(where).map(([place, text]) => [fill(place), fill(text)] as const),
  };
}

function isThere(document: unknown, { pointer, where }: Wanted, part: string): boolean {
  const fill = (text: string): string => text.replaceAll('{part}', part);
  if (pointer === undefined) return typeof document !== 'object';
  const value = valueAt(document, parsePointer(fill(pointer)));
  if (value === undefined || value === null || typeof value === 'object') return false;
  return where.every(([place, text]) => String(valueAt(document, parsePointer(fill(place)))) === fill(text));
}

/** A Sparkplug B edge node or a device of one. */
export interface SparkplugSource {
  /** `GROUP/NODE` or `GROUP/NODE/DEVICE`. */
  readonly address: string;
  /** Names of its metrics; empty: no birth was received. */
  readonly metrics: readonly string[];
}

/** Metrics have names in births only, and those are sent when a node connects. */
export function sparkplugSources({ topics }: Pick<Heard, 'topics'>): SparkplugSource[] {
  const found = new Map<string, readonly string[]>();
  for (const [topic, payload] of topics) {
    const [root, group, kind = '', node, device, ...more] = topic.split('/');
    if (root !== 'spBv1.0' || group === undefined || node === undefined || more.length > 0) continue;
    if (!/^[ND](BIRTH|DATA)$/.test(kind)) continue;
    const address = device === undefined ? `${group}/${node}` : `${group}/${node}/${device}`;
    const metrics = kind.endsWith('BIRTH') ? metricsOf(payload) : [];
    if (metrics.length > 0 || !found.has(address)) found.set(address, metrics);
  }
  return [...found]
    .map(([address, metrics]) => ({ address, metrics }))
    .sort((a, b) => (a.address < b.address ? -1 : 1));
}

function metricsOf(payload: unknown): string[] {
  if (!Buffer.isBuffer(payload)) return [];
  try {
    return decodePayload(payload).metrics.flatMap(({ name }) =>
      name === undefined || /^(bdSeq$|Node Control\/|Device Control\/|Properties\/)/.test(name) ? [] : [name],
    );
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}

/** A topic with values that no profile names. */
export interface UnknownSource {
  readonly topic: string;
  /** Pointers to its numbers and truth values. */
  readonly members: readonly string[];
}

/** What programs tell each other beside the devices' own values. */
const management =
  /(^|\/)(bridge|discovery|homeassistant|\$[^/]*|STATE|INFO\d|LWT|availability|online|status|command|rpc)(\/|$)/;
const mostMembers = 12;

/** JSON with values on topics of no device that was recognised. */
export function unknownSources(
  { topics }: Pick<Heard, 'topics'>,
  matches: readonly MqttMatch[],
): UnknownSource[] {
  const known = new Set(matches.flatMap((match) => [...match.topics]));
  const addresses = matches.map(({ address }) => `/${address}/`);
  return [...topics]
    .filter(
      ([topic]) =>
        !known.has(topic) &&
        !topic.startsWith(sparkplugRoot) &&
        !management.test(topic) &&
        !addresses.some((address) => `/${topic}/`.includes(address)),
    )
    .flatMap(([topic, document]) => {
      const members = membersOf(document, '').slice(0, mostMembers);
      return members.length === 0 ? [] : [{ topic, members }];
    })
    .sort((a, b) => (a.topic < b.topic ? -1 : 1));
}

function membersOf(document: unknown, at: string): string[] {
  if (typeof document === 'number' || typeof document === 'boolean') return at === '' ? [] : [at];
  if (
    typeof document !== 'object' ||
    document === null ||
    Array.isArray(document) ||
    Buffer.isBuffer(document)
  )
    return [];
  return Object.entries(document).flatMap(([name, value]) =>
    membersOf(value, `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  );
}
