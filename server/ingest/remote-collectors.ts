import type { Logger } from 'pino';
import type { Model } from '../../config/model.ts';
import type { Clock } from '../../core/clock.ts';
import type { DeviceDiagnostics } from '../../collectors/collectors.ts';
import type { CollectorReport, WireDeviceDiagnostics } from '../../collectors/remote/wire.ts';

/** What the server knows of a device's polling, and from whom. */
export interface CollectedDiagnostics extends DeviceDiagnostics {
  /** `local`, or the name of a collector. */
  readonly collector: string;
}

/** Counters since the server's start. */
interface DeliveryCounters {
  live: number;
  late: number;
  refused: number;
  repeated: number;
  /** Came with a time in the future, by the server's clock. */
  ahead: number;
}

/** One collector that has a token. */
export interface Member {
  readonly name: string;
  readonly sites: readonly string[];
  /** Epoch ms; undefined: never. */
  readonly lastContactAt: number | undefined;
  readonly report: Omit<CollectorReport, 'devices'> | undefined;
  readonly counters: Readonly<DeliveryCounters>;
  readonly silent: boolean;
}

/** Everybody who reads the field from elsewhere. */
export interface RemoteCollectors {
  /** Who may deliver, and when each was last in contact before this process; called at the start and whenever tokens may have changed. */
  expect(tokens: readonly Expected[]): void;
  heard(
    who: { readonly collector: string; readonly sites: readonly string[] },
    report: CollectorReport | undefined,
  ): void;
  count(collector: string, counters: Partial<DeliveryCounters>): void;
  members(): readonly Member[];
  /** Devices that a collector has reported; `unknown` while it is silent. */
  deviceDiagnostics(): readonly CollectedDiagnostics[];
}

interface Expected {
  readonly name: string;
  readonly sites: readonly string[];
  readonly lastContactAt: number | undefined;
}

/** Collectors report every few seconds. */
export const silentAfterMs = 30_000;
const skewWarnMs = 1_000;

interface Entry {
  sites: readonly string[];
  lastContactAt: number | undefined;
  /** The same in monotonic time, for its age; undefined: not since our start. */
  contactedAt: number | undefined;
  report: Omit<CollectorReport, 'devices'> | undefined;
  readonly counters: DeliveryCounters;
  readonly devices: Map<string, WireDeviceDiagnostics>;
}

export function createRemoteCollectors(options: {
  readonly model: Pick<Model, 'deviceById'>;
  readonly clock: Clock;
  readonly log: Logger;
}): RemoteCollectors {
  const { model, clock, log } = options;
  const startedAt = clock.monotonic();
  const entries = new Map<string, Entry>();
  const warned = new Set<string>();

  function entryOf(name: string): Entry {
    const entry = entries.get(name) ?? {
      sites: [],
      lastContactAt: undefined,
      contactedAt: undefined,
      report: undefined,
      counters: { live: 0, late: 0, refused: 0, repeated: 0, ahead: 0 },
      devices: new Map<string, WireDeviceDiagnostics>(),
    };
    entries.set(name, entry);
    return entry;
  }

  /** A restart of ours is nobody's silence: the time counts from our start. */
  function isSilent({ lastContactAt, contactedAt }: Entry): boolean {
    return lastContactAt !== undefined && clock.monotonic() - (contactedAt ?? startedAt) > silentAfterMs;
  }

  /** Edges only. */
  function warn(what: string, is: boolean, log: () => void): void {
    if (is && !warned.has(what)) log();
    if (is) warned.add(what);
    else warned.delete(what);
  }

  function take(name: string, entry: Entry, report: CollectorReport): void {
    const { devices, ...rest } = report;
    const lostBefore = entry.report?.spool.lost.readings ?? 0;
    entry.report = rest;
    for (const device of devices)
      if (entry.sites.includes(device.device.split('/')[0] ?? '')) entry.devices.set(device.device, device);
    const { skewMs, spool } = rest;
    warn(`${name} clock`, skewMs !== null && Math.abs(skewMs) > skewWarnMs, () =>
      log.warn({ collector: name, skewMs }, 'the clock of a collector is off; set it by NTP'),
    );
    if (spool.lost.readings > lostBefore)
      log.error(
        { collector: name, ...spool.lost },
        'a collector has lost readings before it could deliver them',
      );
    warn(`${name} spool`, spool.problem !== null, () =>
      log.error({ collector: name, problem: spool.problem }, 'a collector cannot keep readings on disk'),
    );
  }

  return {
    expect(tokens) {
      const names = new Set(tokens.map(({ name }) => name));
      for (const name of entries.keys()) if (!names.has(name)) entries.delete(name);
      for (const { name, sites, lastContactAt } of tokens) {
        const entry = entryOf(name);
        entry.sites = sites;
        entry.lastContactAt ??= lastContactAt;
      }
    },
    heard({ collector, sites }, report) {
      const entry = entryOf(collector);
      entry.sites = sites;
      entry.lastContactAt = clock.now();
      entry.contactedAt = clock.monotonic();
      if (report !== undefined) take(collector, entry, report);
    },
    count(collector, counters) {
      const total = entryOf(collector).counters;
      for (const name of ['live', 'late', 'refused', 'repeated', 'ahead'] as const)
        total[name] += counters[name] ?? 0;
    },
    members: () =>
      [...entries].map(([name, entry]) => ({
        name,
        sites: entry.sites,
        lastContactAt: entry.lastContactAt,
        report: entry.report,
        counters: entry.counters,
        silent: isSilent(entry),
      })),
    deviceDiagnostics: () =>
      [...entries].flatMap(([collector, entry]) => {
        const silent = isSilent(entry);
        return [...entry.devices.values()].flatMap((row): CollectedDiagnostics[] => {
          const device = model.deviceById.get(row.device);
          if (device === undefined) return [];
          return [
            {
              ...row,
              device,
              collector,
              state: silent ? 'unknown' : row.state,
              lastAnswerAt: row.lastAnswerAt ?? undefined,
              latencyMs: row.latencyMs ?? undefined,
              clockOffsetMs: row.clockOffsetMs ?? undefined,
              lastError: row.lastError ?? undefined,
            },
          ];
        });
      }),
  };
}
