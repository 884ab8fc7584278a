import { FieldError } from '../driver.ts';
import type { Span } from './registers.ts';
import { ModbusException } from './exceptions.ts';

/** `unknown`: the device did not say; it is asked again at the next poll. */
export type Verdict = 'there' | 'absent' | 'unknown';

/** Asks for one span alone. */
type AskAlone<Place extends Span> = (span: Place) => Promise<unknown>;

/**
 * Whether a zero in the midst of a block is a value. Many devices fill the holes of their map with zeros but refuse the
 * same register when it is asked for alone; some fall silent. So each zero is proved once, by asking for it alone.
 *
 * A device that is only starting refuses or is silent too. What counts as absent is therefore asked for again soon, and ever
 * more rarely: the holes of a map stay holes, and asking for one may cost the rest of a poll.
 */
export interface Proof<Place extends Span> {
  /** What is known of a span; undefined: it was never asked for alone. */
  known(span: Place): Verdict | undefined;
  /** Asks, whatever is known. Rejects with what `ask` rejected with when the device fell silent: once more, and the value counts as absent. */
  ofZero(span: Place, ask: AskAlone<Place>): Promise<Verdict>;
  /**
   * Call at the end of a poll that was answered: asks for absent values again when that is due. Stops at the first silence, so that one
   * poll waits for one timeout at most. Never rejects.
   */
  retry(ask: AskAlone<Place>): Promise<void>;
  /** What was absent is asked for again. */
  forget(): void;
  /** How many count as absent, and in how many ms they are asked for again; undefined: none. */
  pending(): { readonly absent: number; readonly inMs: number } | undefined;
}

const firstRetryMs = 5_000;
/** Refusals cost a round trip each; on a slow serial line many of them would delay its other devices. */
const refusalsPerRetry = 8;

/** @param longestRetryMs the interval between retries doubles up to this */
export function createProof<Place extends Span>(options: {
  /** Monotonic, ms. */
  readonly now: () => number;
  readonly longestRetryMs: number;
}): Proof<Place> {
  const { now, longestRetryMs } = options;
  const known = new Map<string, Verdict>();
  const silences = new Set<string>();
  /** In the order in which they are asked for again. */
  const absent = new Map<string, Place>();
  let waitMs = Math.min(firstRetryMs, longestRetryMs);
  let retryAt = 0;

  function settle(place: string, span: Place, verdict: Verdict): void {
    known.set(place, verdict);
    if (verdict !== 'absent') {
      absent.delete(place);
      return;
    }
    if (absent.size === 0) retryAt = now() + waitMs;
    absent.set(place, span);
  }

  return {
    known: (span) => known.get(placeOf(span)),
    async ofZero(span, ask) {
      const place = placeOf(span);
      const verdict = await ask(span).then(
        () => 'there' as const,
        (error: unknown): Verdict => {
          const refused = verdictOfRefusal(error);
          if (refused !== undefined) return refused;
          // It never had its turn: that says nothing about the device.
          if (error instanceof FieldError && error.kind === 'busy') throw error;
          if (silences.has(place)) settle(place, span, 'absent');
          silences.add(place);
          throw error;
        },
      );
      if (verdict !== 'unknown') settle(place, span, verdict);
      return verdict;
    },
    async retry(ask) {
      if (absent.size === 0 || now() < retryAt) return;
      let found = false;
      let refusals = 0;
      const queue = [...absent];
      for (const [place, span] of queue) {
        const verdict = await ask(span).then(
          () => 'there' as const,
          (error: unknown) => verdictOfRefusal(error) ?? ('silent' as const),
        );
        if (verdict === 'there') {
          found = true;
          settle(place, span, verdict);
          continue;
        }
        // To the end of the queue: a hole must not keep the others from being asked for.
        absent.delete(place);
        absent.set(place, span);
        refusals += 1;
        if (verdict === 'silent' || refusals >= refusalsPerRetry) break;
      }
      waitMs = Math.min(found ? firstRetryMs : waitMs * 2, longestRetryMs);
      retryAt = now() + waitMs;
    },
    forget() {
      for (const place of absent.keys()) known.delete(place);
      absent.clear();
      silences.clear();
    },
    pending: () =>
      absent.size === 0 ? undefined : { absent: absent.size, inMs: Math.max(0, retryAt - now()) },
  };
}

function placeOf(span: Span): string {
  return `${span.function} ${span.address}+${span.length}`;
}

/** Undefined: that was no refusal of the device, but silence. */
function verdictOfRefusal(error: unknown): Exclude<Verdict, 'there'> | undefined {
  if (!(error instanceof ModbusException) || error.refusal === 'absent') return undefined;
  return error.refusal === 'place' ? 'absent' : 'unknown';
}
