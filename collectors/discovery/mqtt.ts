import { pino } from 'pino';
import type { Broker } from '../../config/model.ts';
import type { MqttProfile, Profile } from '../../config/schema/profile.ts';
import type { Clock } from '../../core/clock.ts';
import { parsePointer, valueAt } from '../drivers/json/pointer.ts';
import { connectBroker } from '../drivers/mqtt/broker.ts';
import type { Message } from '../drivers/mqtt/message.ts';

/** Topics kept at most; a broker of a whole ministry has more, and its first ones say enough. */
const mostTopics = 20_000;
/** Larger ones are no sensor's. */
const mostBytes = 65_536;

export interface Heard {
  /** Topic → the last payload, parsed where it is JSON. */
  readonly topics: ReadonlyMap<string, unknown>;
  /** Topics that came beyond those kept. */
  readonly dropped: number;
}

/** Listens to everything that a broker passes on; publishes nothing. Rejects with the broker's own words where it lets nobody in. */
export async function listenToBroker(
  broker: Broker,
  { clock, forMs, signal }: { readonly clock: Clock; readonly forMs: number; readonly signal: AbortSignal },
): Promise<Heard> {
  const topics = new Map<string, unknown>();
  let dropped = 0;
  let refused: string | undefined;
  const connection = connectBroker({
    broker,
    filters: ['#'],
    onConnect: () => undefined,
    onMessage: (topic, { payload }: Message) => {
      if (payload.length > mostBytes) return;
      if (topics.size >= mostTopics && !topics.has(topic)) dropped += 1;
      else topics.set(topic, parsed(payload));
    },
    onTrouble: () => undefined,
    onRefused: () => {
      refused = 'the broker does not let this user subscribe to "#"';
    },
    log: pino({ level: 'silent' }),
  });
  await clock.sleep(forMs, signal);
  const trouble = refused ?? connection.trouble();
  await connection.end();
  if (topics.size === 0 && trouble !== undefined) throw new Error(`${broker.url}: ${trouble}`);
  return { topics, dropped };
}

function parsed(payload: Buffer): unknown {
  const text = payload.toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export interface MqttMatch {
  readonly profile: MqttProfile;
  /** The device's address: what `{topic}` stands for. */
  readonly address: string;
  /** Values of the profile that stand in what was received, of so many. */
  readonly reads: number;
  readonly of: number;
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
  return [...best.values()].sort((a, b) => (a.address < b.address ? -1 : 1));
}

function isBetter(one: MqttMatch, other: MqttMatch): boolean {
  return one.reads === other.reads ? one.of < other.of : one.reads > other.reads;
}

interface Wanted {
  readonly before: string;
  readonly after: string;
  readonly steps: readonly string[] | undefined;
  readonly where: readonly (readonly [readonly string[], string])[];
}

function matchesOf(profile: MqttProfile, topics: Heard['topics']): MqttMatch[] {
  const wanted = wantedOf(profile);
  const reads = new Map<string, number>();
  for (const [topic, document] of topics)
    for (const each of wanted) {
      const address = addressIn(topic, each);
      if (address === undefined || !isThere(document, each)) continue;
      reads.set(address, (reads.get(address) ?? 0) + 1);
    }
  return [...reads].map(([address, count]) => ({ profile, address, reads: count, of: wanted.length }));
}

/** Places of values that need no more than the device's own topic. */
function wantedOf({ points, groups }: MqttProfile): Wanted[] {
  const grouped = groups.flatMap((group) =>
    group.parts.flatMap((part) => group.points.map((point) => ({ point, part }))),
  );
  return [...points.map((point) => ({ point, part: '' })), ...grouped].flatMap(({ point, part }) => {
    const fill = (text: string): string => text.replaceAll('{part}', part);
    const [before = '', after, ...more] = fill(point.topic).split('{topic}');
    // A whole payload without a place in it says nothing about what it is, unless the topic does.
    const isTelling = point.pointer !== undefined || (after !== undefined && after !== '');
    if (after === undefined || more.length > 0 || !isTelling) return [];
    const where = Object.entries(point.where ?? {}).map(
      ([pointer, text]) => [parsePointer(fill(pointer)), fill(text)] as const,
    );
    const steps = point.pointer === undefined ? undefined : parsePointer(fill(point.pointer));
    return [{ before, after, steps, where }];
  });
}

function addressIn(topic: string, { before, after }: Wanted): string | undefined {
  if (!topic.startsWith(before) || !topic.endsWith(after)) return undefined;
  const address = topic.slice(before.length, topic.length - after.length);
  return address === '' || address.startsWith('/') || address.endsWith('/') ? undefined : address;
}

function isThere(document: unknown, { steps, where }: Wanted): boolean {
  if (steps === undefined) return typeof document !== 'object';
  const value = valueAt(document, steps);
  if (value === undefined || value === null || typeof value === 'object') return false;
  return where.every(([pointer, text]) => String(valueAt(document, pointer)) === text);
}

/** Sparkplug B edge nodes and their devices, as `GROUP/NODE` and `GROUP/NODE/DEVICE`. */
export function sparkplugNames({ topics }: Pick<Heard, 'topics'>): string[] {
  const names = [...topics.keys()].flatMap((topic) => {
    const [root, group, kind = '', node, device, ...more] = topic.split('/');
    if (root !== 'spBv1.0' || group === undefined || node === undefined || more.length > 0) return [];
    if (!/^[ND](BIRTH|DATA)$/.test(kind)) return [];
    return [device === undefined ? `${group}/${node}` : `${group}/${node}/${device}`];
  });
  return [...new Set(names)].sort();
}
