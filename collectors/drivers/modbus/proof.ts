import type { Span } from './blocks.ts';
import { ModbusException } from './exceptions.ts';

/** `unknown`: the device did not say; it is asked again at the next poll. */
type Verdict = 'there' | 'absent' | 'unknown';

/**
 * Whether a zero in the midst of a block is a value. Many devices fill the holes of their map with zeros but refuse the
 * same register when it is asked for alone; some fall silent. So each zero is proved once, by asking for it alone.
 */
export interface Proof {
  /** Rejects with what `ask` rejected with when the device fell silent: once more, and the value counts as absent. */
  ofZero(span: Span, ask: () => Promise<unknown>): Promise<Verdict>;
  /** What was absent is asked for anew. */
  forget(): void;
}

export function createProof(): Proof {
  const known = new Map<string, Verdict>();
  const silences = new Set<string>();

  return {
    async ofZero(span, ask) {
      const place = `${span.function} ${span.address}+${span.length}`;
      const before = known.get(place);
      if (before !== undefined) return before;
      const verdict = await ask().then(
        () => 'there' as const,
        (error: unknown): Verdict => {
          if (error instanceof ModbusException && error.refusal !== 'absent')
            return error.refusal === 'place' ? 'absent' : 'unknown';
          if (silences.has(place)) known.set(place, 'absent');
          silences.add(place);
          throw error;
        },
      );
      if (verdict !== 'unknown') known.set(place, verdict);
      return verdict;
    },
    forget() {
      for (const [place, verdict] of known) if (verdict === 'absent') known.delete(place);
      silences.clear();
    },
  };
}
