import type { Unit } from './common.ts';

/** What a collector reports about itself, as points beside what it measures (docs/points.md). */
interface Figure {
  readonly figure: string;
  readonly quantity: string;
  readonly unit: Unit;
}

/**
 * Of every device, `site/device/…`; counts since the collector's start. A device that speaks by itself is never asked: it has no
 * latency, and no poll of it can be late.
 */
export const deviceFigures = [
  /** From question to answer, the last one. */
  { figure: 'latency', quantity: 'answer-latency', unit: 's', ofPolls: true },
  { figure: 'timeouts', quantity: 'timeouts', unit: 'count', ofPolls: false },
  { figure: 'late', quantity: 'late-polls', unit: 'count', ofPolls: true },
  { figure: 'skipped', quantity: 'skipped-polls', unit: 'count', ofPolls: true },
  { figure: 'decodeErrors', quantity: 'decode-errors', unit: 'count', ofPolls: false },
  /** Could not be understood at all, or came from an address that was not asked. */
  { figure: 'discarded', quantity: 'discarded-answers', unit: 'count', ofPolls: false },
] as const satisfies readonly (Figure & { readonly ofPolls: boolean })[];
export type DeviceFigure = (typeof deviceFigures)[number]['figure'];

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
