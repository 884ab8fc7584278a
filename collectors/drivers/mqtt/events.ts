import {
  flagged,
  idInRun,
  partAttribute,
  type EventAttributes,
  type FieldEvent,
} from '../../../core/field-event.ts';
import type { EventRead } from '../../../config/model.ts';
import { parsePointer, valueAt } from './pointer.ts';
import { parseTime, type TimeFormat } from './time.ts';

/** An `EventRead` whose pointers are parsed once. */
export interface EventRoute {
  readonly part: string | undefined;
  readonly where: readonly Condition[];
  readonly id: readonly (readonly string[])[];
  readonly restarts: boolean;
  readonly time: { readonly steps: readonly string[]; readonly format: TimeFormat } | undefined;
  readonly kinds: readonly { readonly kind: string; readonly where: readonly Condition[] }[];
  readonly attributes: readonly { readonly name: string; readonly steps: readonly string[] }[];
}

interface Condition {
  readonly steps: readonly string[];
  readonly equals: string;
}

export interface ReadEvents {
  readonly events: readonly FieldEvent[];
  /** What was wrong with parts of the message; the events that were sound are still there. */
  readonly errors: readonly string[];
}

/** Longer texts are no names and no codes; cut, so that an event stays small on its whole way. */
const maxTextLength = 500;
const maxIdLength = 200;

export function planEvent(read: EventRead): EventRoute {
  const { part, where, id, restarts, time, kinds, attributes } = read;
  return {
    part,
    where: conditions(where),
    id: id.map(parsePointer),
    restarts,
    time: time && { steps: parsePointer(time.pointer), format: time.format },
    kinds: kinds.map((each) => ({ kind: each.kind, where: conditions(each.where) })),
    attributes: attributes.map(({ name, pointer }) => ({ name, steps: parsePointer(pointer) })),
  };
}

/**
 * The events in one document. A message without any of the values of an id is about something else; with only some of them,
 * or with one that cannot identify anything, it is an error. What is wrong with a time or an attribute does not cost the event.
 * Never throws. @param zone of source times that name none
 */
export function readEvents(
  routes: readonly EventRoute[],
  document: unknown,
  { source, zone, now }: { readonly source: string; readonly zone: string; readonly now: number },
): ReadEvents {
  const events: FieldEvent[] = [];
  const errors: string[] = [];
  for (const route of routes) {
    if (!holds(route.where, document)) continue;
    const told = route.id.map((steps) => valueAt(document, steps));
    if (told.every((value) => value === undefined)) continue;
    const id = idOf(told);
    if (id === undefined) {
      errors.push(`no event id: ${JSON.stringify(told).slice(0, 80)}`);
      continue;
    }
    const { attributes, left } = attributesOf(route, document);
    errors.push(...left);
    const kind = route.kinds.find(({ where }) => holds(where, document))?.kind ?? 'other';
    const event: FieldEvent = { id: `${source}#${id}`, source, at: now, kind, attributes };
    const timed = withTime(event, route, document, { zone, now });
    if (timed.error !== undefined) errors.push(timed.error);
    events.push(timed.event);
  }
  return { events, errors };
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
  const sourceTime = told === undefined ? null : (textOf(told)?.slice(0, maxTextLength) ?? null);
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

function attributesOf(
  { part, attributes }: EventRoute,
  document: unknown,
): { attributes: EventAttributes; left: string[] } {
  const found: Record<string, EventAttributes[string]> = part === undefined ? {} : { [partAttribute]: part };
  const left: string[] = [];
  for (const { name, steps } of attributes) {
    const value = valueAt(document, steps);
    if (value === undefined) continue;
    if (value === null || typeof value === 'boolean') found[name] = value;
    else if (typeof value === 'number') found[name] = Number.isFinite(value) ? value : null;
    else if (typeof value === 'string') found[name] = value.slice(0, maxTextLength);
    else left.push(`the attribute ${name} is no plain value`);
  }
  return { attributes: found, left };
}

function holds(where: readonly Condition[], document: unknown): boolean {
  return where.every(({ steps, equals }) => textOf(valueAt(document, steps)) === equals);
}

function conditions(where: EventRead['where']): Condition[] {
  return where.map(({ pointer, equals }) => ({ steps: parsePointer(pointer), equals }));
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}
