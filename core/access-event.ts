import { clockOffsetAttribute, partAttribute, type FieldEvent } from './field-event.ts';

/** What a door controller can report, whatever its maker calls it. Other kinds of events are no access events. */
export const accessKinds = [
  'access-granted',
  'access-denied',
  'door-opened',
  'door-closed',
  'door-forced',
  'door-held',
  'duress',
  'tamper',
  'exit-button',
  'fire-release',
  'fire-release-ended',
  /** Numbers `from` to `to` of a controller never arrived. */
  'events-missed',
  /** A controller was started, or numbers its events from the beginning again since it was wiped or replaced. */
  'controller-restarted',
] as const;
export type AccessKind = (typeof accessKinds)[number];

/** How a person proved who they are. `remote`: opened by an operator or a program. */
export const accessMethods = ['card', 'finger', 'face', 'pin', 'card+pin', 'remote'] as const;
type AccessMethod = (typeof accessMethods)[number];

export const accessDirections = ['in', 'out'] as const;
type AccessDirection = (typeof accessDirections)[number];

/** The attributes of an access event, as the profiles of controllers name them. */
export const accessAttributes = {
  card: 'card',
  person: 'person',
  method: 'method',
  direction: 'direction',
  reason: 'reason',
  controller: 'controller',
  number: 'number',
  /** What the controller calls the door. */
  door: 'door',
  clockOffset: clockOffsetAttribute,
  from: 'from',
  to: 'to',
  count: 'count',
} as const;

/** A field event of a door, with its attributes typed. What a controller did not report is undefined. */
export interface AccessEvent {
  readonly id: string;
  /** `site/device`. */
  readonly source: string;
  /** Epoch ms, as admitted. */
  readonly at: number;
  readonly kind: AccessKind;
  /** The door of the device, e.g. `door-1`. Undefined: the controller named a door that the configuration does not know. */
  readonly part: string | undefined;
  /** The controller's own name or number of the door. */
  readonly door: string | undefined;
  /** The credential, as text: card numbers may begin with zeros and be longer than a number is exact. */
  readonly card: string | undefined;
  /** The controller's own user id or name. */
  readonly person: string | undefined;
  readonly method: AccessMethod | undefined;
  readonly direction: AccessDirection | undefined;
  /** The maker's code or text. */
  readonly reason: string | undefined;
  readonly controller: string | undefined;
  /** The controller's own count of its events. */
  readonly number: number | undefined;
  /** ms: the controller's clock minus ours, as last measured when the event arrived. */
  readonly clockOffsetMs: number | undefined;
  /** Of `events-missed`: the first and last number, and how many. */
  readonly missed: { readonly from: number; readonly to: number; readonly count: number } | undefined;
}

/** Undefined: no access event. */
export function parseAccessEvent(event: FieldEvent): AccessEvent | undefined {
  const kind = oneOf(accessKinds, event.kind);
  if (kind === undefined) return undefined;
  const { attributes } = event;
  const text = (name: string): string | undefined => attributeText(attributes[name]);
  return {
    id: event.id,
    source: event.source,
    at: event.at,
    kind,
    part: text(partAttribute),
    door: text(accessAttributes.door),
    card: text(accessAttributes.card),
    person: text(accessAttributes.person),
    method: oneOf(accessMethods, attributes[accessAttributes.method]),
    direction: oneOf(accessDirections, attributes[accessAttributes.direction]),
    reason: text(accessAttributes.reason),
    controller: text(accessAttributes.controller),
    number: wholeNumber(attributes[accessAttributes.number]),
    clockOffsetMs: wholeNumber(attributes[accessAttributes.clockOffset]),
    missed: missedOf(event),
  };
}

function missedOf({ kind, attributes }: FieldEvent): AccessEvent['missed'] {
  if (kind !== 'events-missed') return undefined;
  const from = wholeNumber(attributes[accessAttributes.from]);
  const to = wholeNumber(attributes[accessAttributes.to]);
  if (from === undefined || to === undefined || to < from) return undefined;
  return { from, to, count: wholeNumber(attributes[accessAttributes.count]) ?? to - from + 1 };
}

function oneOf<Value extends string>(values: readonly Value[], given: unknown): Value | undefined {
  return values.find((value) => value === given);
}

/** Of an attribute. Controllers and bridges write the same number now as a number, now as text. */
export function attributeText(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function wholeNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}
