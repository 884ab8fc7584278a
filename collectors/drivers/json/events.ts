import {
  flagged,
  idInRun,
  partAttribute,
  type EventAttributes,
  type FieldEvent,
} from '../../../core/field-event.ts';
import type { EventRead } from '../../../config/point-source.ts';
import { parseRange } from '../../../config/schema/ranges.ts';
import { parsePointer, valueAt } from './pointer.ts';
import { parseTime, type TimeFormat } from './time.ts';

/** An `EventRead` whose pointers are parsed once. */
export interface EventRoute {
  readonly part: string | undefined;
  readonly partAt:
    | {
        readonly steps: Steps;
        readonly prefix: string;
        readonly otherwise: string | undefined;
        readonly parts: ReadonlySet<string>;
      }
    | undefined;
  readonly each: Steps | undefined;
  readonly where: readonly Condition[];
  readonly id: readonly Steps[];
  readonly restarts: boolean;
  readonly time: { readonly steps: Steps; readonly format: TimeFormat } | undefined;
  readonly kinds: readonly {
    readonly kind: string;
    readonly where: readonly Condition[];
    readonly set: EventAttributes;
  }[];
  readonly attributes: readonly AttributeRoute[];
}

type Steps = readonly string[];

interface Condition {
  readonly steps: Steps;
  readonly texts: ReadonlySet<string>;
  readonly ranges: readonly { readonly low: number; readonly high: number }[];
}

interface AttributeRoute {
  readonly name: string;
  readonly steps: Steps;
  readonly codes: ReadonlyMap<string, string>;
  readonly absent: ReadonlySet<string>;
}

export interface ReadEvents {
  readonly events: readonly FieldEvent[];
  /** What was wrong with parts of the message; the events that were sound are still there. */
  readonly errors: readonly string[];
}

/** Longer texts are no names and no codes; cut, so that an event stays small on its whole way. */
const maxTextLength = 500;
const maxIdLength = 200;

/** One message may list so many events; a larger list is cut, and that is reported. */
const maxListed = 10_000;

export function planEvent(read: EventRead): EventRoute {
  const { part, partAt, each, where, id, restarts, time, kinds, attributes } = read;
  return {
    part,
    partAt: partAt && {
      steps: parsePointer(partAt.pointer),
      prefix: partAt.prefix,
      otherwise: partAt.default,
      parts: new Set(partAt.parts),
    },
    each: each === undefined ? undefined : parsePointer(each),
    where: conditions(where),
    id: id.map(parsePointer),
    restarts,
    time: time && { steps: parsePointer(time.pointer), format: time.format },
    kinds: kinds.map((each) => ({ kind: each.kind, where: conditions(each.where), set: each.set })),
    attributes: attributes.map(({ name, pointer, codes, absent }) => ({
      name,
      steps: parsePointer(pointer),
      codes: new Map(Object.entries(codes)),
      absent: new Set(absent),
    })),
  };
}

interface Context {
  readonly source: string;
  /** Of source times that name none. */
  readonly zone: string;
  readonly now: number;
}

/**
 * The events in one document. A message without any of the values of an id is about something else; with only some of them,
 * or with one that cannot identify anything, it is an error. What is wrong with a time or an attribute does not cost the event.
 * Never throws.
 */
export function readEvents(routes: readonly EventRoute[], document: unknown, context: Context): ReadEvents {
  const events: FieldEvent[] = [];
  const errors: string[] = [];
  for (const route of routes) {
    const listed = messagesOf(route, document);
    if (listed.length > maxListed)
      errors.push(`${listed.length} events in one message: the first ${maxListed} are read`);
    for (const message of listed.slice(0, maxListed)) {
      if (!holds(route.where, message)) continue;
      const found = readEvent(route, message, context);
      if (found.event !== undefined) events.push(found.event);
      errors.push(...found.errors);
    }
  }
  return { events, errors };
}

function messagesOf({ each }: EventRoute, document: unknown): readonly unknown[] {
  if (each === undefined) return [document];
  const listed = valueAt(document, each);
  if (Array.isArray(listed)) return listed;
  return listed === undefined ? [] : [listed];
}

