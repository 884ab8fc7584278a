import { defined } from '../../core/defined.ts';
import type { ValueSpec } from './profile.ts';
import { parseRange } from './ranges.ts';

export interface StateMeaning {
  /** The number that is stored. */
  readonly code: number;
  readonly name: string;
  /** The maker's word, where it differs. */
  readonly word?: string;
  readonly bad?: 'no-value' | 'out-of-range' | 'disconnected';
}

/**
 * Raw text → what a state means and the number stored for it: `code` if given, else the raw value where that is an
 * integer, the lower end of a range, else the position in the profile. Decoding and the model's table of names both come from here.
 */
export function stateMeanings(states: NonNullable<ValueSpec['states']>): ReadonlyMap<string, StateMeaning> {
  return new Map(
    Object.entries(states).map(([raw, state], position) => {
      const entry: Exclude<typeof state, string> = typeof state === 'string' ? { name: state } : state;
      const whole = parseRange(raw)?.low ?? (/^-?\d+$/.test(raw) ? Number(raw) : position);
      const code = entry.code ?? whole;
      const { name, word, bad } = entry;
      return [raw, { code, name, ...defined({ word, bad }) }];
    }),
  );
}

/** Code → name of the states that are values; one that says "I measure nothing" is a bad reading and no state. */
export function stateNames(states: NonNullable<ValueSpec['states']>): ReadonlyMap<number, string> {
  const values = [...stateMeanings(states).values()].filter((state) => state.bad === undefined);
  return new Map(values.map(({ code, name }) => [code, name]));
}

/** Code → the maker's word, of the states that have one. */
export function stateWords(states: NonNullable<ValueSpec['states']>): ReadonlyMap<number, string> {
  return new Map(
    [...stateMeanings(states).values()].flatMap(({ code, word, bad }) =>
      word === undefined || bad !== undefined ? [] : [[code, word] as const],
    ),
  );
}
