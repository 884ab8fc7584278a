import type { Unit } from './common.ts';
import { isSparkplug, type Profile } from './profile.ts';

/** What a collector reports about itself, as points beside what it measures (docs/points.md). */
interface Figure {
  readonly figure: string;
  readonly quantity: string;
  readonly unit: Unit;
}

/** Points of a device that is read more slowly than its interval are fresh for so many times as long. */
export const stretchQuantity = 'poll-stretch';
export const clockQuantity = 'clock-error';

/**
 * Of every device, `site/device/…`; counts since the collector's start. `of`: those that are polled (what speaks by itself is never
 * asked: it has no latency, and no poll of it can be late), those that send a time with what they report, or all.
 */
export const deviceFigures = [
  /** From question to answer, the last one. */
  { figure: 'latency', quantity: 'answer-latency', unit: 's', of: 'polled' },
  { figure: 'timeouts', quantity: 'timeouts', unit: 'count', of: 'all' },
  { figure: 'late', quantity: 'late-polls', unit: 'count', of: 'polled' },
  { figure: 'skipped', quantity: 'skipped-polls', unit: 'count', of: 'polled' },
  /** How many of its intervals a poll takes, as far as that lasts; 1: it is read in time. */
  { figure: 'stretch', quantity: stretchQuantity, unit: 'count', of: 'polled' },
  { figure: 'decodeErrors', quantity: 'decode-errors', unit: 'count', of: 'all' },
  /** Could not be understood at all, or came from an address that was not asked. */
  { figure: 'discarded', quantity: 'discarded-answers', unit: 'count', of: 'all' },
  /** How far its clock is from ours, whichever way. */
  { figure: 'clock', quantity: clockQuantity, unit: 's', of: 'timed' },
] as const satisfies readonly (Figure & { readonly of: 'polled' | 'timed' | 'all' })[];
export type DeviceFigure = (typeof deviceFigures)[number]['figure'];

/** The figures that a device of this profile can have. */
export function figuresOf(profile: Profile): readonly (typeof deviceFigures)[number][] {
  const polled = profile.protocol === 'snmp' || profile.protocol === 'modbus';
  const timed = tellsTime(profile);
  return deviceFigures.filter((each) => each.of === 'all' || (each.of === 'polled' ? polled : timed));
}

/** Whether it sends a time with what it reports, so that its clock can be seen. */
function tellsTime(profile: Profile): boolean {
  if (profile.protocol !== 'mqtt' && profile.protocol !== 'push') return false;
  return (
    profile.time !== undefined ||
    isSparkplug(profile) ||
    profile.events.some((event) => event.time !== undefined)
  );
}

/** The owner of a collector's own figures, one at each site it reads. */
export const collectorOwner = 'collector';

/** Of the collector at every site it reads, `site/collector/…`, over the last minute. */
export const collectorFigures = [
  { figure: 'polls', quantity: 'polls-per-second', unit: '/s' },
  { figure: 'readings', quantity: 'readings-per-second', unit: '/s' },
  /** How late polls began because of the collector itself; a failing device delays only itself. */
  { figure: 'lateness', quantity: 'lateness-p99', unit: 's' },
  /** Of the polls that should have been. */
  { figure: 'skipped', quantity: 'polls-skipped', unit: '%' },
  { figure: 'lost', quantity: 'devices-lost', unit: 'count' },
  /** How long the process was deaf to everything; the same at all of its sites. */
  { figure: 'loopDelay', quantity: 'loop-delay-p99', unit: 's' },
] as const satisfies readonly Figure[];
export type CollectorFigure = (typeof collectorFigures)[number]['figure'];

/** Quantities that a profile may not use: the collector reports on the device with them. */
export const ownQuantities: ReadonlySet<string> = new Set([
  'link',
  ...deviceFigures.map(({ quantity }) => quantity),
]);
