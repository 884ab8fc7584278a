import type { RawValue } from '../driver.ts';
import { valueAt } from './pointer.ts';
import type { Route } from './routes.ts';
import { parseTime } from './time.ts';

/** A larger message is no measurement, and parsing it would hold up all others. */
export const maxPayloadBytes = 1_000_000;

export interface Message {
  readonly payload: Buffer;
  /** Kept by the broker from before the subscription: it says nothing about now. */
  readonly retained: boolean;
}

/** What a message says for one route. */
export interface Parsed {
  readonly values: readonly RawValue[];
  /** The message was meant for this device and could be read, whether or not it held a value. */
  readonly understood: boolean;
  /** What was wrong with it; the values that were sound are still there. */
  readonly errors: readonly string[];
}

/**
 * Message → raw values. A pointer that leads nowhere means that this message does not speak of the point, as in a partial
 * update; null, and anything that cannot be a value, are bad. Never throws.
 * @param zone of source times that name none
 */
export function readMessage(route: Route, message: Message, zone: string): Parsed {
  const { payload } = message;
  if (payload.length > maxPayloadBytes) return nothing(`a message of ${payload.length} bytes`);
  const text = payload.toString('utf8');
  const needsJson =
    route.time !== undefined ||
    route.points.some(({ steps, where }) => steps !== undefined || where.length > 0);
  const json = needsJson ? parseJson(text) : { document: undefined };
  if (json === undefined) return nothing(`no JSON: ${text.slice(0, 60)}`);
  const { document } = json;
  const isObject = typeof document === 'object' && document !== null;
  if (needsJson && !isObject) return nothing(`no JSON object: ${text.slice(0, 60)}`);
  const time = route.time && { value: valueAt(document, route.time.steps), format: route.time.format };
  const at = time === undefined ? undefined : parseTime(time.value, time.format, zone);
  const errors =
    time !== undefined && at === undefined ? [`no time in "${time.format}" form: ${String(time.value)}`] : [];
  // Without a time of its own nobody knows how old a retained value is; it is not a reading of now.
  if (message.retained && at === undefined) return nothing();
  const values = route.points
    .filter(({ where }) => where.every(({ steps, equals }) => textOf(valueAt(document, steps)) === equals))
    .flatMap(({ point, steps }): RawValue[] => {
      const value = steps === undefined ? text : valueAt(document, steps);
      return value === undefined ? [] : [{ point, ...rawOf(value), ...(at === undefined ? {} : { at }) }];
    });
  const understood = values.length > 0 || (isObject && route.points.some(({ where }) => where.length === 0));
  return { values, understood, errors };
}

function nothing(...errors: string[]): Parsed {
  return { values: [], understood: false, errors };
}

function parseJson(text: string): { document: unknown } | undefined {
  try {
    return { document: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function rawOf(value: unknown): Pick<RawValue, 'raw' | 'reason'> {
  if (typeof value === 'number' || typeof value === 'string') return { raw: value };
  if (typeof value === 'boolean') return { raw: String(value) };
  return { raw: null, reason: value === null ? 'no-value' : 'decode' };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}
