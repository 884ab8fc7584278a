import type { Model, Point } from '../../config/model.ts';
import { instantOf, type Clock, type Instant } from '../../core/clock.ts';
import type { DeviceDiagnostics } from '../collectors.ts';
import { slotAfter, stableHash } from '../poller/poller.ts';
import { good, type Reading, type ReadingSink } from '../../core/reading.ts';
import { type LoopDelay, type SiteTally, createSiteTally, deviceReadings } from './tally.ts';

export interface DiagnosticsSweepOptions {
  /** With the devices of this collector. */
  readonly model: Pick<Model, 'devices' | 'points'>;
  readonly clock: Clock;
  readonly sink: ReadingSink;
  readonly diagnostics: () => readonly DeviceDiagnostics[];
  /** Absent: that figure is not reported. */
  readonly loopDelay?: LoopDelay;
}

/** Tells how the devices answer and how the collector does, as readings among the others. */
export interface DiagnosticsSweep {
  /** A loop of the site woke so many ms after its time. */
  woke(site: string, lateMs: number): void;
  /** Readings that this collector has made. */
  took(readings: readonly Reading[]): void;
  /** Until the signal aborts; never rejects. */
  run(signal: AbortSignal): Promise<void>;
}

/** Twelve looks a minute: often enough to spread the readings, rare enough that looking at all costs nothing. */
const sweepMs = 5_000;

/** One loop looks at all: each device and site has its own place in the interval, so that the readings come evenly. */
export function createDiagnosticsSweep(options: DiagnosticsSweepOptions): DiagnosticsSweep {
  const { model, clock, sink, diagnostics, loopDelay } = options;
  const sites = [...new Set(model.devices.map(({ site }) => site))];
  const tallies = new Map<string, SiteTally>(sites.map((site) => [site, createSiteTally(clock.monotonic())]));
  const own = model.points.filter(({ source, site }) => source.from === 'collector' && tallies.has(site));
  const tallyOf = model.points.map(({ site }) => tallies.get(site));

  /** Of what has its turn in (since, now]. */
  function turn(since: number, now: Instant): Reading[] {
    const isDue = (point: Point | undefined, key: string): boolean =>
      point !== undefined && slotAfter(since, point.intervalMs, stableHash(key)) <= now.monotonic;
    const rows = diagnostics();
    const readings = rows
      .filter(({ device }) => isDue(device.diagnostics[0], device.key))
      .flatMap((row) => deviceReadings(row, now.at));
    if (!isDue(own[0], 'collector')) return readings;
    return [...readings, ...ownReadings(rows, now)];
  }

  function ownReadings(rows: readonly DeviceDiagnostics[], { at, monotonic }: Instant): Reading[] {
    const loop = loopDelay === undefined ? {} : { loopDelay: loopDelay.take() / 1_000 };
    return [...tallies].flatMap(([site, tally]) => {
      const ofSite = rows.filter(({ device }) => device.site === site);
      const figures = { ...tally.figures(monotonic, ofSite), ...loop };
      return own.flatMap((point) => {
        if (point.site !== site || point.source.from !== 'collector') return [];
        const value = figures[point.source.figure];
        return value === undefined ? [] : [{ point: point.index, at, value, quality: good }];
      });
    });
  }

  return {
    woke: (site, lateMs) => tallies.get(site)?.woke(clock.monotonic(), lateMs),
    took(readings) {
      for (const { point } of readings) tallyOf[point]?.took(1);
    },
    async run(signal) {
      let since = clock.monotonic();
      while (!signal.aborted) {
        await clock.sleep(since + sweepMs - clock.monotonic(), signal);
        if (signal.aborted) return;
        const now = instantOf(clock);
        const readings = turn(since, now);
        since = now.monotonic;
        if (readings.length > 0) sink(readings);
      }
    },
  };
}
