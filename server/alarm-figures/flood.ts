const windowMs = 600_000;
const startsAbove = 10;
const endsBelow = 5;

export interface Flood {
  readonly from: number;
  readonly to: number;
  /** Annunciated from its begin to its end. */
  readonly alarms: number;
}

export interface FloodMeter {
  /** In the order of their times. */
  add(at: number): void;
  /** Ends what goes on at `to`; all floods so far. */
  end(to: number): readonly Flood[];
}

/**
 * Floods by ISA-18.2: one begins when more than 10 alarms came in the last 10 minutes and ends when fewer than 5 did. The window slides,
 * so the result does not depend on where periods are cut.
 */
export function createFloodMeter(): FloodMeter {
  /** The latest `startsAbove + 1` times, oldest first. */
  const latest: number[] = [];
  const floods: Flood[] = [];
  let from: number | undefined;
  let alarms = 0;

  /** The flood is over before `at` when so many of the latest left the window by then. */
  function endBefore(at: number): void {
    const fifth = latest.at(-endsBelow);
    if (from === undefined || fifth === undefined || at < fifth + windowMs) return;
    floods.push({ from, to: fifth + windowMs, alarms });
    from = undefined;
  }

  return {
    add(at) {
      endBefore(at);
      latest.push(at);
      if (latest.length > startsAbove + 1) latest.shift();
      if (from !== undefined) alarms += 1;
      else if (latest.length > startsAbove && at - (latest[0] ?? at) < windowMs) {
        from = at;
        alarms = latest.length;
      }
    },
    end(to) {
      endBefore(to);
      if (from !== undefined && from < to) floods.push({ from, to, alarms });
      from = undefined;
      return floods;
    },
  };
}
