import { earliestAt } from './source-clock.ts';

/**
 * What happened once at a device and is no number: a badge read, a door opened, an entry of a controller's own log. It travels the way a
 * reading does and is stored once, however often it is delivered: `id` identifies it forever.
 */
export interface FieldEvent {
  /** Unique over all sources; begins with `source`. */
  readonly id: string;
  /** `site/device`. */
  readonly source: string;
  /** When it happened by the source's clock, as far as that is plausible (`admitEvent`); epoch ms. */
  readonly at: number;
  /** A slug that the profile gives it: `access-granted`, `door-opened`. */
  readonly kind: string;
  readonly attributes: EventAttributes;
}

type EventAttribute = string | number | boolean | null;
export type EventAttributes = Readonly<Record<string, EventAttribute>>;

export type EventSink = (events: readonly FieldEvent[]) => void;

/** The part of the device that it belongs to, e.g. `door-1`. */
export const partAttribute = 'part';
/** Set by `admitEvent` beside the time that was rejected (ISO 8601, or as the source wrote it). */
export const sourceTimeAttribute = 'source-time';
export const timeFlagAttribute = 'time-flag';
/** ms: the source's clock minus ours, as last measured where the event was received. */
export const clockOffsetAttribute = 'clock-offset';

/**
 * The id of an event whose number may be used again, since its controller can be wiped or replaced: with the source's own time of it, as
 * it was told, which a message that is delivered again repeats. The collector escapes `@` in numbers.
 */
export function idInRun(id: string, sourceTime: number): string {
  return `${id}@${sourceTime}`;
}

/**
 * The same for an event and its repetition in a later message: bridges repeat the last event's number with the state of a door, and some
 * with the time of now. Undefined: the id alone identifies the event.
 */
export function contentOf({ id, kind, attributes }: FieldEvent): string | undefined {
  const run = id.lastIndexOf('@');
  if (run < 0) return undefined;
  const {
    [sourceTimeAttribute]: _time,
    [timeFlagAttribute]: _flag,
    [clockOffsetAttribute]: _offset,
    ...told
  } = attributes;
  return JSON.stringify([id.slice(0, run), kind, told]);
}

/** Clocks of controllers drift; a little ahead is no fault worth a flag, but no event is later than now. */
const toleratedAheadMs = 5_000;

/**
 * The event with a time that may be stored: an event from the future, or from before there were such controllers, gets the time of its
 * arrival, and keeps its own in its attributes. Pure, and idempotent: every hop may apply it by its own clock.
 */
export function admitEvent(event: FieldEvent, now: number): FieldEvent {
  const { at } = event;
  if (at >= earliestAt && at <= now) return event;
  if (at > now && at <= now + toleratedAheadMs) return { ...event, at: now };
  return flagged(event, { at: now, sourceTime: isoOf(at), flag: at > now ? 'clock-ahead' : 'clock-not-set' });
}

/** As `admitEvent` does; for a source whose time could not be read as one. */
export function flagged(
  event: FieldEvent,
  {
    at,
    sourceTime,
    flag,
  }: { readonly at: number; readonly sourceTime: string | null; readonly flag: string },
): FieldEvent {
  // What an earlier hop found was nearer to the source.
  const attributes = { [sourceTimeAttribute]: sourceTime, [timeFlagAttribute]: flag, ...event.attributes };
  return { ...event, at, attributes };
}

function isoOf(at: number): string {
  return Math.abs(at) <= 8.64e15 ? new Date(at).toISOString() : String(at);
}
