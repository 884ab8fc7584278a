/**
 * Alarms that come and go (ISA-18.2: chattering, 3 or more in a minute; fleeting, short and again and again). Such an alarm is held: it
 * returns only after it has been quiet for as long as it was counted in, so that it is one occurrence and one message.
 */
export interface ChatterWatch {
  /** Call at each raise, with the monotonic time. */
  raised(alarm: number, monotonic: number): void;
  /** Call at each return, with how long the condition held. */
  returned(alarm: number, lastedMs: number): void;
  /** How long its condition must be over before it returns; 0: it is not held. */
  holdMs(alarm: number, monotonic: number): number;
}

const often = 3;
const chatteringMs = 60_000;
const fleetingMs = 600_000;
/** Long enough that a return which is held back is over before the count is forgotten. */
const forgottenMs = 2 * fleetingMs;
/** An occurrence that is shorter is over before anybody could act on it. */
const shortMs = 30_000;

interface Recent {
  /** Of raises, monotonic, latest last. */
  readonly raises: number[];
  /** How many of the latest occurrences in a row were short. */
  shortInARow: number;
}

export function createChatterWatch(): ChatterWatch {
  const recent = new Map<number, Recent>();
  return {
    raised(alarm, monotonic) {
      const known = recent.get(alarm);
      if (known === undefined) recent.set(alarm, { raises: [monotonic], shortInARow: 0 });
      else {
        known.raises.push(monotonic);
        if (known.raises.length > often) known.raises.shift();
      }
    },
    returned(alarm, lastedMs) {
      const known = recent.get(alarm);
      if (known !== undefined) known.shortInARow = lastedMs < shortMs ? known.shortInARow + 1 : 0;
    },
    holdMs(alarm, monotonic) {
      const known = recent.get(alarm);
      const first = known?.raises[0];
      const last = known?.raises.at(-1);
      if (known === undefined || first === undefined || last === undefined || known.raises.length < often)
        return 0;
      if (monotonic - last > forgottenMs) {
        recent.delete(alarm);
        return 0;
      }
      if (last - first <= chatteringMs) return chatteringMs;
      return last - first <= fleetingMs && known.shortInARow >= often - 1 ? fleetingMs : 0;
    },
  };
}
