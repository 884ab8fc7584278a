import { isUtf8 } from 'node:buffer';
import type { Point } from '../../../config/model.ts';
import type { FieldEvent } from '../../../core/field-event.ts';
import type { RawValue } from '../driver.ts';
import { readEvents } from '../json/events.ts';
import { valueAt } from '../json/pointer.ts';
import type { Availability, Route } from './routes.ts';
import { parseTime } from '../json/time.ts';

/** A larger message is no measurement, and parsing it would hold up all others. */
export const maxPayloadBytes = 1_000_000;

export interface Message {
  readonly payload: Buffer;
  /** Kept by the broker from before the subscription: it is not about the present. */
  readonly retained: boolean;
}

/** What reading it takes: what is too long is not even looked at, and costs nothing. */
export function bytesToRead({ payload }: Message): number {
  return payload.length > maxPayloadBytes ? 0 : payload.length;
}

/** What a message says for one route; times are those of the source. */
export interface Parsed {
  readonly values: readonly RawValue[];
  readonly events: readonly FieldEvent[];
  /** The message was meant for this device and could be read, whether or not it held a value. */
  readonly understood: boolean;
  /** What was wrong with parts of it; the values that were sound are still there. */
  readonly errors: readonly string[];
  /** Why nothing of it could be understood. */
  readonly malformed?: string;
}

interface ReadContext {
  /** Of source times that name none. */
  readonly zone: string;
  /** Time of arrival, epoch ms. */
  readonly now: number;
}

/**
 * Message → raw values and events. A pointer that leads nowhere means that this message does not speak of the point, as in a partial
 * update; null, and anything that cannot be a value, are bad. Never throws.
 */
export function readMessage(route: Route, message: Message, { zone, now }: ReadContext): Parsed {
  const { payload } = message;
  if (payload.length > maxPayloadBytes) return malformed(`a message of ${payload.length} bytes`);
  if (!isUtf8(payload)) return malformed('no UTF-8 text');
  const text = payload.toString('utf8');
  const json = route.needsJson ? parseJson(text) : { document: undefined };
  if (json === undefined) return malformed(`no JSON: ${text.slice(0, 60)}`);
  const { document } = json;
  const isObject = typeof document === 'object' && document !== null;
  if (route.needsObject && !isObject) return malformed(`no JSON object: ${text.slice(0, 60)}`);
  const { time } = route;
  const told = time && valueAt(document, time.steps);
  const at = time && parseTime(told, time.format, zone);
  const errors =
    time !== undefined && at === undefined
      ? [`no time in "${time.format}" form: ${String(textOf(told))}`]
      : [];
  // Without a time of its own nobody knows how old a retained value is; it is not a reading of now.
  if (message.retained && at === undefined) return { values: [], events: [], understood: false, errors };
  const values: RawValue[] = [];
  for (const { point, steps, where, unit } of route.points) {
    if (!where.every((each) => textOf(valueAt(document, each.steps)) === each.equals)) continue;
    const value = steps === undefined ? text : valueAt(document, steps);
    if (value === undefined) continue;
    const raw = rawOf(point, value, at);
    values.push(unit === undefined ? raw : inUnit(raw, textOf(valueAt(document, unit.steps)), unit.units));
  }
  // What happened before this subscription was reported before, or is the past of a controller that is read by other means.
  const happened = message.retained
    ? { events: [], errors: [] }
    : readEvents(route.events, document, { source: route.device.key, zone, now });
  errors.push(...happened.errors);
  const understood =
    happened.events.length > 0 ||
    values.length > 0 ||
    (isObject && route.points.some(({ where }) => where.length === 0));
  return { values, events: happened.events, understood, errors };
}

/** What a last will says; undefined where it says neither. */
export function readWill(words: Availability, { payload }: Message): 'online' | 'offline' | undefined {
  if (payload.length > maxPayloadBytes) return undefined;
  const text = payload.toString('utf8').trim();
  // Versions differ in the form: a word alone, or the same word in JSON.
  const document = words.steps === undefined ? undefined : parseJson(text)?.document;
  const word =
    words.steps === undefined || typeof document !== 'object' ? text : textOf(valueAt(document, words.steps));
  if (word === words.offline) return 'offline';
  return word === words.online ? 'online' : undefined;
}

function malformed(why: string): Parsed {
  return { values: [], events: [], understood: false, errors: [], malformed: why };
}

function parseJson(text: string): { document: unknown } | undefined {
  try {
    return { document: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function rawOf(point: Point, value: unknown, at: number | undefined): RawValue {
  const time = at === undefined ? {} : { at };
  if (typeof value === 'number' || typeof value === 'string') return { point, raw: value, ...time };
  if (typeof value === 'boolean') return { point, raw: String(value), ...time };
  return { point, raw: null, reason: value === null ? 'no-value' : 'decode', ...time };
}

/** A message that does not say its unit means the profile's; one that says an unknown unit is no value. */
function inUnit(
  raw: RawValue,
  said: string | undefined,
  units: Readonly<Record<string, number | '°F'>>,
): RawValue {
  if (said === undefined || raw.raw === null) return raw;
  const unit = Object.hasOwn(units, said) ? units[said] : undefined;
  if (unit === undefined) return { ...raw, raw: null, reason: 'decode', note: `unknown unit "${said}"` };
  return unit === '°F' ? { ...raw, from: unit } : { ...raw, scale: unit };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}