function readEvent(
  route: EventRoute,
  message: unknown,
  { source, zone, now }: Context,
): { readonly event?: FieldEvent; readonly errors: readonly string[] } {
  const told = route.id.map((steps) => valueAt(message, steps));
  if (told.every((value) => value === undefined)) return { errors: [] };
  const id = idOf(told);
  if (id === undefined) return { errors: [`no event id: ${JSON.stringify(told).slice(0, 80)}`] };
  const { kind, set } = route.kinds.find(({ where }) => holds(where, message)) ?? { kind: 'other', set: {} };
  const { attributes, left } = attributesOf(route, message);
  const event: FieldEvent = {
    id: `${source}#${id}`,
    source,
    at: now,
    kind,
    // What the kind implies is surer than what a field of the message may say.
    attributes: { ...attributes, ...set },
  };
  const timed = withTime(event, route, message, { zone, now });
  return { event: timed.event, errors: timed.error === undefined ? left : [...left, timed.error] };
}

function withTime(
  event: FieldEvent,
  { time, restarts }: EventRoute,
  document: unknown,
  { zone, now }: { readonly zone: string; readonly now: number },
): { event: FieldEvent; error?: string } {
  if (time === undefined) return { event };
  const told = valueAt(document, time.steps);
  const at = parseTime(told, time.format, zone);
  if (at !== undefined) return { event: { ...event, id: restarts ? idInRun(event.id, at) : event.id, at } };
  const toldText = textOf(told);
  const sourceTime = toldText === undefined ? null : storable(toldText);
  return {
    event: flagged(event, { at: now, sourceTime, flag: 'clock-unreadable' }),
    error: `no time in "${time.format}" form: ${sourceTime}`,
  };
}

/** Undefined where a value is missing or is no plain one. Values are escaped, so that no two lists give the same id. */
function idOf(values: readonly unknown[]): string | undefined {
  const texts = values.map(textOf);
  if (texts.some((text) => text === undefined || text === '' || !isPrintable(text))) return undefined;
  const id = texts.map((text) => (text ?? '').replaceAll(/[%,@]/g, encodeURIComponent)).join(',');
  return id.length <= maxIdLength ? id : undefined;
}

/** Control characters and halves of surrogate pairs do not come back from every database as they went in. */
function isPrintable(text: string): boolean {
  return !/\p{Cc}/u.test(text) && Buffer.from(text, 'utf8').toString('utf8') === text;
}

/** Short, and what every database takes: PostgreSQL refuses U+0000, and with it every event of the same batch, again and again. */
function storable(text: string): string {
  return text.slice(0, maxTextLength).replaceAll('\0', '\uFFFD').toWellFormed();
}

function attributesOf(
  route: EventRoute,
  message: unknown,
): { attributes: EventAttributes; left: readonly string[] } {
  const part = partOf(route, message);
  const found: Record<string, EventAttributes[string]> = part === undefined ? {} : { [partAttribute]: part };
  const left: string[] = [];
  for (const { name, steps, codes, absent } of route.attributes) {
    const value = valueAt(message, steps);
    const text = textOf(value);
    if (value === undefined || (text !== undefined && absent.has(text))) continue;
    const word = text === undefined ? undefined : codes.get(text);
    if (word !== undefined) found[name] = word;
    else if (value === null || typeof value === 'boolean') found[name] = value;
    else if (typeof value === 'number') found[name] = Number.isFinite(value) ? value : null;
    else if (typeof value === 'string') found[name] = storable(value);
    else left.push(`the attribute ${name} is no plain value`);
  }
  return { attributes: found, left };
}

/** Undefined where the message names a part that the device does not have: nobody knows which door that is. */
function partOf({ part, partAt }: EventRoute, message: unknown): string | undefined {
  if (partAt === undefined) return part;
  const value = textOf(valueAt(message, partAt.steps)) ?? partAt.otherwise;
  const name = value === undefined ? undefined : `${partAt.prefix}${value.toLowerCase()}`;
  return name !== undefined && partAt.parts.has(name) ? name : undefined;
}

function holds(where: readonly Condition[], message: unknown): boolean {
  return where.every(({ steps, texts, ranges }) => {
    const text = textOf(valueAt(message, steps));
    if (text === undefined) return false;
    if (texts.has(text)) return true;
    return ranges.length > 0 && text.trim() !== '' && ranges.some((range) => isWithin(Number(text), range));
  });
}

function isWithin(value: number, { low, high }: { readonly low: number; readonly high: number }): boolean {
  return value >= low && value <= high;
}

function conditions(where: EventRead['where']): Condition[] {
  return where.map(({ pointer, oneOf }) => ({
    steps: parsePointer(pointer),
    texts: new Set(oneOf.filter((text) => parseRange(text) === undefined)),
    ranges: oneOf.flatMap((text) => parseRange(text) ?? []),
  }));
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}
