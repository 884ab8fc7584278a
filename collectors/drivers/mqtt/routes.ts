import type { Device, Point } from '../../../config/model.ts';
import type { MqttProfile } from '../../../config/schema/profile.ts';
import { planEvent, type EventRoute } from '../json/events.ts';
import { parsePointer } from '../json/pointer.ts';

/** A point and where it stands in a message. */
interface MessagePoint {
  readonly point: Point;
  /** Absent: the whole payload is the value. */
  readonly steps: readonly string[] | undefined;
  readonly where: readonly { readonly steps: readonly string[]; readonly equals: string }[];
  /** Where the message says the unit, and what its words mean. */
  readonly unit?: {
    readonly steps: readonly string[];
    readonly units: Readonly<Record<string, number | '°F'>>;
  };
}

/** What one device takes from one topic. */
export interface Route {
  readonly device: Device;
  readonly points: readonly MessagePoint[];
  readonly events: readonly EventRoute[];
  readonly time:
    | { readonly steps: readonly string[]; readonly format: NonNullable<MqttProfile['time']>['format'] }
    | undefined;
  /** The payload is parsed; without it only plain values are wanted. */
  readonly needsJson: boolean;
  /** And must be an object or a list. */
  readonly needsObject: boolean;
  /** Set on the topic of the last will. */
  readonly availability: Availability | undefined;
}

/** Words of a last will: the whole payload, or what stands at `steps` of a JSON document. */
export interface Availability {
  readonly online: string;
  readonly offline: string;
  readonly steps: readonly string[] | undefined;
}

export interface Routes {
  /** What to subscribe to, each once. Exactly what is wanted: a wildcard would bring what nobody asked for. */
  readonly filters: readonly string[];
  /** Those of them that bring events, of which none may be missed. */
  readonly eventFilters: ReadonlySet<string>;
  find(topic: string): readonly Route[];
  /** Who wants this filter. */
  of(filter: string): readonly Route[];
}

/** Which messages of one broker go to which points. */
export function planRoutes(devices: readonly Device[]): Routes {
  const byTopic = new Map<string, Route[]>();
  for (const device of devices) {
    for (const [topic, route] of routesOf(device)) byTopic.set(topic, [...(byTopic.get(topic) ?? []), route]);
  }
  const patterns = [...byTopic].filter(([topic]) => isPattern(topic));
  return {
    filters: [...byTopic.keys()],
    eventFilters: new Set(
      [...byTopic].flatMap(([topic, routes]) =>
        routes.some(({ events }) => events.length > 0) ? [topic] : [],
      ),
    ),
    of: (filter) => byTopic.get(filter) ?? [],
    find(topic) {
      const exact = byTopic.get(topic) ?? [];
      if (patterns.length === 0) return exact;
      return [...exact, ...patterns.flatMap(([filter, routes]) => (matches(filter, topic) ? routes : []))];
    },
  };
}

function routesOf(device: Device): [string, Route][] {
  const { profile, address } = device;
  if (profile.protocol !== 'mqtt' || address.protocol !== 'mqtt')
    throw new TypeError(`${device.key} is no MQTT device`);
  const { time, availability } = profile;
  const byTopic = new Map<string, MessagePoint[]>();
  const events = new Map<string, EventRoute[]>();
  for (const point of device.points) {
    if (point.source.from !== 'device' || point.source.read.by !== 'message')
      throw new TypeError(`${point.id} is not read from a message`);
    const { topic, pointer, where, unitCell } = point.source.read;
    const entry: MessagePoint = {
      point,
      steps: pointer === undefined ? undefined : parsePointer(pointer),
      where: where.map((each) => ({ steps: parsePointer(each.pointer), equals: each.equals })),
      ...(unitCell === undefined
        ? {}
        : { unit: { steps: parsePointer(unitCell.pointer), units: unitCell.units } }),
    };
    byTopic.set(topic, [...(byTopic.get(topic) ?? []), entry]);
  }
  for (const event of device.events ?? []) {
    const { topic } = event;
    events.set(topic, [...(events.get(topic) ?? []), planEvent(event)]);
    byTopic.set(topic, byTopic.get(topic) ?? []);
  }
  const source = time === undefined ? undefined : { steps: parsePointer(time.pointer), format: time.format };
  const routes = [...byTopic].map(([topic, points]): [string, Route] => {
    const inDocument = points.flatMap(({ steps, where }) => [
      ...(steps === undefined ? [] : [steps]),
      ...where.map((each) => each.steps),
    ]);
    const eventsHere = events.get(topic) ?? [];
    const needsJson = source !== undefined || inDocument.length > 0 || eventsHere.length > 0;
    const needsObject = needsJson && !inDocument.some((steps) => steps.length === 0);
    // A message that brings events alone has no values that need a time.
    const valueTime = points.length === 0 ? undefined : source;
    const found = { device, points, events: eventsHere, time: valueTime, needsJson, needsObject };
    return [topic, { ...found, availability: undefined }];
  });
  if (availability === undefined) return routes;
  const topic = availability.topic.replaceAll('{topic}', address.topic);
  const { online, offline, pointer } = availability;
  const steps = pointer === undefined ? undefined : parsePointer(pointer);
  const will = {
    device,
    points: [],
    events: [],
    time: undefined,
    needsJson: steps !== undefined,
    needsObject: false,
  };
  return [...routes, [topic, { ...will, availability: { online, offline, steps } }]];
}

function isPattern(topic: string): boolean {
  return topic.includes('+') || topic.includes('#');
}

/** MQTT 3.1.1, 4.7: `+` is one level, a final `#` is the rest, its parent level included. */
export function matches(filter: string, topic: string): boolean {
  const wanted = filter.split('/');
  const levels = topic.split('/');
  for (const [index, level] of wanted.entries()) {
    if (level === '#') return true;
    if (level !== '+' && level !== levels[index]) return false;
    if (levels[index] === undefined) return false;
  }
  return wanted.length === levels.length;
}
