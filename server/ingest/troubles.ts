import type { CollectedDiagnostics } from './remote-collectors.ts';

/** What a device's polling suffered, as counts. */
export interface Troubles {
  readonly timeouts: number;
  readonly late: number;
  readonly skipped: number;
  readonly decodeErrors: number;
  /** Malformed, or from an address that was not asked. */
  readonly discarded: number;
}

/** Counters since a collector's start do not describe today; this knows what came in the last hour. */
export interface TroubleLog {
  /** Cheap to call often: it looks once a minute. Times are monotonic. */
  observe(now: number, health: () => readonly CollectedDiagnostics[]): void;
  /** Since an hour ago, or since the server began to look if that is less. */
  lastHour(row: CollectedDiagnostics, now: number): Troubles;
}

const observeEveryMs = 60_000;
const slotMs = 300_000;
const slots = 12;
const troubleNames = ['timeouts', 'late', 'skipped', 'decodeErrors', 'discarded'] as const;
const none: Troubles = { timeouts: 0, late: 0, skipped: 0, decodeErrors: 0, discarded: 0 };

interface Entry {
  last: Troubles;
  /** Only of slots in which there was trouble: number of the slot → what came in it. */
  readonly bySlot: Map<number, Troubles>;
}

/** Memory: one entry a device, and twelve slots of those in trouble. */
export function createTroubleLog(): TroubleLog {
  const entries = new Map<string, Entry>();
  let observedAt = -Infinity;

  function note(row: CollectedDiagnostics, slot: number): void {
    const entry = entries.get(row.device.key);
    const counts = troublesOf(row);
    if (entry === undefined) {
      entries.set(row.device.key, { last: counts, bySlot: new Map() });
      return;
    }
    const more = growth(entry.last, counts);
    entry.last = counts;
    for (const old of entry.bySlot.keys()) if (old <= slot - slots) entry.bySlot.delete(old);
    if (Object.values(more).some((count) => count > 0))
      entry.bySlot.set(slot, sum(entry.bySlot.get(slot) ?? none, more));
  }

  return {
    observe(now, health) {
      if (now - observedAt < observeEveryMs) return;
      observedAt = now;
      for (const row of health()) note(row, Math.floor(now / slotMs));
    },
    lastHour(row, now) {
      const entry = entries.get(row.device.key);
      if (entry === undefined) return none;
      const oldest = Math.floor(now / slotMs) - slots;
      return [...entry.bySlot]
        .filter(([slot]) => slot > oldest)
        .reduce((total, [, more]) => sum(total, more), growth(entry.last, troublesOf(row)));
    },
  };
}

function troublesOf({ timeouts, late, skipped, decodeErrors, malformed, wrongSource }: CollectedDiagnostics) {
  return { timeouts, late, skipped, decodeErrors, discarded: malformed + wrongSource };
}

/** A count that fell belongs to a collector that has started again. */
function growth(before: Troubles, after: Troubles): Troubles {
  const began = troubleNames.some((name) => after[name] < before[name]);
  return began ? after : combine(after, before, (now, then) => now - then);
}

function sum(a: Troubles, b: Troubles): Troubles {
  return combine(a, b, (one, other) => one + other);
}

function combine(a: Troubles, b: Troubles, how: (a: number, b: number) => number): Troubles {
  return {
    timeouts: how(a.timeouts, b.timeouts),
    late: how(a.late, b.late),
    skipped: how(a.skipped, b.skipped),
    decodeErrors: how(a.decodeErrors, b.decodeErrors),
    discarded: how(a.discarded, b.discarded),
  };
}
